"""RAI-15: skew, drift and attribution are monitored."""

import re
from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence
from groundplan_policies.engine.expect import Expectation, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, declared, fail, indeterminate
from groundplan_policies.flow import Role, data_flow
from groundplan_policies.rules.data.numbers import number
from groundplan_policies.rules.responsible.declarations import MONITORING
from groundplan_policies.rules.responsible.monitors import monitors_of

_KINDS: Final = ("skew", "drift", "attribution")
_THRESHOLDS: Final = tuple(Path(f"monitor.{kind}") for kind in _KINDS)
_CRON: Final = re.compile(r"(?:(?:CRON_)?TZ=\S+\s+)?(?:[\d*/,A-Za-z-]+\s+){4}[\d*/,A-Za-z-]+")
_SCHEDULE: Final = Expectation(
    Path("monitor.schedule"),
    "when it runs, as cron has it",
    lambda value: isinstance(value, str) and _CRON.fullmatch(value.strip()) is not None,
    "a text",
    (str,),
)
_BASELINE: Final = Path("monitor.baselineUrn")
_FARTHEST: Final = 1
"""The most that the distances of Vertex AI can be: Jensen-Shannon divergence and L-infinity, from 0 to 1."""
_SAMPLES: Final = Path("monitor.samplingRate")


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    for endpoint in context.graph.of("vertex.AiEndpoint"):
        monitors = monitors_of(endpoint, context.graph)
        if not monitors:
            yield endpoint, fail("is monitored by nothing in this document")
        elif len(monitors) > 1:
            yield endpoint, fail("is monitored by several, so that nobody knows which thresholds hold")
        else:
            found = _judge(monitors[0], context)
            yield endpoint, declared("is said to be monitored") if found is PASS else found


def _judge(monitor: Resource, context: Context) -> Outcome:
    kinds = [_features(each.one(monitor)) for each in _THRESHOLDS]
    return all_of([*kinds, _SCHEDULE(monitor, context), _samples(monitor), _baseline(monitor, context)])


def _features(reading: Reading) -> Outcome:
    """Judge the thresholds of one kind: a number above 0 for each of some features."""
    nothing = fail("has no threshold for any feature", reading.path)
    missing = unreadable(reading, absent=nothing, empty=nothing)
    if missing is not None:
        return missing
    if not isinstance(reading.value, dict):
        return wrong_type(reading, "an object")
    numbers = reading.value.values()
    good = all(isinstance(each, (int, float)) and not isinstance(each, bool) and each > 0 for each in numbers)
    if not good:
        return indeterminate("holds something else than numbers above 0", reading.path)
    reached = all((number(each) or _FARTHEST) < _FARTHEST for each in numbers)
    return PASS if reached else fail("holds a threshold that no distance is above", reading.path)


def _baseline(monitor: Resource, context: Context) -> Outcome:
    named = _BASELINE.one(monitor)
    nothing = fail("names no data of this document to compare with", named.path)
    missing = unreadable(named, absent=nothing, empty=nothing)
    if missing is not None:
        return missing
    stores = {urn for store in context.graph.once(data_flow).of(Role.STORE) for urn in _around(store.key, context)}
    found = named.state is State.KNOWN and named.text in stores
    return PASS if found else fail("names no data that is in this document", named.path)


def _around(urn: str, context: Context) -> Iterator[str]:
    """Give the URN of a resource, and of the constructs around it."""
    here = context.graph.document.get(urn)
    while here is not None and not here.is_stack:
        yield here.urn
        here = context.graph.parent(here)


def _samples(monitor: Resource) -> Outcome:
    reading = _SAMPLES.one(monitor)
    missing = unreadable(reading, absent=fail("is missing: the share of requests that is looked at", reading.path))
    if missing is not None:
        return missing
    found = number(reading.value)
    if found is None:
        return wrong_type(reading, "a number")
    return PASS if 0 < found <= 1 else fail("is no share of the requests", reading.path)


CONTROL = Control(
    id="RAI-15",
    title="Skew, drift and attribution are monitored",
    why=(
        "A model is right for the data that it learnt from. When what it is asked differs from that (skew), changes "
        "(drift), or when it begins to decide by other features (attribution), it is wrong long before anybody "
        "complains. Each endpoint is watched by one construct, with thresholds for features of all three kinds, a "
        "schedule, a share of the requests, and a baseline that is a store of this document. The provider has no "
        "resource for a monitor of models: whoever deploys obeys the contract, so a pass is declared."
    ),
    remedy="Use ModelMonitoring for the endpoint, with thresholds of each kind and a baseline.",
    ask="See in Vertex AI that the monitor of each endpoint runs, with these thresholds, and read its last results.",
    severity=Severity.HIGH,
    evidence=Evidence.DECLARATION,
    objectives=("6.2.a", "6.2.b"),
    clauses=(
        evidence("eu-ai-act", "72", "The plan of monitoring after the model is on the market."),
        evidence("nist-ai-rmf-1.0", "MEASURE 2.4", "What is done with what monitoring finds."),
        evidence("iso-42001-2023", "A.6.2.6", "What is done with what monitoring finds."),
    ),
    reads=(
        *(Read(MONITORING, each.text) for each in _THRESHOLDS),
        _SCHEDULE.reads(MONITORING),
        Read(MONITORING, _SAMPLES.text),
        Read(MONITORING, _BASELINE.text, wrong=Verdict.FAIL),
    ),
    stack=_stack,
)
