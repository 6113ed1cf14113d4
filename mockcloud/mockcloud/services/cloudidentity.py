"""Cloud Identity: groups and their members. Roles of members are changed one way at a time.

Behaviour as https://cloud.google.com/identity/docs/how-to/memberships-google-groups tells it (2026-11).
"""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import already_exists, invalid
from mockcloud.cloud.store import Body
from mockcloud.discovery.schemas import Violation
from mockcloud.services.reading import found
from mockcloud.services.service import Service

_API: Final = "cloudidentity"
_MEMBER: Final = "MEMBER"

SERVICE = Service(_API)


def _joined(call: Call, name: str, body: dict[str, Any]) -> Body:
    """Hold a membership: a group has a member once."""
    member = body.get("preferredMemberKey", {}).get("id")
    for each in call.cloud.store.page(_API, name.rpartition("/")[0]):
        if member and each.body.get("preferredMemberKey", {}).get("id") == member:
            raise already_exists(each.name, what="Membership")
    return body


SERVICE.collection("groups.memberships", created=_joined)


@SERVICE.method("groups.memberships.modifyMembershipRoles")
def modify_roles(call: Call) -> Answer | Body:
    """Add roles, take roles away, or change when they end: one of the three."""
    record, asked = found(call), call.body
    if sum(name in asked for name in ("addRoles", "removeRoles", "updateRolesParams")) != 1:
        raise invalid("Exactly one kind of change can be made.", Violation("add_roles", "Set one of the three fields."))
    removed = set(asked.get("removeRoles", []))
    if _MEMBER in removed:
        raise invalid(f"The role {_MEMBER} cannot be removed.", Violation("remove_roles", "Delete the membership."))
    added = [
        *asked.get("addRoles", []),
        *(each.get("membershipRole", {}) for each in asked.get("updateRolesParams", [])),
    ]
    roles: dict[str, Any] = {each["name"]: each for each in record.body.get("roles", [])}
    roles |= {each["name"]: {**roles.get(each["name"], {}), **each} for each in added if each.get("name")}
    body = {**record.body, "roles": [each for name, each in roles.items() if name not in removed]}
    changed = call.cloud.change(record, body)
    return {"membership": changed.body}
