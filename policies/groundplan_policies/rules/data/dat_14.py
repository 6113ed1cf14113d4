"""DAT-14: inspection jobs keep findings, not quotes."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import every, is_false, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, any_of, fail, indeterminate
from groundplan_policies.rules.data.jobs import HEALTHY, SCHEDULED

_TRIGGER = "dataloss.PreventionJobTrigger"
_TEMPLATE = "dataloss.PreventionInspectTemplate"
_TEMPLATE_QUOTE = is_false("inspectConfig.includeQuote")
_JOB_QUOTE = is_false("inspectJob.inspectConfig.includeQuote")
_ACTIONS = Path("inspectJob.actions")
_NAMED_TEMPLATE = Path("inspectJob.inspectTemplateName")
_SAVE = "saveFindings"
_PUBLISH = ("publishFindingsToDataplexCatalog", "publishSummaryToCscc")


def _keeps_findings(resource: Resource, _context: Context) -> Outcome:
    actions = _ACTIONS.one(resource)
    nothing = fail("names no action that saves or publishes findings", actions.path)
    missing = unreadable(actions, absent=nothing)
    return missing or any_of([nothing, *map(_keeps, entries(actions))])


def _keeps(action: Reading) -> Outcome:
    """Say whether one action keeps findings. Publishing takes an empty block; saving says where to."""
    nothing = fail("saves no findings", action.path)
    missing = unreadable(action, absent=nothing)
    if missing is not None:
        return missing
    if not isinstance(action.value, dict):
        return wrong_type(action, "an object")
    blocks = [read_value(action.value, action.path, key)[0] for key in (_SAVE, *_PUBLISH) if key in action.value]
    return any_of([nothing, *map(_block, blocks)])


def _block(block: Reading) -> Outcome:
    nothing = fail("saves no findings", block.path)
    publishes = block.state is State.EMPTY and not block.path.endswith(_SAVE)
    missing = unreadable(block, absent=nothing, empty=PASS if publishes else nothing)
    if missing is not None:
        return missing
    return PASS if isinstance(block.value, dict) else wrong_type(block, "an object")


def _template_is_seen(resource: Resource, context: Context) -> Outcome:
    named = _NAMED_TEMPLATE.one(resource)
    if named.state in {State.ABSENT, State.EMPTY}:
        return PASS
    is_text = isinstance(named.value, str)
    if is_text and context.graph.resolve(resource, named, _TEMPLATE) is not None:
        return PASS
    return indeterminate("names a template that is not in this document, so nobody can see what it quotes", named.path)


CONTROL = Control(
    id="DAT-14",
    title="Inspection jobs keep findings, not quotes",
    why=(
        "A job that quotes what it finds copies the personal data into its report, where other people read it. One "
        "that keeps no findings, is paused, or runs only by hand tells nobody anything. A message or a metric at the "
        "end of a job holds no findings, so it counts for nothing here."
    ),
    remedy="Leave out `include_quote`, add `save_findings` or a publish action, and give the trigger a schedule.",
    severity=Severity.MEDIUM,
    objectives=("2.1.e", "5.1.a"),
    clauses=(partial("google-ai", "COM-CO-5.1", "That discovery runs over all data: DAT-13."),),
    reads=(
        _TEMPLATE_QUOTE.reads(_TEMPLATE),
        _JOB_QUOTE.reads(_TRIGGER),
        Read(_TRIGGER, "inspectJob.inspectTemplateName", absent=Verdict.PASS, empty=Verdict.PASS),
        Read(_TRIGGER, "inspectJob.actions"),
        HEALTHY.reads(_TRIGGER),
        SCHEDULED.reads(_TRIGGER),
    ),
    checks={
        _TEMPLATE: _TEMPLATE_QUOTE,
        _TRIGGER: every(_JOB_QUOTE, _template_is_seen, _keeps_findings, HEALTHY, SCHEDULED),
    },
)
