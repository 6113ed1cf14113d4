"""Network Security: what the description does not tell of address groups and gateways' policies."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import failed_precondition, invalid
from mockcloud.cloud.store import Body
from mockcloud.discovery.schemas import Violation
from mockcloud.services.acting import act
from mockcloud.services.reading import found
from mockcloud.services.service import Service

API: Final = "networksecurity"
SERVICE: Final = Service(API)
_GROUPS: Final = ("projects.locations.addressGroups", "organizations.locations.addressGroups")


def _group(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    if not body.get("type") or not body.get("capacity"):
        raise invalid("A group needs type and capacity.", Violation("address_group.capacity", "It must be set."))
    return body


SERVICE.collection(*_GROUPS, created=_group, immutable=("type", "capacity"))


@SERVICE.method(*(f"{each}.{verb}" for each in _GROUPS for verb in ("addItems", "removeItems", "cloneItems")))
def change_items(call: Call) -> Answer | Body:
    """Add addresses to a group, take some out, or take over those of another group."""
    record = found(call)
    sent = call.body.get("items", [])
    if call.method.verb == "cloneItems":
        sent = list(found(call, call.body.get("sourceAddressGroup", "")).body.get("items", []))
    items = [each for each in record.body.get("items", []) if each not in sent]
    items += [] if call.method.verb == "removeItems" else sent
    if len(items) > int(record.body["capacity"]):
        raise failed_precondition(f"'{record.name}' holds at most {record.body['capacity']} items.")
    return act(call, record, {"items": items}, going={"items": items})


@SERVICE.method(*(f"{each}.listReferences" for each in _GROUPS))
def references(call: Call) -> Answer | Body:
    """Give the firewall policies that name a group."""
    record = found(call)
    rows = [
        {"firewallPolicy": each.name, "rulePriority": rule.get("priority", 0)}
        for each in call.cloud.store.of("compute")
        if "/firewallPolicies/" in each.name
        for rule in each.body.get("rules", [])
        if record.name in str(rule.get("match", {}))
    ]
    return {"addressGroupReferences": rows} if rows else {}
