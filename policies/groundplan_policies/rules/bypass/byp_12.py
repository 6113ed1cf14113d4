"""BYP-12: checked values come from this deployment, or from a stack that is checked itself."""

from collections.abc import Iterator

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, partial
from groundplan_policies.engine.readers import Reader
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, all_of, declared, indeterminate
from groundplan_policies.rules.bypass.options import EVERY, option
from groundplan_policies.rules.bypass.stacks import stack_references


def _check(resource: Resource, context: Context) -> Outcome:
    stacks = context.graph.once(stack_references)
    if not stacks:
        return PASS
    outcomes = list(_values(resource, context))
    return all_of(outcomes) if outcomes else PASS


def _values(resource: Resource, context: Context) -> Iterator[Outcome]:
    stacks = context.graph.once(stack_references)
    for path, urns in _sources(resource, context):
        references = [urn for urn in urns if urn in stacks]
        readers = context.readers.covered(resource.type, (path,)) if references else ()
        if not readers:
            continue
        checked = context.parameters.checked_stacks or ()
        yield _judged(readers, path, checked=all(stacks[urn] in checked for urn in references))


def _sources(resource: Resource, context: Context) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the places of the inputs with the resources whose outputs they were made of.

    By leaf where the document keeps the provenance; else by top-level property, which is all that Pulumi keeps.
    """
    kept = context.graph.document.member.provenance.get(resource.urn)
    yield from (resource.property_dependencies if kept is None else kept).items()


def _judged(readers: tuple[Reader, ...], path: str, *, checked: bool) -> Outcome:
    if checked:
        return declared("comes from another stack, which the settings say is checked by itself", path)
    return indeterminate(
        f"comes from another stack: what {readers[0].control} reads there was not looked at here", path
    )


CONTROL = Control(
    id="BYP-12",
    title="Checked values come from this deployment, or from a stack that is checked itself",
    why=(
        "A key or a network from another stack's output is a name: nobody sees here how the key rotates, or who reads "
        "the stack that wrote the name. Decided, as for BYP-10 and BYP-13: a verdict of its own on the resource, "
        "indeterminate, for each property that a control reads. Where the settings name the other stack among "
        "`checked_stacks`, because its own document passes the same gate, the value is declared, and never passed. "
        "What a function of a provider answers cannot be told from a value that was written: no document says where "
        "it came from. If it is known, the controls judge it as it stands; if not, they say so themselves."
    ),
    remedy="Check the other stack's document too, and name that stack in the settings under `checked_stacks`.",
    ask="See the evidence of the other stack, of the same day.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    clauses=(partial("nist-800-53-r5", "CM-6", "Values that a provider's functions look up."),),
    reads=(option("document:propertyDependencies"),),
    checks={EVERY: _check},
    settings=("checked_stacks",),
    waivable=False,
)
