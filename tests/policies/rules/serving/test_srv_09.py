"""SRV-09: prediction from outside is limited."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.serving.srv_09 import CONTROL
from tests.policies.rules.harness import PROJECT, R, outcome, put, secret, stated_verdicts, verdict

MODEL = R("vertex.AiEndpoint", {"project": PROJECT}, "model")
QUOTA = R(
    "serviceusage.ConsumerQuotaOverride",
    {
        "project": PROJECT,
        "service": "aiplatform.googleapis.com",
        "metric": "aiplatform.googleapis.com%2Fonline_prediction_requests_per_base_model",
        "overrideValue": 6000,
    },
    "quota",
)
LIMIT: dict[str, Any] = {
    "action": "throttle",
    "priority": 100,
    "match": {"versionedExpr": "SRC_IPS_V1", "config": {"srcIpRanges": ["*"]}},
    "rateLimitOptions": {"rateLimitThreshold": {"count": 60, "intervalSec": 60}, "enforceOnKey": "IP"},
}
DEFAULT: dict[str, Any] = {
    "action": "allow",
    "priority": 2147483647,
    "match": {"versionedExpr": "SRC_IPS_V1", "config": {"srcIpRanges": ["*"]}},
}
KINDS = {
    "compute.BackendService": "compute.SecurityPolicy",
    "compute.RegionBackendService": "compute.RegionSecurityPolicy",
}


def policy(*rules: object, kind: str = "compute.SecurityPolicy") -> R:
    return R(kind, {"project": PROJECT, "name": "armour", "rules": list(rules)}, "armour")


def service(kind: str = "compute.BackendService", **inputs: object) -> R:
    given: dict[str, Any] = {
        "project": PROJECT,
        "loadBalancingScheme": "EXTERNAL_MANAGED",
        "iap": {"enabled": True},
        "securityPolicy": UNKNOWN,
    }
    return R(kind, {**given, **inputs}, "it", {"securityPolicy": policy(kind=KINDS[kind]).urn})


GLOBAL, REGIONAL = map(service, KINDS)
ARMOUR = policy(LIMIT, DEFAULT)
REGIONAL_ARMOUR = policy(LIMIT, DEFAULT, kind="compute.RegionSecurityPolicy")

test_stated_verdicts = stated_verdicts(
    CONTROL, [GLOBAL, REGIONAL, QUOTA], MODEL, ARMOUR, REGIONAL_ARMOUR, replace(QUOTA, name="other")
)


def limited(*rules: object, others: tuple[R, ...] = ()) -> Verdict:
    return verdict(CONTROL, GLOBAL, MODEL, QUOTA, policy(*rules), *others)


def test_where_no_model_is_served_nothing_is_asked() -> None:
    assert verdict(CONTROL, replace(GLOBAL, inputs={})) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scheme", ["INTERNAL", "INTERNAL_MANAGED", "INTERNAL_SELF_MANAGED"])
def test_what_is_internal_is_not_asked_from_outside(kind: str, scheme: str) -> None:
    assert verdict(CONTROL, R(kind, {"loadBalancingScheme": scheme}), MODEL) is Verdict.NOT_APPLICABLE


def test_by_default_a_global_service_is_external_and_a_regional_one_internal() -> None:
    assert verdict(CONTROL, R("compute.BackendService", {}), MODEL) is Verdict.FAIL
    assert verdict(CONTROL, R("compute.RegionBackendService", {}), MODEL) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    "change",
    [
        {"action": "rate_based_ban"},
        {"rateLimitOptions": {"rateLimitThreshold": {"count": 1}, "enforceOnKey": "XFF_IP"}},
        {"rateLimitOptions": {"rateLimitThreshold": {"count": 1}, "enforceOnKeyConfigs": [{"enforceOnKeyType": "IP"}]}},
        {"preview": False},
        {"match": {"config": {"srcIpRanges": ["0.0.0.0/0"]}}},
        {"match": {"expr": {"expression": "true"}}},
    ],
    ids=str,
)
def test_a_rule_that_limits_each_client_is_enough(change: dict[str, Any]) -> None:
    assert limited({**LIMIT, **change}, DEFAULT) is Verdict.PASS
    assert limited(DEFAULT, {**LIMIT, **change}) is Verdict.PASS


@pytest.mark.parametrize("key", ["IP", "XFF_IP", "USER_IP", "HTTP_HEADER", "HTTP_COOKIE"])
def test_what_tells_clients_apart_counts_each(key: str) -> None:
    assert limited(put(LIMIT, "rateLimitOptions.enforceOnKey", key), DEFAULT) is Verdict.PASS


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("action", "allow", Verdict.FAIL),
        ("action", "deny(403)", Verdict.FAIL),
        ("action", ..., Verdict.FAIL),
        ("action", "", Verdict.FAIL),
        ("action", UNKNOWN, Verdict.INDETERMINATE),
        ("action", 7, Verdict.INDETERMINATE),
        ("preview", True, Verdict.FAIL),
        ("preview", UNKNOWN, Verdict.INDETERMINATE),
        ("rateLimitOptions.rateLimitThreshold.count", 0, Verdict.FAIL),
        ("rateLimitOptions.rateLimitThreshold.count", ..., Verdict.FAIL),
        ("rateLimitOptions.rateLimitThreshold.count", True, Verdict.INDETERMINATE),
        ("rateLimitOptions.rateLimitThreshold.count", secret(), Verdict.INDETERMINATE),
        ("rateLimitOptions.enforceOnKey", "ALL", Verdict.FAIL),
        ("rateLimitOptions.enforceOnKey", "HTTP_PATH", Verdict.FAIL),
        ("rateLimitOptions.enforceOnKey", ..., Verdict.FAIL),
        ("rateLimitOptions.enforceOnKey", UNKNOWN, Verdict.INDETERMINATE),
        ("rateLimitOptions", ..., Verdict.FAIL),
        ("match.config.srcIpRanges", ["10.0.0.0/8"], Verdict.INDETERMINATE),
        ("match", ..., Verdict.INDETERMINATE),
    ],
    ids=str,
)
def test_a_rule_that_limits_nobody_is_none(path: str, value: object, expected: Verdict) -> None:
    found = outcome(CONTROL, GLOBAL, MODEL, QUOTA, policy(put(LIMIT, path, value), DEFAULT))
    assert found.verdict is expected
    assert [each.path for each in found.reasons] == ["securityPolicy"]


@pytest.mark.parametrize(
    ("priority", "expected"),
    [
        (99, Verdict.FAIL),
        (100, Verdict.FAIL),
        (101, Verdict.PASS),
        (UNKNOWN, Verdict.INDETERMINATE),
        (True, Verdict.INDETERMINATE),
    ],
)
def test_a_rule_that_lets_everybody_through_comes_after_it(priority: object, expected: Verdict) -> None:
    assert limited(LIMIT, {**DEFAULT, "priority": priority}) is expected


@pytest.mark.parametrize("priority", [UNKNOWN, None, "100"], ids=str)
def test_a_rule_without_a_number_may_come_after_it(priority: object) -> None:
    assert limited({**LIMIT, "priority": priority}, DEFAULT) is Verdict.INDETERMINATE
    assert limited({**LIMIT, "priority": priority}) is Verdict.PASS


def test_a_rule_that_lets_some_through_takes_nothing_away() -> None:
    some = {**DEFAULT, "priority": 1, "match": {"config": {"srcIpRanges": ["203.0.113.0/24"]}}}
    assert limited(LIMIT, some, DEFAULT) is Verdict.PASS


def test_rules_may_be_resources_of_their_own() -> None:
    own = R("compute.SecurityPolicyRule", {**LIMIT, "securityPolicy": UNKNOWN}, "own", {"securityPolicy": ARMOUR.urn})
    stray = replace(own, origins={}, inputs={**own.inputs, "securityPolicy": "other"})
    assert limited(DEFAULT, others=(own,)) is Verdict.PASS
    assert limited(DEFAULT, others=(stray,)) is Verdict.FAIL


@pytest.mark.parametrize("rule", ["throttle", 7, None, secret()], ids=str)
def test_what_is_no_rule_leaves_in_doubt(rule: object) -> None:
    assert limited(rule, DEFAULT) is Verdict.INDETERMINATE
    assert limited(rule, LIMIT, DEFAULT) is Verdict.PASS


@pytest.mark.parametrize(
    ("named", "expected"), [(..., Verdict.FAIL), ("", Verdict.FAIL), ("elsewhere", Verdict.INDETERMINATE)], ids=str
)
def test_a_policy_must_be_there_to_be_read(named: object, expected: Verdict) -> None:
    bare = R("compute.BackendService", put(GLOBAL.inputs, "securityPolicy", named))
    found = outcome(CONTROL, bare, MODEL, QUOTA, ARMOUR)
    assert found.verdict is expected
    assert [each.path for each in found.reasons] == ["securityPolicy"]


@pytest.mark.parametrize("value", [False, ...], ids=str)
def test_callers_sign_in(value: object) -> None:
    found = outcome(CONTROL, replace(GLOBAL, inputs=put(GLOBAL.inputs, "iap.enabled", value)), MODEL, QUOTA, ARMOUR)
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, ["iap.enabled"])


@pytest.mark.parametrize(
    ("change", "own", "of_service"),
    [
        ({}, Verdict.PASS, Verdict.PASS),
        ({"overrideValue": "6000"}, Verdict.PASS, Verdict.PASS),
        ({"overrideValue": 6000.0}, Verdict.PASS, Verdict.PASS),
        ({"overrideValue": 60.5}, Verdict.INDETERMINATE, Verdict.INDETERMINATE),
        ({"overrideValue": "0"}, Verdict.PASS, Verdict.PASS),
        ({"overrideValue": "-1"}, Verdict.FAIL, Verdict.FAIL),
        ({"overrideValue": -1}, Verdict.FAIL, Verdict.FAIL),
        ({"overrideValue": "many"}, Verdict.INDETERMINATE, Verdict.INDETERMINATE),
        ({"overrideValue": True}, Verdict.INDETERMINATE, Verdict.INDETERMINATE),
        ({"overrideValue": UNKNOWN}, Verdict.INDETERMINATE, Verdict.INDETERMINATE),
        ({"service": "compute.googleapis.com", "overrideValue": "-1"}, Verdict.NOT_APPLICABLE, Verdict.FAIL),
        ({"service": UNKNOWN}, Verdict.INDETERMINATE, Verdict.INDETERMINATE),
        ({"service": UNKNOWN, "overrideValue": "-1"}, Verdict.FAIL, Verdict.FAIL),
        ({"project": "acme-other"}, Verdict.PASS, Verdict.FAIL),
        (
            {"metric": "aiplatform.googleapis.com%2Fcustom_model_training_cpus"},
            Verdict.NOT_APPLICABLE,
            Verdict.FAIL,
        ),
        ({"metric": UNKNOWN}, Verdict.INDETERMINATE, Verdict.INDETERMINATE),
        ({"metric": None}, Verdict.INDETERMINATE, Verdict.INDETERMINATE),
    ],
    ids=str,
)
def test_a_quota_bounds_all_together(change: dict[str, Any], own: Verdict, of_service: Verdict) -> None:
    quota = replace(QUOTA, inputs={**QUOTA.inputs, **change})
    assert verdict(CONTROL, quota) is own
    assert verdict(CONTROL, GLOBAL, MODEL, ARMOUR, quota) is of_service


def test_without_a_quota_nothing_bounds_all_together() -> None:
    found = outcome(CONTROL, GLOBAL, MODEL, ARMOUR)
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [""])


SIX = R("compute.GlobalForwardingRule", {"project": PROJECT, "ipVersion": "IPV6"}, "six")


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        (["*"], Verdict.PASS),
        (["0.0.0.0/0"], Verdict.INDETERMINATE),
        (["0.0.0.0/0", "::/0"], Verdict.PASS),
    ],
)
def test_who_has_a_longer_address_is_limited_too(ranges: list[str], expected: Verdict) -> None:
    rule = put(LIMIT, "match.config.srcIpRanges", ranges)
    assert limited(rule, DEFAULT, others=(SIX,)) is expected
    assert limited(rule, DEFAULT) is Verdict.PASS


def test_a_rule_that_lets_longer_addresses_through_comes_after_it() -> None:
    first = {**DEFAULT, "priority": 1, "match": {"config": {"srcIpRanges": ["::/0"]}}}
    assert limited(LIMIT, first, DEFAULT, others=(SIX,)) is Verdict.FAIL
    assert limited(LIMIT, first, DEFAULT) is Verdict.PASS
