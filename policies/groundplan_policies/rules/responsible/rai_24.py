"""RAI-24: protection never drops downstream."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence, partial
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
from groundplan_policies.flow import SERVING, Edge, Kind, Role, data_flow
from groundplan_policies.flow.model import Way
from groundplan_policies.rules.data.classes import class_of
from groundplan_policies.rules.responsible.audience import is_wider, is_wider_in_kind
from groundplan_policies.rules.responsible.classes import is_laxer
from groundplan_policies.rules.responsible.sources import identifies, is_copy
from groundplan_policies.rules.responsible.strength import strength, takes_a_key

_HOLDING: Final = SERVING | {Role.STORE, Role.FEATURES}
_LABELLED: Final = (
    "storage.Bucket",
    "bigquery.Dataset",
    "vertex.AiFeatureGroup",
    "vertex.AiFeatureOnlineStore",
    "vertex.AiEndpoint",
)


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    flow = context.graph.once(data_flow)

    def follow(edge: Edge) -> bool:
        return identifies(edge, context)

    for node in flow.of(*_HOLDING):
        if node.resource is None or is_copy(node.resource, context):
            continue
        found = [
            _holds(
                node.resource,
                source.resource,
                context,
                sure=all(edge.sure for edge in way),
                learnt=not SERVING.isdisjoint({node.role, source.role}) or _is_learnt(way),
            )
            for key, way in flow.upstream(node.key, follow).items()
            if (source := flow.nodes[key]).role in _HOLDING and source.resource is not None
        ]
        if found:
            yield node.resource, all_of([PASS, *found])


def _is_learnt(way: Way) -> bool:
    return any(each.kind is Kind.DECLARED for each in way)


def _holds(derived: Resource, source: Resource, context: Context, *, sure: bool, learnt: bool) -> Outcome:
    """Say whether what holds data that came from a source protects it as well as the source.

    Args:
        derived: What holds the data.
        source: Where it came from.
        context: The deployment.
        sure: Whether it surely came.
        learnt: Whether what came is no copy, but what a model makes of it.
    """
    judged = [
        _class(derived, source, context),
        _key(derived, source, context),
        _audience(derived, source, context, learnt=learnt),
    ]
    found = all_of(judged)
    if found.verdict is Verdict.FAIL and not sure:
        return indeterminate("may hold what comes from a source that is better protected", "", source.name)
    return found


def _class(derived: Resource, source: Resource, context: Context) -> Outcome:
    laxer = is_laxer(class_of(derived, context), class_of(source, context), context)
    if laxer is None:
        return indeterminate("the settings do not say which classes there are")
    return (
        fail("is of a laxer class than a source of its data", "labels.classification", source.name) if laxer else PASS
    )


def _key(derived: Resource, source: Resource, context: Context) -> Outcome:
    if not (takes_a_key(derived) and takes_a_key(source)):
        return NOT_APPLICABLE
    mine, its = strength(derived, context), strength(source, context)
    if its == 0:
        return PASS
    if mine is None or its is None:
        return indeterminate(
            "has a key, or a source with one, of which nobody can tell how strong it is", "", source.name
        )
    return PASS if mine >= its else fail("is encrypted with a weaker key than a source of its data", "", source.name)


def _audience(derived: Resource, source: Resource, context: Context, *, learnt: bool) -> Outcome:
    wider = (is_wider_in_kind if learnt else is_wider)(derived, source, context)
    if wider is None:
        return indeterminate("may be open to others than a source of its data", "", source.name)
    return fail("is open to others than a source of its data", "", source.name) if wider else PASS


CONTROL = Control(
    id="RAI-24",
    title="Protection never drops downstream",
    why=(
        "Data is as safe as the worst place it is copied to. Whatever data comes to by references and grants (a table, "
        "a feature view, an online store, an index, an endpoint) is of a class at least as strict as each source, has "
        "a key at least as strong, and is open to nobody to whom the source is not: by grants on it, and for stores on "
        "its project and above. Service accounts do not count, as data goes on by them; of somebody by name nobody "
        "sees whether they are in a group that may read the source. What a model answers is no copy: others may ask "
        "it, but no wider kind of them (everybody, a domain, a set, names). "
        "Classes are strict in the order in which the settings list them; one that is unknown or missing counts as the "
        "strictest, for the source and for what comes of it. De-identification and masks end the way, as in RAI-07. "
        "What people and groups carry from one place to another is not seen."
    ),
    remedy="Give what is downstream the class, the key and the readers of its source.",
    ask="Ask who carries data from one place to another by hand, and where to.",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("2.1.e", "6.1.b"),
    clauses=(
        evidence("eu-ai-act", "10", "What programs do with the data that they may read."),
        partial("nist-800-53-r5", "AC-4", "Flows that neither references nor grants show."),
        evidence("nist-ai-rmf-1.0", "MEASURE 2.10", "Flows that neither references nor grants show."),
        evidence("iso-42001-2023", "A.7.5", "Where data came from before it got here."),
    ),
    reads=tuple(Read.aside(type_, "labels.classification") for type_ in _LABELLED),
    stack=_stack,
    settings=("classifications",),
)
