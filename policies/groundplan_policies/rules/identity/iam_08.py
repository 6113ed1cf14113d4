"""IAM-08: no default account has the scope of every API."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, full
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    all_of,
    any_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules.encryption import copies
from groundplan_policies.rules.identity.accounts import DedicatedAccount

_BLOCK, _SCOPES = Path("serviceAccount"), Path("serviceAccount.scopes")
_ACCOUNT = DedicatedAccount(Path("serviceAccount.email"))
_FULL = "cloud-platform"
_PREFIX = "https://www.googleapis.com/auth/"
_EVERYTHING = "the scope of every API for a default account; expected are narrow ones or an account of its own"


def _machine(resource: Resource, context: Context) -> Outcome:
    if _BLOCK.is_absent(resource.inputs):
        return NOT_APPLICABLE
    nothing = indeterminate("is absent, which the provider does not take", _SCOPES.text)
    return any_of([_ACCOUNT(resource, context), _narrow(resource, nothing)])


def _copy(resource: Resource, context: Context) -> Outcome:
    if _BLOCK.one(resource).state in {State.ABSENT, State.EMPTY}:
        return copies.taken_over(resource, context, _BLOCK.text)
    return _machine(resource, context)


def _slice(resource: Resource, context: Context) -> Outcome:
    everything = fail(f"is absent, which is {_EVERYTHING}", _SCOPES.text)
    return any_of([_ACCOUNT(resource, context), _narrow(resource, everything)])


def _narrow(resource: Resource, nothing: Outcome) -> Outcome:
    readings = [each for reading in _SCOPES.read(resource) for each in entries(reading)]
    return all_of([_judge(each, nothing) for each in readings])


def _judge(reading: Reading, nothing: Outcome) -> Outcome:
    missing = unreadable(reading, absent=nothing)
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a scope")
    scope = reading.value.strip().removeprefix(_PREFIX)
    if scope == _FULL:
        return fail(f"is {_EVERYTHING}", reading.path, _FULL)
    return PASS


_MACHINES = ("compute.Instance", "compute.InstanceTemplate", "compute.RegionInstanceTemplate")

CONTROL = Control(
    id="IAM-08",
    title="No default account has the scope of every API",
    why=(
        "With the scope cloud-platform a machine can use everything that its account may, and a default account may do "
        "much. For an account of the workload's own its roles are the limit, so the scope does not matter. A default "
        "account with narrow scopes passes here and fails IAM-07, so that one mistake is reported once. A machine "
        "without an account has no scopes; one from a template has the template's. A TPU without scopes gets the scope "
        "of every API, so absent and empty fail there; machines have to say theirs."
    ),
    remedy="Give the workload its own account by ServiceIdentity, or narrow `scopes`.",
    severity=Severity.MEDIUM,
    objectives=("2.2.b", "6.1.a"),
    clauses=(full("cis-gcp-5.0", "4.2"),),
    reads=tuple(
        read
        for type_ in (*_MACHINES, *copies.COPIES, "tpu.V2Vm")
        for read in (_ACCOUNT.reads(type_), Read.aside(type_, _SCOPES.text))
    ),
    checks={**dict.fromkeys(_MACHINES, _machine), **dict.fromkeys(copies.COPIES, _copy), "tpu.V2Vm": _slice},
)
