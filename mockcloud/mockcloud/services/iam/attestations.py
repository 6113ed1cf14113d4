"""Attestation rules of identity pools and of what is managed in them: which workloads may take an identity."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services import operations
from mockcloud.services.iam.service import SERVICE
from mockcloud.services.reading import found

_POOLS: Final = "projects.locations.workloadIdentityPools"
_COLLECTIONS: Final = (_POOLS, f"{_POOLS}.namespaces.managedIdentities")
_RULES: Final = "attestationRules"


def _methods(verb: str) -> tuple[str, ...]:
    return tuple(f"{each}.{verb}" for each in _COLLECTIONS)


def _rules(record: Record) -> list[dict[str, Any]]:
    return list(record.hidden.get(_RULES, []))


def _put(call: Call, record: Record, rules: list[dict[str, Any]]) -> Body:
    changed = call.cloud.change(record, record.body, hidden={**record.hidden, _RULES: rules})
    kind = (
        "WorkloadIdentityPool"
        if changed.parent.endswith("workloadIdentityPools")
        else "WorkloadIdentityPoolManagedIdentity"
    )
    return operations.start(call, record.name, changed.body, type_name=f"google.iam.v1.{kind}", about=record.name)


@SERVICE.method(*_methods("listAttestationRules"))
def list_rules(call: Call) -> Answer | Body:
    """Give the rules."""
    chosen, token = slice_page(call, _rules(found(call)))
    return {**({_RULES: chosen} if chosen else {}), **({"nextPageToken": token} if token else {})}


@SERVICE.method(*_methods("setAttestationRules"))
def set_rules(call: Call) -> Answer | Body:
    """Replace the rules."""
    return _put(call, found(call), call.body.get(_RULES, []))


@SERVICE.method(*_methods("addAttestationRule"), *_methods("removeAttestationRule"))
def change_rules(call: Call) -> Answer | Body:
    """Add a rule, or take one away."""
    record, rule = found(call), call.body.get("attestationRule", {})
    if not rule:
        raise invalid("There is no rule.", Violation("attestation_rule", "It must be set."))
    others = [each for each in _rules(record) if each != rule]
    return _put(call, record, [*others, rule] if call.method.verb.startswith("add") else others)
