"""Every resource of a deployment, with where it is, what encrypts it, and what the controls say of it."""

from collections import Counter
from collections.abc import Iterable, Mapping

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.results import Evaluation
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.evidence.facts import data_class, key_of, name_of, part_of, place_of, project_of, type_name
from groundplan_policies.evidence.model import Item, Result

_LOOKED_AT = "looked at"
_UNKNOWN = "nobody has reviewed this type"


def inventory(context: Context, evaluation: Evaluation, results: Iterable[Result]) -> tuple[Item, ...]:
    """List the managed resources in the order of the document. Providers are none: they make, and are not made.

    Args:
        context: The deployment.
        evaluation: What was found.
        results: What each control says, with what it passes.
    """
    failed = _failed(evaluation)
    passed = Counter(urn for each in results for urn in each.passes)
    about = _about(evaluation)
    return tuple(
        _item(each, context, failed.get(each.urn, ()), passed[each.urn], about.get(each.type, _LOOKED_AT))
        for each in context.graph.document
        if each.custom and not each.is_provider
    )


def _item(resource: Resource, context: Context, failed: tuple[str, ...], passed: int, looked_at: str) -> Item:
    return Item(
        urn=resource.urn,
        name=name_of(resource),
        type=type_name(resource),
        part_of=part_of(resource, context.graph),
        project=project_of(resource, context.graph),
        place=place_of(resource, context),
        key=key_of(resource, context),
        data_class=data_class(resource, context),
        source=resource.source,
        failed=failed,
        passed=passed,
        looked_at=looked_at,
    )


def _failed(evaluation: Evaluation) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for each in evaluation.findings:
        if each.verdict is not Verdict.DECLARED:
            found.setdefault(each.urn, []).append(each.control)
    return {urn: tuple(dict.fromkeys(controls)) for urn, controls in found.items()}


def _about(evaluation: Evaluation) -> Mapping[str, str]:
    """Say of each type that no rule looks at why that is so."""
    reviewed = {each.type: each.reason or _LOOKED_AT for each in evaluation.types.reviewed}
    return reviewed | {each.type: _UNKNOWN for each in evaluation.types.unknown}
