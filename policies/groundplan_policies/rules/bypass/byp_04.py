"""BYP-04: no provider's default decides a checked value unseen."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail
from groundplan_policies.rules.bypass.options import without_provider

_LABELS = Path("defaultLabels")
_PLACES: Final = (Path("project"), Path("region"), Path("zone"))
_OWN_LABELS: Final = ("classification", "owner")
"""Labels that are a statement about one resource. As a provider's default they state it of everything."""


def _check(resource: Resource, context: Context) -> Outcome:
    return all_of([PASS, _labels(resource), *(_place(resource, path.one(resource), context) for path in _PLACES)])


def _labels(resource: Resource) -> Outcome:
    reading = _LABELS.one(resource)
    unclear = unreadable(reading, absent=PASS)
    if unclear is not None:
        return unclear
    labels = _object(reading.value)
    if labels is None:
        return wrong_type(reading, "an object")
    found = [
        fail("states of every resource what only it can say of itself", f"{reading.path}.{key}", key)
        for key in _OWN_LABELS
        if any(str(label).strip().lower() == key for label in labels)
    ]
    return all_of(found) if found else PASS


def _object(value: Value) -> Mapping[str, Value] | None:
    """Give labels as an object. Explicit providers get objects as JSON texts."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, dict) else None


def _place(resource: Resource, reading: Reading, context: Context) -> Outcome:
    made = reading.state is State.UNKNOWN and context.graph.resolve(resource, reading, "organizations.Project")
    unclear = None if made else unreadable(reading, absent=PASS)
    if unclear is not None:
        return unclear
    return PASS if made or isinstance(reading.value, str) else wrong_type(reading, "a text")


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    yield from without_provider(context, "may set project, region, zone and labels")


CONTROL = Control(
    id="BYP-04",
    title="No provider's default decides a checked value unseen",
    why=(
        "A resource that names no project or region gets its provider's, so the controls read that of the resource's "
        "own provider; here it is asked that the provider can be read. A project that is made in this program counts. "
        "Default labels are another matter: `classification` and `owner` are statements about one resource, and a "
        "default would classify whatever anybody adds later. The controls on data never read default labels, and "
        "here they fail. A provider that the document lacks is said once, of the stack as a whole."
    ),
    remedy="Give `classification` and `owner` in the `labels` of each resource, as the constructs do, and not in "
    "`default_labels`.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    clauses=(partial("nist-800-53-r5", "CM-6", "Defaults in the environment of whoever deploys."),),
    reads=(
        Read("Provider", "defaultLabels", absent=Verdict.PASS, empty=Verdict.PASS),
        *(Read("Provider", path.text, absent=Verdict.PASS, empty=Verdict.PASS) for path in _PLACES),
    ),
    checks={"Provider": _check},
    stack=_stack,
    waivable=False,
)
