"""RAI-23: purpose, residency and retention agree along every edge."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Reason,
    Severity,
    Verdict,
    all_of,
    declared,
    fail,
    indeterminate,
)
from groundplan_policies.flow import Edge, Role, data_flow
from groundplan_policies.rules.data.classes import class_of, is_personal
from groundplan_policies.rules.data.numbers import number
from groundplan_policies.rules.data.places import PLACES, place_reads, places_of
from groundplan_policies.rules.responsible.audience import readers_by_name
from groundplan_policies.rules.responsible.classes import CLASS, is_about_people, is_laxer
from groundplan_policies.rules.responsible.declarations import AGREEMENT, agreements_of, purpose_of
from groundplan_policies.rules.responsible.residency import is_inside
from groundplan_policies.rules.responsible.retention import kept_at_most
from groundplan_policies.rules.responsible.sources import identifies

_PURPOSES, _RESIDENCY = Path("agreement.purposes"), Path("agreement.residency")
_CONSUMERS, _OWNER = Path("agreement.consumers"), Path("agreement.owner")
_RETENTION: Final = Path("agreement.retentionDays")
_HOLDING: Final = (Role.STORE, Role.FEATURES, Role.INDEX, Role.ENDPOINT, Role.SEARCH)
_TYPES: Final = (
    "storage.Bucket",
    "bigquery.Dataset",
    "vertex.AiFeatureOnlineStore",
    "vertex.AiEndpoint",
)


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    flow = context.graph.once(data_flow)
    for node in flow.of(Role.STORE):
        store = node.resource
        agreements = agreements_of(store, context.graph) if store is not None else ()
        if store is not None and agreements:
            each_holds = (each for one in agreements for each in _judge(store, one, context))
            found = all_of([PASS, _people(store, agreements, context), *each_holds])
            yield store, declared("is used as was agreed, as far as it shows") if found is PASS else found


def _people(store: Resource, agreements: tuple[Resource, ...], context: Context) -> Outcome:
    """Judge whether data about people is under an agreement that is about people, too."""
    laxer = all(is_about_people(each, context) is False for each in agreements)
    if laxer and is_personal(store, context) is not False:
        return fail("is about people, or nobody says of what class, and is under no agreement on data about people")
    return PASS


def _judge(store: Resource, agreement: Resource, context: Context) -> Iterator[Outcome]:
    """Hold a source, and everything to which its data goes, to one agreement on it."""
    flow = context.graph.once(data_flow)

    def follow(edge: Edge) -> bool:
        return identifies(edge, context)

    yield _class(store, agreement, context)
    yield _consumers(store, agreement, context)
    people = is_about_people(agreement, context) is not False
    clear = flow.downstream(store.urn, follow) if people else {}
    for key in (store.urn, *clear):
        here = flow.nodes[key]
        if here.role in _HOLDING and here.resource is not None:
            yield _about(_residency(here.resource, agreement, context), here.resource, store)
            yield _about(_retention(here.resource, agreement, context), here.resource, store)
    for key in flow.downstream(store.urn):
        user = flow.nodes[key].resource
        if user is not None:
            yield _about(_purpose(user, agreement, context), user, store)


def _about(outcome: Outcome, resource: Resource, source: Resource) -> Outcome:
    """Say of a source what is wrong where its data goes; the name of that is shown apart."""
    if outcome is PASS or outcome is NOT_APPLICABLE or resource is source:
        return outcome
    reasons = tuple(Reason("", f"goes to what {each.message}", resource.name) for each in outcome.reasons)
    return outcome._replace(reasons=reasons)


def _class(resource: Resource, agreement: Resource, context: Context) -> Outcome:
    agreed = CLASS.one(agreement)
    if agreed.state is not State.KNOWN or not agreed.text:
        return indeterminate("is under an agreement that says no class of data")
    laxer = is_laxer(class_of(resource, context), agreed.text, context)
    if laxer is None:
        return indeterminate("the settings do not say which classes there are")
    return fail("is of a laxer class than its agreement says") if laxer else PASS


def _residency(resource: Resource, agreement: Resource, context: Context) -> Outcome:
    if short_name(resource.type) not in PLACES and short_name(resource.type) != "bigquery.Table":
        return NOT_APPLICABLE
    agreed = [each for reading in _RESIDENCY.read(agreement) for each in entries(reading)]
    if not agreed or any(each.state is not State.KNOWN for each in agreed):
        return indeterminate("is under an agreement that does not say where data may be")
    return all_of([_inside(each, [one.text for one in agreed]) for each in places_of(resource, context)])


def _inside(place: Reading, allowed: list[str]) -> Outcome:
    if place.state is not State.KNOWN or not place.text:
        return indeterminate("does not tell where the data is")
    return PASS if is_inside(place.text, allowed) else fail("is where the agreement does not let the data be")


def _retention(resource: Resource, agreement: Resource, context: Context) -> Outcome:
    reading = _RETENTION.one(agreement)
    days = number(reading.value) if reading.state is State.KNOWN else None
    if days is None:
        return indeterminate("is under an agreement that says no number of days")
    return kept_at_most(resource, days, context)


def _consumers(store: Resource, agreement: Resource, context: Context) -> Outcome:
    """Hold the people and groups who are let in to those with whom it was agreed."""
    agreed = [each for reading in (*_CONSUMERS.read(agreement), *_OWNER.read(agreement)) for each in entries(reading)]
    named = {each.text.lower() for each in agreed}
    others = [each for each in readers_by_name(store, context) if each.lower() not in named]
    if not others:
        return PASS
    if any(each.state is State.UNKNOWN for each in agreed):
        return indeterminate("may be read by somebody who is no consumer of the agreement")
    return fail("is read by somebody who is no consumer of the agreement")


def _purpose(resource: Resource, agreement: Resource, context: Context) -> Outcome:
    purpose = purpose_of(resource, context.graph)
    if not purpose:
        return NOT_APPLICABLE
    agreed = [each for reading in _PURPOSES.read(agreement) for each in entries(reading)]
    if any(each.value == purpose for each in agreed):
        return PASS
    if any(each.state is State.UNKNOWN for each in agreed):
        return indeterminate("serves a purpose of which nobody can tell whether it was agreed")
    return fail("serves a purpose that was not agreed")


CONTROL = Control(
    id="RAI-23",
    title="Purpose, residency and retention agree along edges",
    why=(
        "What was promised of data holds wherever it goes, and is forgotten one copy later. Each store under an "
        "agreement is of its class at least, about people only if one of its agreements is, in its places, kept for no "
        "longer than its days, and read by no people and groups, through grants on it, but the owner and the consumers "
        "of the agreement; where the data is about people, so is in place and time everything to which it goes by "
        "references and grants, as long as it tells who they are. Whatever serves a purpose with it, also after "
        "de-identification, serves one that was agreed; what says no purpose is judged by RAI-03 where it serves "
        "models. A region inside of an allowed multi-region counts. A training job, and the copy of a model that an "
        "endpoint holds, are kept for as long as nobody sees here; nor is it seen who is in a group, and which "
        "accounts read for whom."
    ),
    remedy="Change the store or the grant, or have the agreement changed by whoever answers for the data.",
    ask="Ask for what else the data is used, and see that what is past its days is gone, also from copies.",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("2.1.a", "2.1.e", "6.1.b"),
    clauses=(
        evidence("eu-ai-act", "10", "Whether the data suits the purpose."),
        evidence("nist-ai-rmf-1.0", "MEASURE 2.10", "Use beyond what is declared."),
        evidence("iso-42001-2023", "A.7.3", "Use beyond what is declared."),
    ),
    reads=(
        *(Read.aside(AGREEMENT, each.text) for each in (_PURPOSES, _CONSUMERS, _OWNER)),
        Read(AGREEMENT, _RESIDENCY.text, absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE, wrong=Verdict.FAIL),
        Read(AGREEMENT, _RETENTION.text, absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
        Read(AGREEMENT, CLASS.text, absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
        *(read for type_ in _TYPES for read in place_reads(type_)),
    ),
    stack=_stack,
    settings=("classifications",),
)
