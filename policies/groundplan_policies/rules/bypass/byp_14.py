"""BYP-14: the document holds the whole deployment."""

from collections.abc import Iterator

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, partial
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail
from groundplan_policies.rules.bypass.options import option, without_provider


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    gaps = dict.fromkeys((*context.gaps, *context.graph.document.gaps))
    missing = [outcome for _, outcome in without_provider(context, "may set defaults of their own")]
    yield None, all_of([PASS, *(fail(each) for each in gaps), *missing])


CONTROL = Control(
    id="BYP-14",
    title="The document holds the whole deployment",
    why=(
        "A preview of one target, or one that leaves out what does not change, shows a part, and the part may be "
        "clean. Every gap that the format tells of is named: resources left out, a stack without its root, operations "
        "that did not come to their end, old resources that still wait to be deleted. Controls that look at the "
        "deployment as a whole then say indeterminate. A provider that is missing is indeterminate here too: its "
        "defaults decide project and region. What a document cannot tell is what was made past this program."
    ),
    remedy="Run `groundplan preview`, or `pulumi preview --json --show-sames` without a target; after an update that "
    "was cut short run `pulumi refresh`.",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    clauses=(partial("nist-800-53-r5", "CA-7", "What is changed between two checks."),),
    reads=(
        option("document:resources", absent=Verdict.FAIL),
        option("document:pending_operations"),
        option("document:delete"),
        option("document:provider", absent=Verdict.INDETERMINATE),
    ),
    stack=_stack,
    waivable=False,
)
