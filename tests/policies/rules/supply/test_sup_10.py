"""SUP-10: only attested images are admitted."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.supply.sup_10 import CONTROL
from tests.policies.rules.harness import R, outcome, put, stated_verdicts, urn, verdict

POLICY = "binaryauthorization.Policy"
BY = "requireAttestationsBies"
RULE = {
    "evaluationMode": "REQUIRE_ATTESTATION",
    "enforcementMode": "ENFORCED_BLOCK_AND_AUDIT_LOG",
    BY: ["projects/acme/attestors/built"],
}
GOOD = R(
    POLICY,
    {
        "defaultAdmissionRule": RULE,
        "clusterAdmissionRules": [{"cluster": "europe-west4.kube", **RULE}],
        "admissionWhitelistPatterns": [{"namePattern": "europe-west4-docker.pkg.dev/acme/images/*"}],
    },
)
PLAIN = R(POLICY, {"defaultAdmissionRule": RULE})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


def test_a_policy_without_exceptions_passes() -> None:
    assert verdict(CONTROL, PLAIN) is Verdict.PASS


@pytest.mark.parametrize("rule", ["defaultAdmissionRule", "clusterAdmissionRules"])
@pytest.mark.parametrize(
    ("key", "value"), [("evaluationMode", "ALWAYS_ALLOW"), ("enforcementMode", "DRYRUN_AUDIT_LOG_ONLY")]
)
def test_a_rule_that_admits_everything_fails(rule: str, key: str, value: str) -> None:
    found = outcome(CONTROL, R(POLICY, put(GOOD.inputs, f"{rule}.{key}", value)))
    place = rule if rule.startswith("default") else f"{rule}[0]"
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(f"{place}.{key}", value)]


def test_only_the_second_cluster_is_bad() -> None:
    rules = [RULE, {**RULE, "evaluationMode": "ALWAYS_ALLOW"}]
    found = outcome(CONTROL, R(POLICY, {**PLAIN.inputs, "clusterAdmissionRules": rules}))
    assert [each.path for each in found.reasons] == ["clusterAdmissionRules[1].evaluationMode"]


def test_what_denies_everything_needs_no_attestor() -> None:
    deny = {"evaluationMode": "ALWAYS_DENY", "enforcementMode": "ENFORCED_BLOCK_AND_AUDIT_LOG"}
    assert verdict(CONTROL, R(POLICY, {"defaultAdmissionRule": deny})) is Verdict.PASS


@pytest.mark.parametrize("by", [..., [], [""], None], ids=str)
def test_an_attestation_by_nobody_is_none(by: object) -> None:
    found = outcome(CONTROL, R(POLICY, put(PLAIN.inputs, f"defaultAdmissionRule.{BY}", by)))
    assert found.verdict is Verdict.FAIL
    assert found.reasons[0].path.startswith(f"defaultAdmissionRule.{BY}")


def test_an_attestor_of_this_document_is_known_later() -> None:
    attestor = R("binaryauthorization.Attestor", {}, "built")
    path = f"defaultAdmissionRule.{BY}[0]"
    found = R(POLICY, put(PLAIN.inputs, f"defaultAdmissionRule.{BY}", [UNKNOWN]), origins={path: attestor.urn})
    assert verdict(CONTROL, found, attestor) is Verdict.PASS
    other = R(POLICY, found.inputs, origins={path: urn("storage.Bucket", "b")})
    assert verdict(CONTROL, other, R("storage.Bucket", {}, "b")) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("gcr.io/acme/*", Verdict.PASS),
        ("gcr.io/acme/app", Verdict.PASS),
        ("gcr.io/acme/app**", Verdict.PASS),
        ("localhost.test:5000/acme/*", Verdict.PASS),
        ("europe-west4-docker.pkg.dev/acme/images/app*", Verdict.PASS),
        ("europe-west4-docker.pkg.dev/acme/images*", Verdict.FAIL),
        ("europe-west4-docker.pkg.dev/acme/**", Verdict.FAIL),
        ("gcr.io/*", Verdict.FAIL),
        ("gcr.io/acme*", Verdict.FAIL),
        ("gcr.io/**", Verdict.FAIL),
        ("gcr.io//*", Verdict.FAIL),
        ("nginx*", Verdict.FAIL),
        ("*", Verdict.FAIL),
        ("**", Verdict.FAIL),
        ("*/acme/app", Verdict.FAIL),
        ("gcr.io/acme/*/app*", Verdict.FAIL),
    ],
)
def test_a_star_stands_below_an_owner(pattern: str, expected: Verdict) -> None:
    patterns: list[Any] = [{"namePattern": "gcr.io/acme/app"}, {"namePattern": pattern}]
    found = outcome(CONTROL, R(POLICY, {**PLAIN.inputs, "admissionWhitelistPatterns": patterns}))
    assert found.verdict is expected
    assert [(each.path, each.shown) for each in found.reasons] == (
        [] if expected is Verdict.PASS else [("admissionWhitelistPatterns[1].namePattern", "")]
    )
