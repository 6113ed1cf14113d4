"""Projects: a call is about one that exists. Off, it appears on first use, as organisations and folders do."""

from mockcloud.cloud.access.public import is_public
from mockcloud.cloud.call import Call
from mockcloud.cloud.consumers import stated
from mockcloud.cloud.errors import ApiError, denied, info
from mockcloud.cloud.organisations import ensure, found
from mockcloud.cloud.projects import API
from mockcloud.cloud.rules.chain import Rule

_ABOVE = ("folders", "organizations")
_USE = "serviceusage.services.use"
_HELP = "type.googleapis.com/google.rpc.Help"


def check(call: Call) -> None:
    """Hold the call to a project, folder or organisation that exists.

    Raises:
        ApiError: 403. Google does not say whether a project that one may not see exists.
    """
    _hold_consumer(call)
    project = call.project
    if project in {"", "-", "_"}:
        _hold_above(call)
        return
    if is_public(project):
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


def _hold_consumer(call: Call) -> None:
    """Hold the caller to a project that it may use, where the call states on whose account it goes."""
    project = stated(call)
    if not project or not call.caller.member:
        return
    if call.cloud.rules.on(Rule.ACCESS):
        found(call.cloud)
    exists = call.cloud.projects.get(project) is not None or not call.cloud.rules.on(Rule.PROJECTS)
    if exists and call.cloud.allows(call, _USE, f"projects/{project}", API):
        return
    who = call.caller.email or call.caller.member
    if call.api == "storage":
        raise denied(f"{who} does not have {_USE} access to the Google Cloud project.")
    link = f"https://console.developers.google.com/iam-admin/iam/project?project={project}"
    raise denied(
        f"Caller does not have required permission to use project {project}. Grant the caller the "
        f"roles/serviceusage.serviceUsageConsumer role, or a custom role with the {_USE} permission, by visiting "
        f"{link} and then retry. Propagation of the new permission may take a few minutes.",
        info("USER_PROJECT_DENIED", call.api, consumer=f"projects/{project}"),
        {"@type": _HELP, "links": [{"description": "Google developer console IAM admin", "url": link}]},
    )


def otherwise(call: Call) -> None:
    """Make the project."""
    _hold_consumer(call)
    project = call.project
    if is_public(project):
        return
    # A number that belongs to no project would become a project whose id is a number.
    if project and project not in {"-", "_"} and not project.isdigit():
        call.cloud.projects.ensure(project)
        return
    parts = call.name.split("/")
    if parts[0] in _ABOVE and len(parts) > 1 and parts[1].isdigit():
        ensure(call.cloud, "/".join(parts[:2]))
