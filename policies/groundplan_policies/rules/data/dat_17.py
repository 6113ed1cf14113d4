"""DAT-17: health stores enforce consent and keep history."""

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.expect import every, is_false, is_true
from groundplan_policies.engine.verdicts import Severity

_CONSENT = is_true("consentConfig.accessEnforced")
_HISTORY = is_false("disableResourceVersioning")

CONTROL = Control(
    id="DAT-17",
    title="Health stores enforce consent and keep history",
    why=(
        "Unless consent is enforced, which it is not by default, a store answers for patients who never agreed. "
        "Without versions of its resources nobody can tell what a record said when a decision was made on it."
    ),
    remedy="Set `consent_config.access_enforced` to true, and leave out `disable_resource_versioning`.",
    severity=Severity.HIGH,
    objectives=("2.1.e",),
    reads=(_CONSENT.reads("healthcare.FhirStore"), _HISTORY.reads("healthcare.FhirStore")),
    checks={"healthcare.FhirStore": every(_CONSENT, _HISTORY)},
)
