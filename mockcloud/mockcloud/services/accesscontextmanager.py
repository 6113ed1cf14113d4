"""Access Context Manager: access policies, access levels, service perimeters.

Behaviour as https://cloud.google.com/access-context-manager/docs and https://cloud.google.com/vpc-service-controls/docs
tell it (2026-11). How perimeters are held is in `mockcloud/cloud/perimeters`.
"""

import re
from typing import Any, Final

from mockcloud.cloud.access.hierarchy import containers, numbered
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.enabled import catalogue, title
from mockcloud.cloud.errors import aborted, already_exists, failed_precondition, invalid, not_found
from mockcloud.cloud.organisations import ORGANISATION
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.perimeters.levels import API
from mockcloud.cloud.perimeters.perimeters import all_of
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.methods import Kind
from mockcloud.discovery.schemas import Violation
from mockcloud.services import operations
from mockcloud.services.service import OperationForm, Service

_TYPES: Final = "google.identity.accesscontextmanager.v1"
_LEVELS: Final = "accessPolicies.accessLevels"
_PERIMETERS: Final = "accessPolicies.servicePerimeters"
_NAMED: Final = re.compile(r"(accessPolicies/\d+)/(accessLevels|servicePerimeters)")
_BRIDGE: Final = "PERIMETER_TYPE_BRIDGE"

SERVICE = Service(API)


@SERVICE.operation_form
def form(call: Call, about: str) -> OperationForm:
    """Show operations by their id alone."""
    del call, about
    return OperationForm(parent="/")


# Access policies
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.preparation
def prepare(call: Call) -> None:
    """Let a policy be there when something is made in it, where projects appear on first use.

    Google gives it its number, so nobody could make the one that a program names.
    """
    policy = _NAMED.fullmatch(call.name)
    if policy is None or call.method.kind is not Kind.CREATE or call.cloud.rules.on(Rule.PROJECTS):
        return
    name = policy.group(1)
    if call.cloud.store.get(API, name) is None:
        body = {"name": name, "parent": ORGANISATION, "title": "default policy", "etag": call.cloud.etag(1)}
        call.cloud.create(Record(API, name, body))


def _policy_id(call: Call, body: dict[str, Any]) -> str:
    del body
    return call.cloud.ids.numeric("accessPolicies", 12)


def _policy(call: Call, name: str, body: dict[str, Any]) -> Body:
    """Hold a policy: an organisation has one as a whole, and others for parts of it."""
    if not body.get("parent", "").startswith("organizations/"):
        raise invalid("The parent must be an organization.", Violation("parent", "It is none."))
    for each in call.cloud.store.page(API, "accessPolicies"):
        if each.body["parent"] == body["parent"] and each.body.get("scopes", []) == body.get("scopes", []):
            raise already_exists(each.name, what="Policy")
    return {**body, "name": name, "etag": call.cloud.etag(1)}


SERVICE.collection("accessPolicies", new_id=_policy_id, created=_policy, required=("parent", "title"), state=None)


@SERVICE.method("accessPolicies.list")
def list_policies(call: Call) -> Answer | Body:
    """Give the policies of an organisation."""
    parent = call.text("parent")
    records = call.cloud.store.page(API, "accessPolicies")
    chosen, token = slice_page(call, [each for each in records if not parent or each.body["parent"] == parent])
    found = [each.body for each in chosen]
    return {**({"accessPolicies": found} if found else {}), **({"nextPageToken": token} if token else {})}


# Levels and perimeters
# ---------------------------------------------------------------------------------------------------------------------


def _named(call: Call, body: dict[str, Any]) -> str:
    """Read the id from the name, which the client gives whole."""
    identifier = str(body.get("name", "")).rpartition("/")[2]
    if not identifier.replace("_", "").isalnum():
        raise invalid(
            f"Invalid name: '{body.get('name', '')}'.",
            Violation("name", f"It must be {call.name}/ID, of letters, digits and underscores."),
        )
    return identifier


def _level_in_use(call: Call, record: Record) -> None:
    for perimeter in all_of(call.cloud):
        for which in ("status", "spec"):
            if record.name in str(perimeter.body.get(which, {})):
                raise failed_precondition(f"The access level is in use by '{perimeter.name}'.")


SERVICE.collection(_LEVELS, new_id=_named, deleting=_level_in_use, state=None)


def _perimeter(call: Call, name: str, body: dict[str, Any]) -> Body:
    return _held(call, {**body, "name": name, "etag": call.cloud.etag(1)})


def _held(call: Call, body: dict[str, Any]) -> Body:
    """Hold a perimeter: a bridge restricts nothing, and no project is in two regular ones."""
    body.setdefault("perimeterType", "PERIMETER_TYPE_REGULAR")
    for which in ("status", "spec"):
        config = body.get(which, {})
        if body["perimeterType"] == _BRIDGE:
            if config.get("restrictedServices") or config.get("accessLevels"):
                raise invalid("A bridge has no services and no access levels.", Violation(which, "It has some."))
            continue
        for each in config.get("resources", ()):
            _hold_resource(call, body["name"], which, each)
        _hold_levels(call, config)
    return {**body, "etag": call.cloud.etag(len(call.cloud.journal.changes) + 1)}


def _hold_resource(call: Call, name: str, which: str, resource: str) -> None:
    if not resource.startswith(("projects/", "//compute.googleapis.com/")):
        raise invalid(f"Invalid resource: '{resource}'.", Violation("resources", "It is no project and no network."))
    for other in all_of(call.cloud):
        same = other.name != name and other.body.get("perimeterType") != _BRIDGE
        if same and resource in other.body.get(which, {}).get("resources", ()):
            raise invalid(f"'{resource}' is in the perimeter '{other.name}' already.", Violation("resources", "It is."))


def _hold_levels(call: Call, config: Body) -> None:
    for each in config.get("accessLevels", ()):
        if call.cloud.store.get(API, each) is None:
            raise not_found(each, what="Access level")


SERVICE.collection(
    _PERIMETERS,
    new_id=_named,
    created=_perimeter,
    changed=lambda call, record, body: _held(call, {**body, "name": record.name}),
    state=None,
)


@SERVICE.method(f"{_PERIMETERS}.commit")
def commit(call: Call) -> Answer | Body:
    """Enforce what dry runs tried: each specification becomes the status."""
    policy = call.name.removesuffix("/servicePerimeters")
    _hold_etag(call, policy)
    changed = []
    for record in call.cloud.store.page(API, f"{policy}/servicePerimeters"):
        if record.body.get("useExplicitDryRunSpec"):
            kept = {key: value for key, value in record.body.items() if key not in {"useExplicitDryRunSpec", "spec"}}
            record = call.cloud.change(record, {**kept, "status": record.body.get("spec", {})})  # noqa: PLW2901
        changed.append(record.body)
    return _operation(call, {"servicePerimeters": changed}, "CommitServicePerimetersResponse")


@SERVICE.method(f"{_PERIMETERS}.replaceAll", f"{_LEVELS}.replaceAll")
def replace_all(call: Call) -> Answer | Body:
    """Replace all perimeters, or all levels, of a policy."""
    policy, _, collection = call.name.rpartition("/")
    _hold_etag(call, policy)
    given = call.body.get(collection, [])
    names = {f"{call.name}/{_named(call, each)}" for each in given}
    for record in call.cloud.store.page(API, call.name):
        if record.name not in names:
            call.cloud.delete(record)
    bodies = []
    for each in given:
        name = f"{call.name}/{_named(call, each)}"
        body = {**each, "name": name}
        if collection == "servicePerimeters":
            body = dict(_held(call, body))
        bodies.append(body)
        before = call.cloud.store.get(API, name)
        call.cloud.create(Record(API, name, body)) if before is None else call.cloud.change(before, body)
    kind = "ReplaceServicePerimetersResponse" if collection == "servicePerimeters" else "ReplaceAccessLevelsResponse"
    return _operation(call, {collection: bodies}, kind)


def _hold_etag(call: Call, policy: str) -> None:
    record = call.cloud.store.get(API, policy)
    if record is None:
        raise not_found(policy, what="Policy")
    given = call.body.get("etag")
    if given and given != record.body.get("etag"):
        raise aborted("The etag of the policy does not match: somebody changed it meanwhile.")


def _operation(call: Call, response: Body, kind: str) -> Body:
    return operations.start(call, "", response, type_name=f"{_TYPES}.{kind}")


# Questions
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method("services.list")
def list_services(call: Call) -> Answer | Body:
    """Give the services that perimeters can restrict."""
    chosen, token = slice_page(call, list(catalogue()))
    found = [_supported(each) for each in chosen]
    return {"supportedServices": found, **({"nextPageToken": token} if token else {})}


@SERVICE.method("services.get")
def get_service(call: Call) -> Answer | Body:
    """Give a service that perimeters can restrict."""
    name = call.name.rpartition("/")[2]
    if name not in catalogue():
        raise not_found(name, what="Service")
    return _supported(name)


def _supported(name: str) -> Body:
    return {"name": name, "title": title(name), "supportStage": "GA", "availableOnRestrictedVip": True}


@SERVICE.method("projects.lookupConfiguredServicePerimeter", "folders.lookupConfiguredServicePerimeter")
def look_up(call: Call) -> Answer | Body:
    """Say in which perimeter a project is, enforced and in a dry run."""
    found: dict[str, str] = {}
    for each in containers(call.cloud, call.name):
        resource = numbered(call.cloud, each)
        for record in all_of(call.cloud):
            if resource in record.body.get("status", {}).get("resources", ()):
                found |= {"servicePerimeter": record.name, "restrictedResource": resource}
            if resource in record.body.get("spec", {}).get("resources", ()):
                found |= {"servicePerimeterDryRun": record.name, "restrictedResourceDryRun": resource}
    return found
