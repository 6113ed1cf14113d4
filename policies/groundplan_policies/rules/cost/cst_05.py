"""CST-05: requests for quota are bounded."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import is_absent
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, all_of, fail
from groundplan_policies.rules.cost.numbers import capped

_REQUEST: Final = "cloudquota.SQuotaPreference"
_PREFERRED: Final = Path("quotaConfig.preferredValue")
_SAFETY: Final = is_absent("ignoreSafetyChecks", "Google's safety checks to be left out")


def _check(resource: Resource, context: Context) -> Outcome:
    reading = _PREFERRED.one(resource)
    absent = fail("names no value", reading.path)
    return all_of([capped(reading, context.parameters.quota_cap, "units", absent), _SAFETY(resource, context)])


CONTROL = Control(
    id="CST-05",
    title="Requests for quota are bounded",
    why=(
        "A quota is the last thing that stops a bill. A request for more names a value, which is no more than the "
        "settings allow (`quota_cap`); -1, which is no limit at all, and leaving out Google's safety checks fail."
    ),
    remedy="Ask for what is needed, and leave out `ignore_safety_checks`.",
    severity=Severity.LOW,
    objectives=("3.3.a",),
    clauses=(partial("nist-800-53-r5", "SC-6", "Quotas that nobody asked to change."),),
    reads=(Read(_REQUEST, _PREFERRED.text), _SAFETY.reads(_REQUEST)),
    checks={_REQUEST: _check},
    settings=("quota_cap",),
)
