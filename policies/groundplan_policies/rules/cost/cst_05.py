"""CST-05: requests for quota are bounded."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import is_absent, is_one_of
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, all_of, fail
from groundplan_policies.rules.cost.numbers import capped
from groundplan_policies.rules.data.numbers import number

_REQUEST: Final = "cloudquota.SQuotaPreference"
_ADJUSTER: Final = "cloudquota.SQuotaAdjusterSettings"
_NOT_BY_ITSELF: Final = is_one_of("enablement", "DISABLED")
_PREFERRED: Final = Path("quotaConfig.preferredValue")
_SAFETY: Final = is_absent("ignoreSafetyChecks", "Google's safety checks to be left out")


def _check(resource: Resource, context: Context) -> Outcome:
    reading = _PREFERRED.one(resource)
    absent = fail("names no value", reading.path)
    bounded = capped(reading, context.parameters.quota_cap, "units", absent)
    nothing = reading.state is State.KNOWN and number(reading.value) == 0  # which asks for none at all
    return all_of([PASS if nothing else bounded, _SAFETY(resource, context)])


CONTROL = Control(
    id="CST-05",
    title="Requests for quota are bounded",
    why=(
        "A quota is the last thing that stops a bill. A request for more names a value, which is no more than the "
        "settings allow (`quota_cap`); -1, which is no limit at all, and leaving out Google's safety checks fail. So "
        "does the adjuster, with which Google asks for more by itself whenever much of a quota is used."
    ),
    remedy="Ask for what is needed, leave out `ignore_safety_checks`, and switch the adjuster off.",
    severity=Severity.LOW,
    objectives=("3.3.a",),
    clauses=(partial("nist-800-53-r5", "SC-6", "Quotas that nobody asked to change."),),
    reads=(Read(_REQUEST, _PREFERRED.text), _SAFETY.reads(_REQUEST), _NOT_BY_ITSELF.reads(_ADJUSTER)),
    checks={_REQUEST: _check, _ADJUSTER: _NOT_BY_ITSELF},
    settings=("quota_cap",),
)
