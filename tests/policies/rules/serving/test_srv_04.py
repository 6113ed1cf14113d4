"""SRV-04: prompt filters block."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.serving.srv_04 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, verdict
from tests.policies.rules.serving.armor import TEMPLATE, changed

INJECTION = "filterConfig.piAndJailbreakFilterSettings"
ADDRESSES = "filterConfig.maliciousUriFilterSettings.filterEnforcement"
SENSITIVE = "filterConfig.sdpSettings"

test_stated_verdicts = stated_verdicts(CONTROL, [TEMPLATE])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (f"{INJECTION}.filterEnforcement", "DISABLED"),
        (f"{INJECTION}.filterEnforcement", "enabled"),
        (f"{INJECTION}.confidenceLevel", "HIGH"),
        (ADDRESSES, "DISABLED"),
        ("templateMetadata.enforcementType", "INSPECT_ONLY"),
        ("templateMetadata.ignorePartialInvocationFailures", True),
    ],
)
def test_a_filter_that_lets_through_fails_at_its_property(path: str, value: object) -> None:
    found = outcome(CONTROL, changed(TEMPLATE, path, value))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(path, str(value).replace("True", "true"))]


@pytest.mark.parametrize("path", [INJECTION, "filterConfig.maliciousUriFilterSettings", "filterConfig"])
@pytest.mark.parametrize("value", [..., {}], ids=str)
def test_a_filter_that_is_not_there_fails(path: str, value: object) -> None:
    assert verdict(CONTROL, changed(TEMPLATE, path, value)) is Verdict.FAIL


def test_low_findings_may_count_too() -> None:
    assert verdict(CONTROL, changed(TEMPLATE, f"{INJECTION}.confidenceLevel", "LOW_AND_ABOVE")) is Verdict.PASS


@pytest.mark.parametrize("value", [..., {}], ids=str)
def test_google_blocks_by_default(value: object) -> None:
    assert verdict(CONTROL, changed(TEMPLATE, "templateMetadata", value)) is Verdict.PASS


def test_a_template_of_ones_own_looks_for_sensitive_data() -> None:
    own = {"advancedConfig": {"inspectTemplate": "projects/acme-ml/locations/europe-west4/inspectTemplates/people"}}
    assert verdict(CONTROL, changed(TEMPLATE, SENSITIVE, own)) is Verdict.PASS
    inspect = R("dataloss.PreventionInspectTemplate", {"parent": "projects/acme-ml"}, "people")
    path = f"{SENSITIVE}.advancedConfig.inspectTemplate"
    later = changed(TEMPLATE, SENSITIVE, {"advancedConfig": {"inspectTemplate": UNKNOWN}})
    made = R(later.type, later.inputs, origins={path: inspect.urn})
    assert verdict(CONTROL, made, inspect) is Verdict.PASS
    assert verdict(CONTROL, later) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, Verdict.FAIL),
        ({"basicConfig": {"filterEnforcement": "DISABLED"}}, Verdict.FAIL),
        ({"basicConfig": {}}, Verdict.FAIL),
        ({"advancedConfig": {}}, Verdict.FAIL),
        ({"advancedConfig": {"inspectTemplate": " "}}, Verdict.FAIL),
        ({"advancedConfig": {"deidentifyTemplate": "x"}}, Verdict.FAIL),
        ({"advancedConfig": {"inspectTemplate": secret()}}, Verdict.INDETERMINATE),
        ({"advancedConfig": {"inspectTemplate": 7}}, Verdict.INDETERMINATE),
    ],
    ids=str,
)
def test_sensitive_data_must_be_looked_for(value: object, expected: Verdict) -> None:
    found = outcome(CONTROL, changed(TEMPLATE, SENSITIVE, value))
    assert found.verdict is expected
    assert all(each.path.startswith(SENSITIVE) for each in found.reasons)
