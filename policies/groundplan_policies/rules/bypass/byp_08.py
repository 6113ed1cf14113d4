"""BYP-08: aliases take over no other resource, and no waiver."""

from collections import Counter
from collections.abc import Iterator, Mapping

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, partial
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, all_of, fail
from groundplan_policies.rules.bypass.options import option


def _claims(graph: Graph) -> Mapping[str, int]:
    """Count the resources that claim each former URN."""
    return Counter(alias for each in graph.document.resources for alias in set(each.aliases))


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    for resource in context.graph.document.resources:
        yield resource, all_of(_aliases(resource, context)) if resource.aliases else PASS


def _aliases(resource: Resource, context: Context) -> Iterator[Outcome]:
    yield PASS
    claims = context.graph.once(_claims)
    for alias in resource.aliases:
        if alias == resource.urn:
            continue
        if context.graph.document.get(alias) is not None:
            yield fail("an alias is the URN of another resource of this stack, whose place it would take")
        if alias in context.waived_urns:
            yield fail("an alias is a URN that a waiver names: the waiver was given to what had that name before")
        if claims[alias] > 1:
            yield fail("an alias is claimed by another resource too, so that chance decides which of them it was")


CONTROL = Control(
    id="BYP-08",
    title="Aliases take over no other resource, and no waiver",
    why=(
        "An alias says that a resource had another name before. With the name of one that exists, it takes that one's "
        "state, and what was protected under it is replaced. With a name that a waiver gives, people read the waiver "
        "as if it were for this resource. Waivers themselves hold for the current URN and type only. Aliases that "
        "follow from a parent's count as well as a resource's own."
    ),
    remedy="Remove the alias once every stack is updated; have what still stands waived anew, under the present URN.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    clauses=(partial("nist-800-53-r5", "CM-3", "Names that were changed in the state by hand."),),
    reads=(option("document:aliases"),),
    stack=_stack,
    waivable=False,
)
