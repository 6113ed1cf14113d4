"""Projects: a call is about one that exists. Off, it appears on first use, as organisations and folders do."""

from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import ApiError, denied, info
from mockcloud.cloud.organisations import ensure, found
from mockcloud.cloud.projects import API

_ABOVE = ("folders", "organizations")


def check(call: Call) -> None:
    """Hold the call to a project, folder or organisation that exists.

    Raises:
        ApiError: 403. Google does not say whether a project that one may not see exists.
    """
    project = call.project
    if project in {"", "-", "_"}:
        _hold_above(call)
        return
    record = call.cloud.projects.get(project)
    if record is None:
        raise denied(
            f"Permission denied on resource project {project}.",
            info("CONSUMER_INVALID", call.api, consumer=f"projects/{project}"),
        )
    if record.body.get("state") == "DELETE_REQUESTED" and call.api != API:
        raise denied(
            f"Project '{project}' has been deleted.",
            info("USER_PROJECT_DENIED", call.api, consumer=f"projects/{project}"),
        )


def _hold_above(call: Call) -> None:
    parts = call.name.split("/")
    found(call.cloud)
    if parts[0] in _ABOVE and len(parts) > 1 and call.cloud.store.get(API, "/".join(parts[:2])) is None:
        raise _unseen(parts[0], "/".join(parts[:2]))


def _unseen(kind: str, name: str) -> ApiError:
    return denied(f"The caller does not have permission on the {kind[:-1]} '{name}' (or it may not exist).")


def otherwise(call: Call) -> None:
    """Make the project."""
    project = call.project
    # A number that belongs to no project would become a project whose id is a number.
    if project and project not in {"-", "_"} and not project.isdigit():
        call.cloud.projects.ensure(project)
        return
    parts = call.name.split("/")
    if parts[0] in _ABOVE and len(parts) > 1 and parts[1].isdigit():
        ensure(call.cloud, "/".join(parts[:2]))
