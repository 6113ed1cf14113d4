"""NET-29: what leaves a service perimeter is named."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Reading, State, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules.network.blocks import Block
from groundplan_policies.rules.network.perimeters import (
    PERIMETER,
    PERIMETERS,
    STATUS,
    at,
    is_enforced,
    judge_identities,
    judge_no_star,
    perimeters_of,
)

_RULE: Final = "accesscontextmanager.ServicePerimeterEgressPolicy"
_POLICIES: Final = f"{STATUS}.egressPolicies"
_FROM, _TO = "egressFrom", "egressTo"
_RESOURCES, _EXTERNAL = f"{_TO}.resources", f"{_TO}.externalResources"
_SERVICES: Final = f"{_TO}.operations.serviceName"


def _perimeters(resource: Resource, context: Context) -> Outcome:
    enforced = [each for each in perimeters_of(resource) if is_enforced(each)]
    return all_of([_ways_out(each, f"{_POLICIES}.", context) for each in enforced])


def _rule(resource: Resource, context: Context) -> Outcome:
    return _ways_out(Block(resource, "", resource.inputs), "", context)


def _ways_out(block: Block, path: str, context: Context) -> Outcome:
    outcomes = [judge_identities(block, f"{path}{_FROM}"), judge_no_star(block, f"{path}{_SERVICES}", "services")]
    for below in (_RESOURCES, _EXTERNAL):
        named = [each for found in block.read(f"{path}{below}") for each in entries(found)]
        outcomes += [_destination(block.resource, each, context) for each in named]
    return all_of(outcomes)


def _destination(resource: Resource, reading: Reading, context: Context) -> Outcome:
    missing = unreadable(reading, absent=NOT_APPLICABLE)
    if missing is not None:
        ours = reading.state is State.UNKNOWN and context.graph.made(resource, reading, "organizations.Project")
        return PASS if ours else missing
    if not reading.text:
        return wrong_type(reading, "a project or another resource")
    if "*" in reading.text:
        return fail("stands for everything outside of the perimeter; expected are named resources", reading.path, "*")
    allowed = context.parameters.perimeter_external_resources
    if allowed is None:
        return indeterminate("the settings do not say what egress rules may name", reading.path)
    if _bare(reading.text) in map(_bare, allowed):
        return PASS
    return fail("is not among what the settings let egress rules name", reading.path)


def _bare(name: str) -> str:
    """Give the number of a project without what may stand before it; other resources as they are."""
    return name.removeprefix("//cloudresourcemanager.googleapis.com/").removeprefix("projects/")


def _optional(type_: str, *paths: str) -> tuple[Read, ...]:
    return tuple(Read(type_, path, absent=Verdict.PASS, empty=Verdict.PASS) for path in paths)


_OUT: Final = (f"{_FROM}.identityType", _RESOURCES, _EXTERNAL, _SERVICES)

CONTROL = Control(
    id="NET-29",
    title="What leaves a service perimeter is named",
    why=(
        "An egress rule is a hole through which data may be copied to somebody else's project. One for any identity, "
        "any destination or any service undoes the perimeter. Each destination, a project by its number or another "
        "cloud's resource, must be among those that the settings list; a project that this document makes is its own. "
        "A rule without destinations lets nothing out. Dry runs are left out: NET-24 says that they are none."
    ),
    remedy="Name identities, services and projects in PerimeterEgress; list the projects in the settings.",
    severity=Severity.HIGH,
    objectives=("2.1.e", "6.1.a"),
    clauses=(
        partial("nist-800-53-r5", "SC-7", "Ways out that are no calls of Google's APIs: NET-20."),
        partial("nist-800-53-r5", "AC-4", "Flows inside of the perimeter."),
    ),
    reads=tuple(
        read
        for type_ in (PERIMETER, PERIMETERS)
        for read in _optional(type_, *(at(type_, f"{_POLICIES}.{each}") for each in _OUT))
    )
    + _optional(_RULE, *_OUT),
    checks={PERIMETER: _perimeters, PERIMETERS: _perimeters, _RULE: _rule},
    settings=("perimeter_external_resources",),
)
