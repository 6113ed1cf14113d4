"""DAT-17: health stores enforce consent and keep history."""

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.expect import every, is_false, is_true
from groundplan_policies.engine.verdicts import Severity

_CONSENT = is_true("consentConfig.accessEnforced")
_HISTORY = is_false("disableResourceVersioning")
_REWRITTEN = is_false("enableHistoryModifications")

CONTROL = Control(
    id="DAT-17",
    title="Health stores enforce consent and keep history",
    why=(
        "Unless consent is enforced, which it is not by default, a store answers for patients who never agreed. "
        "Without versions of its resources nobody can tell what a record said when a decision was made on it; where "
        "history may be modified, what it says now is what somebody wrote into it later."
    ),
    remedy=(
        "Set `consent_config.access_enforced` to true, and leave out `disable_resource_versioning` and "
        "`enable_history_modifications`."
    ),
    severity=Severity.HIGH,
    objectives=("2.1.e",),
    reads=tuple(each.reads("healthcare.FhirStore") for each in (_CONSENT, _HISTORY, _REWRITTEN)),
    checks={"healthcare.FhirStore": every(_CONSENT, _HISTORY, _REWRITTEN)},
)
