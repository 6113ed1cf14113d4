"""NET-33: load balancers on the internet are hardened."""

from dataclasses import replace

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_33 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, urn, verdict

BACKENDS = ("compute.BackendService", "compute.RegionBackendService")
PROXIES = ("compute.TargetHttpsProxy", "compute.RegionTargetHttpsProxy", "compute.TargetSSLProxy")
POLICIES = ("compute.SSLPolicy", "compute.RegionSslPolicy")
STRONG = {"name": "strong", "minTlsVersion": "TLS_1_2", "profile": "MODERN"}


def backend(type_: str, scheme: object = "EXTERNAL_MANAGED", policy: object = "armour") -> R:
    return R(type_, {"loadBalancingScheme": scheme, "securityPolicy": policy})


def proxy(type_: str, policy: object = "strong") -> R:
    return R(type_, {"sslPolicy": policy})


test_stated_verdicts = stated_verdicts(
    CONTROL,
    [*map(backend, BACKENDS), *map(proxy, PROXIES), *(R(type_, STRONG) for type_ in POLICIES)],
    *(R(type_, STRONG, type_) for type_ in POLICIES),
)


@pytest.mark.parametrize("scheme", ["EXTERNAL", "EXTERNAL_MANAGED", "NEW_SCHEME"])
@pytest.mark.parametrize("type_", BACKENDS)
def test_an_external_backend_needs_a_security_policy(type_: str, scheme: str) -> None:
    for policy in (None, "", " "):
        found = outcome(CONTROL, backend(type_, scheme, policy))
        assert [(found.verdict, each.path) for each in found.reasons] == [(Verdict.FAIL, "securityPolicy")]
    assert verdict(CONTROL, backend(type_, scheme)) is Verdict.PASS


@pytest.mark.parametrize("scheme", ["INTERNAL", "INTERNAL_MANAGED", "INTERNAL_SELF_MANAGED"])
@pytest.mark.parametrize("type_", BACKENDS)
def test_an_internal_one_does_not(type_: str, scheme: str) -> None:
    assert verdict(CONTROL, backend(type_, scheme, None)) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("scheme", [None, ""])
def test_a_global_backend_is_external_by_default_and_a_regional_one_internal(scheme: object) -> None:
    assert verdict(CONTROL, backend(BACKENDS[0], scheme, None)) is Verdict.FAIL
    assert verdict(CONTROL, backend(BACKENDS[1], scheme, None)) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("scheme", [UNKNOWN, secret()])
@pytest.mark.parametrize("type_", BACKENDS)
def test_a_scheme_that_cannot_be_read_is_indeterminate_without_a_policy(type_: str, scheme: object) -> None:
    assert verdict(CONTROL, backend(type_, scheme, None)) is Verdict.INDETERMINATE
    assert verdict(CONTROL, backend(type_, scheme)) is Verdict.PASS


@pytest.mark.parametrize("type_", ["compute.SecurityPolicy", "compute.RegionSecurityPolicy"])
def test_a_security_policy_of_this_document_may_be_unknown(type_: str) -> None:
    external = replace(backend(BACKENDS[0], policy=UNKNOWN), origins={"securityPolicy": urn(type_, "armour")})
    assert verdict(CONTROL, external, R(type_, {}, "armour")) is Verdict.PASS


HERE = {"project": "acme-ml"}


@pytest.mark.parametrize("type_", PROXIES)
def test_a_proxy_names_a_policy_of_this_document(type_: str) -> None:
    takes = POLICIES[type_ == PROXIES[1]]
    for policy_type in POLICIES:
        expected = Verdict.PASS if policy_type == takes else Verdict.INDETERMINATE
        policy = R(policy_type, STRONG | HERE, "strong")
        for named in ("strong", "projects/acme-ml/global/sslPolicies/strong"):
            assert verdict(CONTROL, R(type_, {"sslPolicy": named} | HERE), policy) is expected
        made = replace(proxy(type_, UNKNOWN), origins={"sslPolicy": urn(policy_type, "strong")})
        assert verdict(CONTROL, made, policy) is expected
        assert verdict(CONTROL, proxy(type_, "other"), policy) is Verdict.INDETERMINATE
    found = outcome(CONTROL, proxy(type_, None))
    assert [(found.verdict, each.path) for each in found.reasons] == [(Verdict.FAIL, "sslPolicy")]


@pytest.mark.parametrize("type_", PROXIES)
def test_a_policy_of_another_project_is_another(type_: str) -> None:
    policy = R(POLICIES[type_ == PROXIES[1]], STRONG | {"project": "elsewhere"}, "strong")
    for inputs in ({}, HERE):
        assert verdict(CONTROL, R(type_, {"sslPolicy": "strong"} | inputs), policy) is Verdict.INDETERMINATE


def test_a_policy_of_another_region_is_another() -> None:
    policy = R(POLICIES[1], STRONG | HERE | {"region": "europe-west4"}, "strong")
    for region, expected in (("europe-west4", Verdict.PASS), ("europe-west1", Verdict.INDETERMINATE)):
        given = R(PROXIES[1], {"sslPolicy": "strong", "region": region} | HERE)
        assert verdict(CONTROL, given, policy) is expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"minTlsVersion": "TLS_1_3", "profile": "RESTRICTED"}, Verdict.PASS),
        ({"minTlsVersion": "TLS_1_1"}, Verdict.FAIL),
        ({"minTlsVersion": "TLS_1_0"}, Verdict.FAIL),
        ({"minTlsVersion": None}, Verdict.FAIL),
        ({"profile": "COMPATIBLE"}, Verdict.FAIL),
        ({"profile": "CUSTOM"}, Verdict.FAIL),
        ({"profile": None}, Verdict.FAIL),
    ],
)
@pytest.mark.parametrize("type_", POLICIES)
def test_a_policy_of_tls_is_strong(type_: str, changed: dict[str, object], expected: Verdict) -> None:
    found = outcome(CONTROL, R(type_, STRONG | changed))
    assert found.verdict is expected
    assert [each.path for each in found.reasons] == ([next(iter(changed))] if expected is Verdict.FAIL else [])
