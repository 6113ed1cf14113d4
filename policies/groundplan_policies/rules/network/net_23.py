"""NET-23: a service perimeter covers the services that hold data."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries
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
from groundplan_policies.rules.network.links import named_by
from groundplan_policies.rules.network.perimeters import (
    NOT_SAID,
    PERIMETER,
    PERIMETERS,
    STATUS,
    at,
    is_bridge,
    is_enforced,
    perimeters_of,
    services,
)

_RESTRICTED: Final = f"{STATUS}.restrictedServices"
_INSIDE: Final = f"{STATUS}.resources"
_MEMBER: Final = "accesscontextmanager.ServicePerimeterResource"
_JOINED = Path("perimeterName")
_NOTHING: Final = frozenset({State.ABSENT, State.EMPTY})


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    required = context.parameters.required_perimeter_services
    if required == ():
        return
    found = 0
    for resource in context.graph.of(PERIMETER, PERIMETERS):
        regular = [each for each in perimeters_of(resource) if not is_bridge(each)]
        found += len(regular)
        if regular:
            yield (
                resource,
                NOT_SAID if required is None else all_of([_judge(each, required, context) for each in regular]),
            )
    for member in context.graph.of(_MEMBER):
        joined = named_by(member, _JOINED.one(member), context, PERIMETER)
        found += not joined
        elsewhere = indeterminate("joins a perimeter that this document does not show", _JOINED.text)
        yield member, PASS if joined else elsewhere
    if not found:
        absent = fail("the document holds no service perimeter, and the settings ask for one")
        yield None, NOT_SAID if required is None else absent


def _judge(perimeter: Block, required: tuple[str, ...], context: Context) -> Outcome:
    if not is_enforced(perimeter):
        return fail("is absent: what only a dry run restricts is not restricted", perimeter.one(_RESTRICTED).path)
    reading = perimeter.one(_RESTRICTED)
    named, unclear = services(reading)
    missing = sorted({each.lower() for each in required} - named)
    if missing and unclear is PASS:
        shown = ", ".join(missing)
        unclear = fail("is without services that the settings ask for", reading.path, shown)
    covers = PASS if not missing else unclear
    return all_of([covers, _inside(perimeter, context)])


def _inside(perimeter: Block, context: Context) -> Outcome:
    """Ask for something inside: projects or networks, in the perimeter itself or joined by resources of their own."""
    outcomes = [_resource(each) for each in entries(perimeter.one(_INSIDE))]
    if all(each is NOT_APPLICABLE for each in outcomes):
        for member in context.graph.of(_MEMBER):
            if perimeter.resource in (named_by(member, _JOINED.one(member), context, PERIMETER) or ()):
                return PASS
        return fail("is absent or empty: the perimeter is around nothing", perimeter.one(_INSIDE).path)
    return all_of(outcomes)


def _resource(reading: Reading) -> Outcome:
    if reading.state in _NOTHING:
        return NOT_APPLICABLE
    if reading.state is State.UNKNOWN:  # the number of a project that is made in this run, say
        return PASS
    return unreadable(reading, absent=PASS) or (PASS if reading.text else wrong_type(reading, "a project or a network"))


def _reads(type_: str) -> tuple[Read, ...]:
    return (
        Read(type_, at(type_, _RESTRICTED)),
        Read(type_, at(type_, _INSIDE), unknown=Verdict.PASS),
        Read.aside(type_, at(type_, "perimeterType")),
    )


CONTROL = Control(
    id="NET-23",
    title="A service perimeter covers the services that hold data",
    why=(
        "With a stolen credential anybody copies a bucket to a project of theirs, unless a perimeter stands between, "
        "whatever IAM says. Which services must be inside is the tier's to say; what only the dry run restricts is "
        "not restricted. Each regular perimeter must restrict them all and have something inside; which projects hold "
        "the data a document cannot tell, as perimeters name them by number. Projects that join a perimeter of "
        "elsewhere are indeterminate, as its services are not seen; without any perimeter the deployment fails."
    ),
    remedy="Use ServicePerimeter with `enforced`, and `further_services` for those that the settings add.",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("2.1.e", "2.2.b", "6.1.a"),
    clauses=(
        partial(
            "cis-gcp-5.0",
            "3.8",
            "Whether every project with sensitive data is inside.",
            required_perimeter_services=("bigquery.googleapis.com", "storage.googleapis.com"),
        ),
        partial("google-ai", "COM-CO-8.2", "Services beyond those that the settings list."),
        partial("nist-800-53-r5", "SC-7", "The borders of networks."),
    ),
    reads=(*_reads(PERIMETER), *_reads(PERIMETERS), Read(_MEMBER, _JOINED.text, *[Verdict.INDETERMINATE] * 5)),
    stack=_stack,
    settings=("required_perimeter_services",),
)
