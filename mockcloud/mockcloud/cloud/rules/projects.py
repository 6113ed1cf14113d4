"""Projects: a call is about one that exists. Off, it appears on first use."""

from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import denied, info


def check(call: Call) -> None:
    """Hold the call to a project that exists.

    Raises:
        ApiError: 403. Google does not say whether a project that one may not see exists.
    """
    project = call.project
    if project and call.cloud.projects.get(project) is None:
        raise denied(
            f"Permission denied on resource project {project}.",
            info("CONSUMER_INVALID", call.api, consumer=f"projects/{project}"),
        )


def otherwise(call: Call) -> None:
    """Make the project."""
    project = call.project
    # A number that belongs to no project would become a project whose id is a number.
    if project and project != "-" and not project.isdigit():
        call.cloud.projects.ensure(project)
