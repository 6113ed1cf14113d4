"""NET-24: service perimeters are enforced, with narrow ways in."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, full
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, Verdict, all_of
from groundplan_policies.rules.network.blocks import Block
from groundplan_policies.rules.network.levels import BINDING, CONDITION, LEVEL, LEVELS, judge_levels
from groundplan_policies.rules.network.perimeters import (
    PERIMETER,
    PERIMETERS,
    STATUS,
    at,
    judge_enforced,
    judge_identities,
    judge_no_star,
    judge_type,
    perimeters_of,
)

_RULE: Final = "accesscontextmanager.ServicePerimeterIngressPolicy"
_POLICIES: Final = f"{STATUS}.ingressPolicies"
_FROM: Final = "ingressFrom"
_SOURCES: Final = (f"{_FROM}.sources.accessLevel", f"{_FROM}.sources.resource")


def _perimeters(resource: Resource, context: Context) -> Outcome:  # noqa: ARG001 - the form of a check
    return all_of([_perimeter(each) for each in perimeters_of(resource)])


def _perimeter(perimeter: Block) -> Outcome:
    return all_of([judge_type(perimeter), judge_enforced(perimeter), _ways_in(perimeter, f"{_POLICIES}.")])


def _rule(resource: Resource, context: Context) -> Outcome:  # noqa: ARG001 - the form of a check
    return _ways_in(Block(resource, "", resource.inputs), "")


def _ways_in(block: Block, path: str) -> Outcome:
    stars = [judge_no_star(block, f"{path}{each}", "sources") for each in _SOURCES]
    return all_of([judge_identities(block, f"{path}{_FROM}"), *stars])


def _optional(type_: str, *paths: str) -> tuple[Read, ...]:
    return tuple(Read(type_, path, absent=Verdict.PASS, empty=Verdict.PASS) for path in paths)


_IN: Final = (f"{_FROM}.identityType", *_SOURCES)

CONTROL = Control(
    id="NET-24",
    title="Service perimeters are enforced, with narrow ways in",
    why=(
        "A dry run logs what it would block and blocks nothing, so it counts as no perimeter, whatever it holds; "
        "beside an enforced part it is welcome. A way in for any identity, any user or any service account is one for "
        "every Google account there is, and a source of `*` one from everywhere. A rule without sources lets nobody "
        "in. An access level lets in whoever meets it, so one whose conditions keep nobody out opens each perimeter "
        "that names it: without conditions, for all addresses or countries, or turned round, for all but some; one by "
        "an expression is indeterminate. A bridge joins perimeters without a rule that says who and what passes, so "
        "it fails."
    ),
    remedy="Set `enforced` of ServicePerimeter once its dry run is quiet, and name principals, projects and levels.",
    severity=Severity.HIGH,
    objectives=("2.1.e", "2.2.b", "6.1.a"),
    clauses=(full("google-ai", "COM-CO-8.1"),),
    reads=tuple(
        read
        for type_ in (PERIMETER, PERIMETERS)
        for read in (
            *_optional(type_, at(type_, "perimeterType")),
            Read(type_, at(type_, STATUS)),
            *_optional(type_, *(at(type_, f"{_POLICIES}.{each}") for each in _IN)),
        )
    )
    + _optional(_RULE, *_IN)
    + (
        Read(LEVEL, "basic.conditions"),
        Read(LEVELS, "accessLevels.basic.conditions"),
        Read(CONDITION, "ipSubnetworks"),
        *_optional(CONDITION, "negate"),
        *(Read.aside(CONDITION, each) for each in BINDING),
        *(
            read
            for type_, path in ((LEVEL, ""), (LEVELS, "accessLevels."))
            for read in (
                *_optional(type_, f"{path}custom.expr.expression"),
                Read.aside(type_, f"{path}basic.combiningFunction"),
            )
        ),
    ),
    checks={
        PERIMETER: _perimeters,
        PERIMETERS: _perimeters,
        _RULE: _rule,
        **dict.fromkeys((LEVEL, LEVELS, CONDITION), judge_levels),
    },
)
