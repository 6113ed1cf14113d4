"""Organisation Policy: policies on organisations, folders and projects, and custom constraints.

Behaviour as https://cloud.google.com/resource-manager/docs/organization-policy tells it (2026-11). How constraints
are held is in `mockcloud/cloud/constraints`.
"""

import re
from typing import Any, Final

from mockcloud.cloud.access import cel
from mockcloud.cloud.access.hierarchy import numbered
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.constraints.catalogue import constraints
from mockcloud.cloud.constraints.custom import CUSTOM
from mockcloud.cloud.constraints.policies import API, effective
from mockcloud.cloud.errors import aborted, already_exists, invalid, not_found
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.service import Service

_CONTAINERS: Final = ("projects", "folders", "organizations")
_MANAGED: Final = re.compile(r"[a-z]+\.managed\.[A-Za-z]\w*")
"""Constraints of a kind that Google adds to all the time; those that no table has are held by nothing here."""
_CUSTOM_ID: Final = re.compile(r"custom\.[A-Za-z][A-Za-z0-9]{0,69}")

SERVICE = Service(API)


def _methods(verb: str) -> tuple[str, ...]:
    return tuple(f"{each}.policies.{verb}" for each in _CONTAINERS)


def _shown(call: Call, record: Record) -> Body:
    """Give a policy, named with the project's number as Google does."""
    container, _, constraint = record.name.partition("/policies/")
    return {**record.body, "name": f"{numbered(call.cloud, container)}/policies/{constraint}"}


def _check(constraint: str, body: Body) -> None:
    known = constraints().get(constraint)
    if known is None and not constraint.startswith(CUSTOM) and not _MANAGED.fullmatch(constraint):
        raise invalid(f"Unknown constraint: 'constraints/{constraint}'.", Violation("policy.name", "It is none."))
    for which in ("spec", "dryRunSpec"):
        for rule in body.get(which, {}).get("rules", ()):
            takes_values = known is not None and known.list
            if takes_values and "enforce" in rule:
                raise invalid("A list constraint takes no 'enforce'.", Violation(which, "It has one."))
            if not takes_values and any(each in rule for each in ("values", "allowAll", "denyAll")):
                raise invalid("A boolean constraint takes no values.", Violation(which, "It has some."))


def _stamped(call: Call, body: Body, revision: int) -> dict[str, Any]:
    """Set etags and times, of the policy and of its specifications."""
    etag, now = call.cloud.etag(revision), call.cloud.clock.tick()
    found = {**body, "etag": etag}
    for which in ("spec", "dryRunSpec"):
        if which in body:
            found[which] = {**body[which], "etag": etag, "updateTime": now}
    return found


@SERVICE.method(*_methods("create"))
def create(call: Call) -> Answer | Body:
    """Set a policy."""
    constraint = str(call.body.get("name", "")).rpartition("/")[2]
    if not constraint:
        raise invalid("The policy's name must be set.", Violation("policy.name", "It is not set."))
    _check(constraint, call.body)
    name = f"{call.name}/{constraint}"
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(name, what="Policy")
    record = call.cloud.create(Record(API, name, {**_stamped(call, call.body, 1), "name": name}))
    return _shown(call, record)


def _found(call: Call) -> Record:
    record = call.cloud.store.get(API, call.name)
    if record is None:
        raise not_found(call.name, what="Requested entity")
    return record


@SERVICE.method(*_methods("get"))
def get(call: Call) -> Answer | Body:
    """Give a policy that is set here."""
    return _shown(call, _found(call))


@SERVICE.method(*_methods("list"))
def list_(call: Call) -> Answer | Body:
    """Give the policies that are set here."""
    chosen, token = slice_page(call, call.cloud.store.page(API, call.name))
    found = [_shown(call, each) for each in chosen]
    return {**({"policies": found} if found else {}), **({"nextPageToken": token} if token else {})}


@SERVICE.method(*_methods("patch"))
def patch(call: Call) -> Answer | Body:
    """Change a policy: its specification, that for dry runs, or both."""
    record = _found(call)
    _hold_etag(record, call.body.get("etag") or call.body.get("spec", {}).get("etag"))
    _check(record.id, call.body)
    mask = {each.strip().split(".")[0] for each in call.text("updateMask").split(",") if each.strip()}
    mask = {{"dry_run_spec": "dryRunSpec"}.get(each, each) for each in mask} or {"spec"}
    which = {"spec", "dryRunSpec"} if "*" in mask else mask & {"spec", "dryRunSpec"}
    kept = {key: value for key, value in record.body.items() if key not in which}
    new = _stamped(call, {**kept, **{key: call.body[key] for key in which if key in call.body}}, record.revision + 1)
    return _shown(call, call.cloud.change(record, new))


def _hold_etag(record: Record, given: object) -> None:
    if given and given != record.body.get("etag"):
        raise aborted("The etag does not match: somebody changed the policy meanwhile.")


@SERVICE.method(*_methods("delete"))
def delete(call: Call) -> Answer | Body:
    """Clear a policy."""
    record = _found(call)
    _hold_etag(record, call.text("etag"))
    call.cloud.delete(record)
    return {}


@SERVICE.method(*_methods("getEffectivePolicy"))
def get_effective(call: Call) -> Answer | Body:
    """Give the policy that is in effect here; where none says anything, the constraint's default."""
    container, _, constraint = call.name.partition("/policies/")
    found = effective(call.cloud, container, constraint)
    rules = [dict(each) for each in found.rules] if found is not None else []
    if not rules:
        known = constraints().get(constraint)
        rules = [{"allowAll": True}] if known is not None and known.list else [{"enforce": False}]
    return {"name": f"{numbered(call.cloud, container)}/policies/{constraint}", "spec": {"rules": _merged(rules)}}


def _merged(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put the values of all rules without a condition into one, as Google shows them."""
    plain = [each for each in rules if not each.get("condition") and "values" in each]
    if len(plain) < 2:  # noqa: PLR2004 - nothing to put together
        return rules
    values: dict[str, list[str]] = {}
    for rule in plain:
        for key, each in rule["values"].items():
            values[key] = list(dict.fromkeys([*values.get(key, ()), *each]))
    return [each for each in rules if each not in plain] + [{"values": values}]


@SERVICE.method(*(f"{each}.constraints.list" for each in _CONTAINERS))
def list_constraints(call: Call) -> Answer | Body:
    """Give the constraints that can be set, Google's and the organisation's own."""
    container = call.name.removesuffix("/constraints")
    entries = [
        {
            "name": f"{numbered(call.cloud, container)}/constraints/{each.name}",
            "displayName": each.title,
            "description": each.title + ".",
            "constraintDefault": "ALLOW",
            **({"listConstraint": _list_form(each.groups, each.under)} if each.list else {"booleanConstraint": {}}),
        }
        for each in constraints().values()
    ]
    chosen, token = slice_page(call, entries)
    return {"constraints": chosen, **({"nextPageToken": token} if token else {})}


def _list_form(groups: bool, under: bool) -> dict[str, bool]:  # noqa: FBT001 - what the form says
    return {**({"supportsIn": True} if groups else {}), **({"supportsUnder": True} if under else {})}


# Custom constraints
# ---------------------------------------------------------------------------------------------------------------------


def _custom_id(call: Call, body: dict[str, Any]) -> str:
    del call
    identifier = str(body.get("name", "")).rpartition("/")[2]
    if not _CUSTOM_ID.fullmatch(identifier):
        raise invalid(
            f"Invalid name of a custom constraint: '{identifier}'.", Violation("name", "It begins with 'custom.'.")
        )
    return identifier


def _custom(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call
    for field in ("resourceTypes", "methodTypes", "condition", "actionType"):
        if not body.get(field):
            raise invalid(f"Required field '{field}' is not set.", Violation(field, "It is not set."))
    try:
        cel.expression(body["condition"])
    except cel.Unsupported as error:
        raise invalid(f"The condition cannot be read: {error.what}.", Violation("condition", "It is none.")) from None
    return {**body, "name": name}


SERVICE.collection(
    "organizations.customConstraints",
    new_id=_custom_id,
    created=_custom,
    changed=lambda call, record, body: _custom(call, record.name, body),
    state=None,
)
