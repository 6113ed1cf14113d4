"""Access control lists of Cloud Storage, as policies say the same.

The list of a bucket and the legacy roles of its policy are one thing in two forms. That of an object grants beside the
policies above it, unless access to its bucket is uniform (https://cloud.google.com/storage/docs/access-control/iam).
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from mockcloud.cloud.access.hierarchy import Place
from mockcloud.cloud.store import Body, Record

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

API: Final = "storage"
_PARTS_OF_OBJECT: Final = 4

BUCKET_ROLES: Final[Mapping[str, str]] = {
    "OWNER": "roles/storage.legacyBucketOwner",
    "WRITER": "roles/storage.legacyBucketWriter",
    "READER": "roles/storage.legacyBucketReader",
}
"""Role in the list of a bucket -> role in its policy."""
_OBJECT_ROLES: Final[Mapping[str, str]] = {
    "OWNER": "roles/storage.legacyObjectOwner",
    "READER": "roles/storage.legacyObjectReader",
}
PUBLIC: Final = frozenset({"allUsers", "allAuthenticatedUsers"})
_TEAMS: Final[Mapping[str, str]] = {"owners": "projectOwner", "editors": "projectEditor", "viewers": "projectViewer"}


def member_of(cloud: "Cloud", entity: str) -> str:
    """Give the member of policies that an entity of a list means: `user:alice@acme.test` for `user-alice@acme.test`."""
    kind, _, rest = entity.partition("-")
    if kind == "user" and rest.endswith("gserviceaccount.com"):
        return f"serviceAccount:{rest}"
    if kind == "project":
        team, _, project = rest.partition("-")
        return f"{_TEAMS.get(team, team)}:{cloud.projects.id_of(project)}"
    return f"{kind}:{rest}" if rest else entity


def entity_of(cloud: "Cloud", member: str) -> str:
    """Give the entity of lists that a member of policies is."""
    kind, _, rest = member.partition(":")
    if kind == "serviceAccount":
        return f"user-{rest}"
    team = next((team for team, each in _TEAMS.items() if each == kind), "")
    if team:
        return f"project-{team}-{cloud.projects.number_of(rest)}"
    return f"{kind}-{rest}" if rest else member


def bindings(cloud: "Cloud", entries: Iterable[Mapping[str, Any]], roles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Give the bindings of a policy that say what a list says.

    Args:
        cloud: The cloud.
        entries: The list.
        roles: Role in the list -> role in the policy; what is not there is left out.
    """
    members: dict[str, list[str]] = {}
    for each in entries:
        role = roles.get(str(each.get("role", "")))
        if role is not None:
            members.setdefault(role, []).append(member_of(cloud, str(each["entity"])))
    return [{"role": role, "members": sorted(members[role])} for role in roles.values() if role in members]


def policy_of(cloud: "Cloud", place: Place) -> Body | None:
    """Give the list of an object as a policy; None for another resource, and where access to the bucket is uniform."""
    api, name = place
    parts = name.split("/", 3)
    if api != API or len(parts) < _PARTS_OF_OBJECT or parts[2] != "o":
        return None
    bucket, record = cloud.store.get(API, f"b/{parts[1]}"), cloud.store.get(API, name)
    if bucket is None or record is None:
        return None
    settings = bucket.body["iamConfiguration"]
    if settings["uniformBucketLevelAccess"].get("enabled"):
        return None
    hidden = settings.get("publicAccessPrevention") == "enforced"
    entries = [each for each in _entries(record) if not (hidden and each["entity"] in PUBLIC)]
    return {"bindings": bindings(cloud, entries, _OBJECT_ROLES)}


def _entries(record: Record) -> list[Mapping[str, Any]]:
    """Give the list of an object. Whoever made it owns it."""
    owner = record.hidden.get("owner", {}).get("entity")
    return [*record.hidden.get("acl", ()), *([{"entity": owner, "role": "OWNER"}] if owner else ())]
