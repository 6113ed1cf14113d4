"""SRV-04: prompt filters block."""

from groundplan_policies.engine.control import Control, Read
from groundplan_policies.engine.expect import either, every, is_false, is_one_of, is_set
from groundplan_policies.engine.verdicts import Severity, Verdict
from groundplan_policies.rules.serving.filters import PROMPTS

_TEMPLATE = "modelarmor.Template"
_BASIC = is_one_of("filterConfig.sdpSettings.basicConfig.filterEnforcement", "ENABLED")
_OWN = is_set(
    "filterConfig.sdpSettings.advancedConfig.inspectTemplate",
    "dataloss.PreventionInspectTemplate",
    expected="an inspection template",
)
_BLOCKS = is_one_of("templateMetadata.enforcementType", "INSPECT_AND_BLOCK", absent=Verdict.PASS)
_CLOSED = is_false("templateMetadata.ignorePartialInvocationFailures")

CONTROL = Control(
    id="SRV-04",
    title="Prompt filters block",
    why=(
        "A prompt can carry orders of somebody else, an answer a link that steals, and both can carry personal data. A "
        "template that lacks one of the three filters does not see it; one that only inspects writes it down and lets "
        "it through; one that ignores failures lets through what a filter could not look at. Google's default blocks, "
        "so an absent type of enforcement passes. The level must be said and not be HIGH, which only finds what is "
        "certain. Sensitive data is looked for by the basic configuration or by a template of one's own."
    ),
    remedy=(
        "Enable the filters for injection, addresses and sensitive data, the first from MEDIUM_AND_ABOVE, and set "
        "`enforcement_type` to INSPECT_AND_BLOCK."
    ),
    severity=Severity.HIGH,
    objectives=("6.1.a",),
    reads=(
        *(each.reads(_TEMPLATE) for each in (*PROMPTS, _BASIC)),
        Read.aside(_TEMPLATE, _OWN.path.text),
        *(each.reads(_TEMPLATE) for each in (_BLOCKS, _CLOSED)),
    ),
    checks={_TEMPLATE: every(*PROMPTS, either(_BASIC, _OWN), _BLOCKS, _CLOSED)},
)
