"""How a constraint is held: what a call must look like, or must not do."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mockcloud.cloud import mentions
from mockcloud.cloud.access.hierarchy import lineage, organisation_of
from mockcloud.cloud.access.members import project_of_account
from mockcloud.cloud.access.objects import policed
from mockcloud.cloud.access.tags import EffectiveTags
from mockcloud.cloud.call import Call
from mockcloud.cloud.constraints.catalogue import constraints, rows_of
from mockcloud.cloud.constraints.custom import CUSTOM
from mockcloud.cloud.constraints.custom import broken as broken_custom
from mockcloud.cloud.constraints.policies import Effective
from mockcloud.cloud.organisations import customer_of
from mockcloud.cloud.projects import API as RESOURCE_MANAGER
from mockcloud.discovery.methods import Kind

_PUBLIC: Final = frozenset({"allUsers", "allAuthenticatedUsers"})
_PRESENT, _ABSENT = "present", "absent"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A constraint, asked of a call."""

    call: Call
    policy: Effective
    tags: EffectiveTags

    def allows(self, value: str, *, locations: bool = False) -> bool:
        return self.policy.allows(self.call.cloud, value, self.tags, locations=locations)


def broken(call: Call, policy: Effective) -> str:
    """Say what of a call a policy forbids; "" for nothing."""
    places = list(lineage(call.cloud, call.api, call.name, call.project))
    asked = _Asked(call, policy, EffectiveTags(call.cloud, places))
    name = policy.constraint
    if name.startswith(CUSTOM):
        return broken_custom(call, name) if policy.enforced(asked.tags) else ""
    own = _OWN.get(name)
    if own is not None:
        return own(asked)
    rows = rows_of(name, call.method.full_id)
    if not rows:
        return ""
    if not constraints()[name].list and not policy.enforced(asked.tags):
        return ""
    return next((said for row in rows if (said := _row(asked, row))), "")


def at(body: object, path: list[str]) -> Iterator[object]:
    """Give what is at a path of a body; entries of lists are walked."""
    if isinstance(body, list):
        for each in body:
            yield from at(each, path)
    elif not path:
        yield body
    elif isinstance(body, Mapping) and path[0] in body:
        yield from at(body[path[0]], path[1:])


def _row(asked: _Asked, row: Mapping[str, Any]) -> str:
    body = asked.call.body
    if row.get("never"):
        return "the method is not allowed"
    for path, wanted in row.get("must", {}).items():
        said = _must(list(at(body, path.split("."))), path, wanted)
        if said:
            return said
    for key, wanted in row.get("metadata", {}).items():
        said = _must(_metadata(body, key), f"metadata.{key}", wanted)
        if said:
            return said
    if row.get("no_public"):
        public = sorted(set(_members(asked.call)) & _PUBLIC)
        return f"{public[0]} is no allowed member" if public else ""
    return _values(asked, row)


def _must(found: list[object], path: str, wanted: object) -> str:
    options = wanted if isinstance(wanted, list) else [wanted]
    if not found or found == [""]:
        return "" if _ABSENT in options else f"{path} is not set"
    if _PRESENT in options:
        return ""
    wrong = [each for each in found if each not in options]
    return f"{path} is {wrong[0]!r}" if wrong else ""


def _metadata(body: Mapping[str, Any], key: str) -> list[object]:
    """Give a value of Compute Engine's metadata, which is a list of keys and values."""
    items = body.get("metadata", {}).get("items") or body.get("items") or []
    return [each.get("value", "") for each in items if each.get("key") == key]


def _values(asked: _Asked, row: Mapping[str, Any]) -> str:
    call, body = asked.call, asked.call.body
    values: list[str] = []
    if "values" in row:
        values = [_completed(str(each), row.get("full", "")) for each in at(body, row["values"].split("."))]
        values = [row.get("words", {}).get(each, each) for each in values]
    elif row.get("external_ip") and _has_external_ip(call):
        values = [f"{call.name.removesuffix('/addAccessConfig')}/{body.get('name', '')}".rstrip("/")]
    elif row.get("image"):
        values = list(_images(body))
    elif "itself_if" in row and _is(body, row["itself_if"]):
        values = [f"{call.name}/{body.get('name', '')}"]
    elif "service_unless" in row and not _is(body, row["service_unless"]):
        values = [f"{call.api}.googleapis.com"]
    refused = [each for each in values if each and not asked.allows(each)]
    return f"'{refused[0]}' is no allowed value" if refused else ""


def _is(body: Mapping[str, Any], wanted: Mapping[str, object]) -> bool:
    return all(value in list(at(body, path.split("."))) for path, value in wanted.items())


def _completed(value: str, form: str) -> str:
    name = value.partition("/compute/")[2].partition("/")[2] or value
    if form == "projects":
        return "/".join(name.split("/")[:2]) if name.startswith("projects/") else ""
    return f"@{value.rpartition('@')[2]}" if form == "domain" else name


def _has_external_ip(call: Call) -> bool:
    if call.method.id.endswith("addAccessConfig"):
        return True
    return any(True for _ in at(call.body, ["networkInterfaces", "accessConfigs", "type"])) or any(
        each for each in at(call.body, ["networkInterfaces", "accessConfigs"])
    )


def _images(body: Mapping[str, Any]) -> Iterator[str]:
    setup = body.get("gceSetup", {})
    image, container = setup.get("vmImage", {}), setup.get("containerImage", {})
    if image:
        project = image.get("project", "")
        name = image.get("name") or f"family/{image.get('family', '')}"
        yield f"projects/{project}/global/images/{name}"
    if container:
        yield str(container.get("repository", ""))


# Constraints with a form of their own
# ---------------------------------------------------------------------------------------------------------------------


def _locations(asked: _Asked) -> str:
    """Hold new resources to locations."""
    call = asked.call
    if call.method.kind is not Kind.CREATE:
        return ""
    found = [call.location] if call.location else []
    found += [str(each) for each in at(call.body, ["location"])]
    found += [str(each) for each in at(call.body, ["replication", "userManaged", "replicas", "location"])]
    refused = [
        each for each in found if each not in {"", "global", "-"} and not asked.allows(each.lower(), locations=True)
    ]
    return f"the location '{refused[0]}' is not allowed" if refused else ""


def _no_key(asked: _Asked) -> str:
    """Ask new resources of a service for a customer-managed key."""
    call = asked.call
    if call.method.kind is not Kind.CREATE or asked.allows(f"{call.api}.googleapis.com"):
        return ""
    return "" if any(True for _ in mentions.keys(call.body)) else "a customer-managed key (CMEK) is required"


def _keys(asked: _Asked) -> str:
    """Hold keys to the projects that may have them."""
    if asked.call.api == "cloudkms":
        return ""
    for key in mentions.keys(asked.call.body):
        project = "/".join(key.split("/")[:2])
        if not asked.allows(project):
            return f"the project of the key '{key}' is not allowed"
    return ""


def _members(call: Call) -> Iterator[str]:
    """Give the members that a call would add to a policy."""
    from mockcloud.cloud.policies import EMPTY

    if call.method.kind is not Kind.SET_IAM_POLICY:
        return
    before = call.cloud.store.policies.get((call.api, policed(call)), EMPTY)
    had = {(each["role"], member) for each in before["bindings"] for member in each.get("members", ())}
    for binding in call.body.get("policy", call.body).get("bindings", ()):
        yield from (each for each in binding.get("members", ()) if (binding.get("role"), each) not in had)


def _domains(asked: _Asked) -> str:
    """Hold new members of policies to customers and organisations."""
    for member in _members(asked.call):
        homes = _homes(asked.call, member)
        if not any(asked.allows(each) for each in homes):
            return f"the member '{member}' is of no allowed customer"
    return ""


def _homes(call: Call, member: str) -> list[str]:
    """Give the customer and the organisation of a member, in the forms that values of the constraint have."""
    kind, _, rest = member.partition(":")
    domain = rest.rpartition("@")[2] or rest
    for record in call.cloud.store.page(RESOURCE_MANAGER, "organizations"):
        if kind == "serviceAccount":
            project = project_of_account(call.cloud, rest)
            mine = bool(project) and organisation_of(call.cloud, f"projects/{project}") == record.name
        else:
            mine = domain == record.body["displayName"]
        if mine:
            return [customer_of(record.name), f"principalSet://iam.googleapis.com/{record.name}"]
    return [member]


def _services(asked: _Asked) -> str:
    """Hold calls to services that may be used."""
    service = f"{asked.call.api}.googleapis.com"
    free = {RESOURCE_MANAGER, "serviceusage", "orgpolicy", "iam", "iamcredentials", "cloudbilling", "sts", "oauth2"}
    if asked.call.api in free or asked.allows(service):
        return ""
    return f"the service '{service}' may not be used"


def _foreign_accounts(asked: _Asked) -> str:
    """Hold resources to service accounts of their own project."""
    if not asked.policy.enforced(asked.tags) or not asked.call.method.writes or asked.call.api == "iam":
        return ""
    for email in mentions.accounts(asked.call.body):
        if project_of_account(asked.call.cloud, email) not in {"", asked.call.project}:
            return f"the service account '{email}' is of another project"
    return ""


_OWN: Final[Mapping[str, Callable[[_Asked], str]]] = {
    "gcp.resourceLocations": _locations,
    "gcp.restrictNonCmekServices": _no_key,
    "gcp.restrictCmekCryptoKeyProjects": _keys,
    "gcp.restrictServiceUsage": _services,
    "iam.allowedPolicyMemberDomains": _domains,
    "iam.disableCrossProjectServiceAccountUsage": _foreign_accounts,
}
