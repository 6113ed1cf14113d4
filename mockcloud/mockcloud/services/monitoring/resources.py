"""Uptime checks, groups, services with their objectives, as they are configured. No check runs."""

import re
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.monitoring.service import API, SERVICE
from mockcloud.services.operations import with_number
from mockcloud.services.reading import found

_CHECKS: Final = ("httpCheck", "tcpCheck", "syntheticMonitor")


def _check_id(call: Call, body: dict[str, Any]) -> str:
    word = re.sub(r"[^a-z0-9]+", "-", str(body.get("displayName", "check")).lower()).strip("-") or "check"
    return f"{word[:40]}-{call.cloud.ids.hexadecimal('monitoring/checks', 11)}"


def _check(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    if not body.get("displayName") or not any(body.get(each) is not None for each in _CHECKS):
        raise invalid(
            "An uptime check needs a display name and what it checks.",
            Violation("uptime_check_config", "One of them is not set."),
        )
    return _complete_check(body)


def _complete_check(body: dict[str, Any]) -> dict[str, Any]:
    http = body.get("httpCheck")
    if http is not None:
        port = 443 if http.get("useSsl") else 80
        body["httpCheck"] = {"path": "/", "requestMethod": "GET", "port": port, **http}
    return {"period": "60s", "timeout": "10s", "checkerType": "STATIC_IP_CHECKERS", **body}


def _changed_check(call: Call, record: Record, body: dict[str, Any]) -> Body:
    del call, record
    return _complete_check(body)


def _group(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    if not body.get("filter") or not body.get("displayName"):
        raise invalid("A group needs a display name and a filter.", Violation("group", "One of them is not set."))
    return body


def _service(call: Call, name: str, body: dict[str, Any]) -> Body:
    shown = with_number(call.cloud, name)
    kind: dict[str, Any] = (
        {} if any(key in body for key in call.schemas.fields("Service") if key not in _PLAIN) else {"custom": {}}
    )
    return {**kind, **body, "name": shown}


_PLAIN: Final = frozenset({"name", "displayName", "userLabels", "telemetry"})


def _objective(call: Call, name: str, body: dict[str, Any]) -> Body:
    goal = body.get("goal", 0)
    if not 0 < goal < 1:
        raise invalid("The goal must be between 0 and 1.", Violation("service_level_objective.goal", "It is not."))
    return {**body, "name": with_number(call.cloud, name)}


SERVICE.collection(
    "projects.uptimeCheckConfigs",
    new_id=_check_id,
    created=_check,
    changed=_changed_check,
    immutable=("monitoredResource", "resourceGroup"),
    state=None,
)
SERVICE.collection("projects.groups", created=_group, state=None)
# These paths name what they are below by two variables: a project, or another kind of workspace.
SERVICE.collection("services", created=_service, state=None, orphans=True)
SERVICE.collection("services.serviceLevelObjectives", created=_objective, state=None)


@SERVICE.method("projects.groups.members.list")
def list_members(call: Call) -> Answer | Body:
    """Give the members of a group: resources that write time series, of which none is known here."""
    found(call, call.name.rpartition("/")[0])
    return {"totalSize": 0}


@SERVICE.method("projects.groups.list")
def list_groups(call: Call) -> Answer | Body:
    """Give a page of a project's groups, or of those above or below one."""
    records = call.cloud.store.page(API, call.name)
    parents = {each.name: each.body.get("parentName", "") for each in records}
    above, children, below = (call.text(each) for each in ("ancestorsOfGroup", "childrenOfGroup", "descendantsOfGroup"))
    wanted = [
        each
        for each in records
        if (not above or each.name in _ancestors(parents, above))
        and (not children or parents[each.name] == children)
        and (not below or below in _ancestors(parents, each.name))
    ]
    chosen, token = slice_page(call, wanted)
    return {
        **({"group": [each.body for each in chosen]} if chosen else {}),
        **({"nextPageToken": token} if token else {}),
    }


def _ancestors(parents: dict[str, str], name: str) -> list[str]:
    found_above: list[str] = []
    current = parents.get(name, "")
    while current and current not in found_above:
        found_above.append(current)
        current = parents.get(current, "")
    return found_above


@SERVICE.method("uptimeCheckIps.list")
def list_addresses(call: Call) -> Answer | Body:
    """Give the addresses from which checks come; documentation's own, as none comes."""
    regions = (
        ("USA", "Virginia", "192.0.2.1"),
        ("EUROPE", "Belgium", "192.0.2.2"),
        ("ASIA_PACIFIC", "Singapore", "192.0.2.3"),
    )
    chosen, token = slice_page(
        call, [{"region": region, "location": place, "ipAddress": address} for region, place, address in regions]
    )
    return {"uptimeCheckIps": chosen, **({"nextPageToken": token} if token else {})}
