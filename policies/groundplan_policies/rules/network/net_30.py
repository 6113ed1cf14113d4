"""NET-30: networks inside a service perimeter reach guarded services only."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail, indeterminate
from groundplan_policies.rules.network.blocks import Block
from groundplan_policies.rules.network.perimeters import (
    PERIMETER,
    PERIMETERS,
    STATUS,
    at,
    is_bridge,
    is_enforced,
    perimeters_of,
    services,
)

_ACCESSIBLE: Final = f"{STATUS}.vpcAccessibleServices"
_SWITCH, _ALLOWED = f"{_ACCESSIBLE}.enableRestriction", f"{_ACCESSIBLE}.allowedServices"
_PATTERNS: Final = f"{_ACCESSIBLE}.allowedServicePatterns"
_RESTRICTED: Final = f"{STATUS}.restrictedServices"
_ALL_RESTRICTED: Final = "restricted-services"


def _perimeters(resource: Resource, context: Context) -> Outcome:  # noqa: ARG001 - the form of a check
    judged = [each for each in perimeters_of(resource) if is_enforced(each) and not is_bridge(each)]
    return all_of([outcome for each in judged for outcome in (_switch(each), _allowed(each), _patterns(each))])


def _switch(perimeter: Block) -> Outcome:
    reading = perimeter.one(_SWITCH)
    missing = unreadable(reading, absent=fail("is absent or empty, so that every API can be reached", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, bool):
        return wrong_type(reading, "a boolean")
    return PASS if reading.value else fail("is not true", reading.path, "false")


def _allowed(perimeter: Block) -> Outcome:
    """Ask that every API that can be reached is a restricted one; none at all is right, and stops everything."""
    reading = perimeter.one(_ALLOWED)
    named, unclear = services(reading)
    restricted, unclear_restricted = services(perimeter.one(_RESTRICTED))
    more = sorted(named - restricted - {_ALL_RESTRICTED})
    if more and unclear_restricted is PASS:
        return all_of(
            [fail("names services that the perimeter does not restrict", reading.path, ", ".join(more)), unclear]
        )
    if more:
        return indeterminate(
            "names services of which nobody can tell whether the perimeter restricts them", reading.path
        )
    return unclear


def _patterns(perimeter: Block) -> Outcome:
    reading = perimeter.one(_PATTERNS)
    if reading.state is State.KNOWN:
        return indeterminate("lets through by pattern, which this control does not read", reading.path)
    return unreadable(reading, absent=PASS) or PASS


def _reads(type_: str) -> tuple[Read, ...]:
    return (
        Read(type_, at(type_, _SWITCH)),
        *(Read(type_, at(type_, each), absent=Verdict.PASS, empty=Verdict.PASS) for each in (_ALLOWED, _PATTERNS)),
        Read.aside(type_, at(type_, _RESTRICTED)),
    )


CONTROL = Control(
    id="NET-30",
    title="Networks inside a service perimeter reach guarded services only",
    why=(
        "Inside a perimeter a machine may still call any API that the perimeter does not restrict, and some of those "
        "can carry data away. The restriction must be on, and every API that it lets through one that the perimeter "
        "restricts, by name or by the word RESTRICTED-SERVICES. Patterns of services can widen the list and are not "
        "judged, so they are indeterminate. Dry runs and bridges are left out: NET-24 speaks of them."
    ),
    remedy="Use ServicePerimeter, or set `enable_restriction` to true and `allowed_services` to RESTRICTED-SERVICES.",
    severity=Severity.MEDIUM,
    objectives=("2.1.e", "6.1.a"),
    clauses=(
        partial("google-ai", "COM-CO-8.2", "Which services the perimeter restricts: NET-23."),
        partial("nist-800-53-r5", "SC-7", "Ways out that are no calls of Google's APIs: NET-20."),
    ),
    reads=(*_reads(PERIMETER), *_reads(PERIMETERS)),
    checks={PERIMETER: _perimeters, PERIMETERS: _perimeters},
)
