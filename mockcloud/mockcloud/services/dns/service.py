"""The service: zones and policies may be named by their number."""

from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.store import Record
from mockcloud.services.service import Service

API: Final = "dns"
SERVICE: Final = Service(API)

_NAMED: Final = frozenset({"managedZones", "policies", "responsePolicies"})


@SERVICE.preparation
def _by_number(call: Call) -> None:
    """Read the number of a zone or policy in a path as its name."""
    parts = call.name.split("/")
    if len(parts) > 3 and parts[2] in _NAMED and parts[3].isdigit():  # noqa: PLR2004 - project, collection, name
        for each in call.cloud.store.page(API, "/".join(parts[:3])):
            if each.body.get("id") == parts[3]:
                parts[3] = each.id
                call.name = "/".join(parts)


def found(call: Call, name: str = "", what: str = "managedZone") -> Record:
    """Find what a call names.

    Raises:
        ApiError: 404, in the words of this API.
    """
    wanted = name or call.name
    record = call.cloud.store.get(API, wanted)
    if record is None:
        identifier = wanted.rpartition("/")[2]
        message = f"The 'parameters.{what}' resource named '{identifier}' does not exist."
        raise ApiError(404, "NOT_FOUND", message, reason="notFound")
    return record


def taken(field: str, name: str) -> ApiError:
    """Give the refusal of what is there already."""
    return ApiError(
        409, "ALREADY_EXISTS", f"The resource '{field}' named '{name}' already exists", reason="alreadyExists"
    )


def wrong(field: str, value: object, why: str = "") -> ApiError:
    """Give the refusal of a field."""
    message = f"Invalid value for '{field}': '{value}'. {why}".strip()
    return ApiError(400, "INVALID_ARGUMENT", message, reason="invalid")


def operation(call: Call, record: Record, old: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Give the operation with which a change of a zone is answered. It is done at once."""
    return {
        "kind": "dns#operation",
        "id": call.cloud.ids.uuid("dns/operation"),
        "startTime": call.cloud.clock.tick(),
        "status": "done",
        "type": "update",
        "user": call.caller.email or "owner@mock.test",
        "zoneContext": {"oldValue": old, "newValue": record.body},
    }
