"""SUP-04: old artifacts are cleaned up, and the newest kept."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, full
from groundplan_policies.engine.expect import is_false, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, all_of, fail
from groundplan_policies.rules.supply.repositories import MODE, REPOSITORY, VIRTUAL, mode_of

_ACTION = Path("cleanupPolicies.action")
_FOR_REAL = is_false("cleanupPolicyDryRun")


def _judge(resource: Resource, context: Context) -> Outcome:
    if mode_of(resource) == VIRTUAL:
        return NOT_APPLICABLE
    actions = _ACTION.read(resource)
    return all_of([_FOR_REAL(resource, context), _has(actions, "DELETE"), _has(actions, "KEEP")])


def _has(actions: list[Reading], wanted: str) -> Outcome:
    """Ask for a policy with an action. One whose action cannot be read may be it."""
    if any(each.text.upper() == wanted for each in actions):
        return PASS
    nothing = fail(f"hold none that says {wanted}", "cleanupPolicies")
    return next((each for each in map(_unclear, actions) if each is not PASS), nothing)


def _unclear(action: Reading) -> Outcome:
    missing = unreadable(action, absent=PASS)
    return missing or (PASS if isinstance(action.value, str) else wrong_type(action, "a text"))


CONTROL = Control(
    id="SUP-04",
    title="Old artifacts are cleaned up, and the newest kept",
    why=(
        "Images that nobody runs any more are paid for every month, and keep old faults at hand to be deployed again. "
        "A policy that deletes without one that keeps can take the image that runs. In a dry run nothing is deleted. A "
        "virtual repository keeps nothing and does not apply."
    ),
    remedy="Use ImageRepository, or give `cleanup_policies` one that deletes and one that keeps.",
    severity=Severity.LOW,
    objectives=("5.3.b",),
    clauses=(full("google-ai", "AR-CO-6.1"),),
    reads=(Read(REPOSITORY, _ACTION.text), _FOR_REAL.reads(REPOSITORY), Read.aside(REPOSITORY, MODE.text)),
    checks={REPOSITORY: _judge},
)
