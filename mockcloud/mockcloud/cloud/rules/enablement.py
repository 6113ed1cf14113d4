"""Enablement: a service must be enabled in the project on whose account a call goes. Off, every service is on."""

from mockcloud.cloud.call import Call
from mockcloud.cloud.consumers import consumer
from mockcloud.cloud.enabled import always_on, is_enabled, title
from mockcloud.cloud.errors import denied, info
from mockcloud.cloud.rules.chain import Rule

_HELP = "type.googleapis.com/google.rpc.Help"


def check(call: Call) -> None:
    """Hold a call to a service that is enabled.

    Raises:
        ApiError: 403 with the reason SERVICE_DISABLED.
    """
    if call.api in always_on():
        return
    project = consumer(call)
    service = f"{call.api}.googleapis.com"
    if not project or is_enabled(call.cloud, project, service):
        return
    if call.cloud.rules.on(Rule.PROJECTS) and call.cloud.projects.get(project) is None:
        return  # of a caller whose own project is outside this cloud
    number = call.cloud.projects.number_of(project)
    name = title(service)
    link = f"https://console.developers.google.com/apis/api/{service}/overview?project={number}"
    raise denied(
        f"{name} has not been used in project {number} before or it is disabled. Enable it by visiting {link} then "
        "retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and "
        "retry.",
        info(
            "SERVICE_DISABLED",
            call.api,
            consumer=f"projects/{number}",
            serviceTitle=name,
            activationUrl=link,
            containerInfo=number,
        ),
        {"@type": _HELP, "links": [{"description": "Google developers console API activation", "url": link}]},
        reason="accessNotConfigured",
    )
