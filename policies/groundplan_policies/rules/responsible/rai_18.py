"""RAI-18: request logs are kept, without personal fields."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence
from groundplan_policies.engine.expect import is_true, wrong_type
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    all_of,
    declared,
    fail,
    indeterminate,
)
from groundplan_policies.flow import data_flow
from groundplan_policies.flow.masking import tags_of
from groundplan_policies.flow.places import TABLE
from groundplan_policies.rules.data.classes import class_of, is_personal
from groundplan_policies.rules.data.numbers import number
from groundplan_policies.rules.responsible.declarations import agreements_of, is_high_risk, review_of
from groundplan_policies.rules.responsible.retention import kept_at_least, kept_at_most

DAYS: Final = 183
"""Six months, the least that the AI Act asks for (Regulation (EU) 2024/1689, articles 19 and 26)."""

_ENABLED: Final = is_true("predictRequestResponseLoggingConfig.enabled")
_TO: Final = Path("predictRequestResponseLoggingConfig.bigqueryDestination.outputUri")
_RETENTION: Final = Path("agreement.retentionDays")


def _check(endpoint: Resource, context: Context) -> Outcome:
    if not is_high_risk(review_of(endpoint, context.graph)):
        return NOT_APPLICABLE
    enabled = _ENABLED(endpoint, context)
    if enabled is not PASS:
        return enabled
    place = _TO.one(endpoint)
    if place.state is State.KNOWN and not isinstance(place.value, str):
        return wrong_type(place, "a text")
    return all_of(list(_stores(endpoint, context)))


def _stores(endpoint: Resource, context: Context) -> Iterator[Outcome]:
    flow = context.graph.once(data_flow)
    edges = [edge for edge in flow.out(endpoint.urn) if edge.through == endpoint.urn]
    if not edges:
        yield fail("goes to no table of this document, so that nobody sees for how long it is kept", _TO.text)
    for edge in edges:
        store = flow.nodes[edge.target].resource
        if store is None or not edge.sure:
            yield indeterminate("may go to a table that cannot be told", _TO.text)
        else:
            yield _at(kept_at_least(store, DAYS, context))
            yield _at(_not_too_long(endpoint, store, context))
            yield _protected(store, context)


def _at(outcome: Outcome) -> Outcome:
    """Say of the endpoint what is wrong with its log."""
    if outcome is PASS or outcome is NOT_APPLICABLE:
        return outcome
    return outcome._replace(
        reasons=tuple(
            each._replace(path=_TO.text, message=f"goes to a table that {each.message}") for each in outcome.reasons
        )
    )


def _not_too_long(endpoint: Resource, store: Resource, context: Context) -> Outcome:
    """Hold the log to the shortest time of the agreements on the endpoint's data."""
    agreements = agreements_of(endpoint, context.graph)
    if not agreements:
        return fail("is under no agreement of this document that says for how long it may be kept")
    days = [_days(each) for each in agreements]
    agreed = [each for each in days if each is not None]
    if len(agreed) < len(days):
        return indeterminate("is under an agreement that says no number of days")
    return kept_at_most(store, min(agreed), context)


def _days(agreement: Resource) -> float | None:
    reading = _RETENTION.one(agreement)
    return number(reading.value) if reading.state is State.KNOWN else None


def _protected(store: Resource, context: Context) -> Outcome:
    """Requests are what people said of themselves.

    The columns of a table that this document makes carry tags. Google makes the table itself where there is none yet,
    without tags: then its dataset says that it holds data about people, so that it is kept and guarded as such.
    """
    if is_personal(store, context) is False:
        return PASS
    if short_name(store.type) == TABLE:
        tagged = bool(tags_of(store, context.graph))
        return (
            PASS if tagged else fail("goes to a table about people of which no column carries a policy tag", _TO.text)
        )
    if class_of(store, context) in (context.parameters.personal_classes or ()):
        return declared("goes to a table that Google makes, in a dataset that is said to be about people", _TO.text)
    return fail("goes to a dataset that does not say whether it is about people", _TO.text)


CONTROL = Control(
    id="RAI-18",
    title="Request logs are kept, without personal fields",
    why=(
        "Without the requests nobody can say afterwards why a model decided as it did, and with them there is "
        "another copy of what people said of themselves. For a high-risk use, or one whose risk nobody said, "
        "requests are logged to a table of this document, for 183 days at least (AI Act, articles 19 and 26) and for "
        "no longer than the agreement on the endpoint's data allows; a table of this document about people has "
        "columns with policy tags, and one that Google makes, which has none, is in a dataset that is labelled as "
        "about people and so guarded as such: declared. Which columns carry tags is a matter of DAT-10; whether "
        "requests are logged for other uses, of SRV-02."
    ),
    remedy="Give `request_log=` to OnlineEndpoint, with a table of a Warehouse whose payload columns are personal.",
    ask="Look into some rows of the log: does one of them say more of somebody than the agreement allows?",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("6.2.a", "6.1.b"),
    clauses=(
        evidence("eu-ai-act", "12", "Events beside requests."),
        evidence("eu-ai-act", "19", "Logs beside requests."),
        evidence("eu-ai-act", "26", "Other duties of deployers."),
        evidence("nist-ai-rmf-1.0", "MEASURE 2.10", "Privacy beside that of requests."),
        evidence("iso-42001-2023", "A.6.2.8", "Events beside requests."),
    ),
    reads=(
        _ENABLED.reads("vertex.AiEndpoint"),
        Read("vertex.AiEndpoint", _TO.text, wrong=_ENABLED.wrong),
    ),
    checks={"vertex.AiEndpoint": _check},
    settings=("personal_classes",),
)
