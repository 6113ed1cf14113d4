"""BYP-15: whoever loosens the shipped settings says so."""

from collections.abc import Iterator

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.levels import Loosening
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, declared, fail
from groundplan_policies.rules.bypass.options import option


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    yield None, all_of([PASS, *(_judge(each) for each in context.settings_changes)])


def _judge(change: Loosening) -> Outcome:
    if change.explained:
        return declared("the settings ask less than the tier, and say who answers for it and why", shown=change.what)
    if change.lapsed:
        return fail("the settings ask less than the tier, and the explanation's last day is over", shown=change.what)
    return fail("the settings ask less than the tier, and nobody says who answers for it and why", shown=change.what)


CONTROL = Control(
    id="BYP-15",
    title="Whoever loosens the shipped settings says so",
    why=(
        "One line in a settings file silences a control on every resource, for ever, without a waiver. Each lowered "
        "level, widened parameter and control that is off is compared with the tier that the settings extend. It fails "
        "without an author and a reason, or after the last day of the explanation; explained it is declared, and never "
        "passed: the clauses that it no longer meets are taken away elsewhere."
    ),
    remedy="Take the line out of the settings file, or explain it there under `loosened`, with author, reason and "
    "expiry.",
    ask="Ask whoever is named whether the reason for asking less still holds.",
    severity=Severity.HIGH,
    clauses=(
        partial("nist-800-53-r5", "CM-6", "Whether the explanation is a good one."),
        partial("nist-800-53-r5", "CA-7", "Settings that were given by hand for one run."),
    ),
    reads=tuple(option(f"settings:{name}", absent=Verdict.PASS) for name in ("levels", "parameters", "disabled")),
    stack=_stack,
    waivable=False,
)
