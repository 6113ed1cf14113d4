"""NET-27: Google's APIs are reached by a private way."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_27 import CONTROL
from tests.policies.rules.harness import PARAMETERS, R, outcome, secret, stated_verdicts, urn, verdict

GUARDED = replace(PARAMETERS, required_perimeter_services=("storage.googleapis.com",))
UNGUARDED = replace(PARAMETERS, required_perimeter_services=())
RESTRICTED = ["199.36.153.4", "199.36.153.5", "199.36.153.6", "199.36.153.7"]


def record(*answers: object, name: object = "googleapis.com.", type_: object = "A", **inputs: Any) -> R:
    return R("dns.RecordSet", {"managedZone": "zone", "name": name, "type": type_, "rrdatas": list(answers), **inputs})


def endpoint(
    target: object = "vpc-sc", scheme: object = "", address: object = "10.255.255.254", name: str = "endpoint"
) -> R:
    inputs = {"target": target, "loadBalancingScheme": scheme, "ipAddress": address}
    return R("compute.GlobalForwardingRule", inputs, name)


test_stated_verdicts = stated_verdicts(
    CONTROL, [record(*RESTRICTED), replace(endpoint(), name="it")], parameters=GUARDED
)


@pytest.mark.parametrize("answer", [*RESTRICTED, "2600:2d00:2:1000::1", "2600:2d00:0002:1000::"])
def test_the_restricted_range_passes_everywhere(answer: str) -> None:
    for parameters in (GUARDED, UNGUARDED, PARAMETERS):
        assert verdict(CONTROL, record(answer), parameters=parameters) is Verdict.PASS


@pytest.mark.parametrize("answer", ["199.36.153.8", "199.36.153.11", "2600:2d00:2:2000::1"])
def test_the_range_of_all_apis_fails_inside_a_perimeter(answer: str) -> None:
    found = outcome(CONTROL, record(RESTRICTED[0], answer), parameters=GUARDED)
    assert [(found.verdict, each.path) for each in found.reasons] == [(Verdict.FAIL, "rrdatas[1]")]
    assert verdict(CONTROL, record(answer), parameters=UNGUARDED) is Verdict.PASS
    assert verdict(CONTROL, record(answer)) is Verdict.INDETERMINATE


@pytest.mark.parametrize("answer", ["199.36.153.3", "199.36.153.12", "8.8.8.8", "2600:2d00:2:3000::1"])
def test_an_address_on_the_internet_fails(answer: str) -> None:
    for parameters in (GUARDED, UNGUARDED, PARAMETERS):
        found = outcome(CONTROL, record(RESTRICTED[0], answer), parameters=parameters)
        assert [(found.verdict, each.path) for each in found.reasons] == [(Verdict.FAIL, "rrdatas[1]")]


@pytest.mark.parametrize("answer", ["10.0.0.1", "elsewhere.test.", UNKNOWN, secret(), 7, ""])
def test_what_the_document_does_not_explain_is_indeterminate(answer: object) -> None:
    assert verdict(CONTROL, record(answer), endpoint(), parameters=GUARDED) is Verdict.INDETERMINATE


@pytest.mark.parametrize(("bundle", "expected"), [("vpc-sc", Verdict.PASS), ("all-apis", Verdict.FAIL)])
def test_the_address_of_an_endpoint_is_a_private_way(bundle: str, expected: Verdict) -> None:
    end = endpoint(bundle)
    assert verdict(CONTROL, record("10.255.255.254"), end, parameters=GUARDED) is expected
    unknown = replace(record(UNKNOWN), origins={"rrdatas[0]": urn(end.type, "endpoint")})
    assert verdict(CONTROL, unknown, end, parameters=GUARDED) is expected
    assert verdict(CONTROL, end, parameters=GUARDED) is expected


def test_the_address_may_be_reserved_for_the_endpoint() -> None:
    reserved = R("compute.GlobalAddress", {"address": "10.255.255.254"}, "reserved")
    end = replace(endpoint(address=UNKNOWN), origins={"ipAddress": reserved.urn})
    assert verdict(CONTROL, record("10.255.255.254"), reserved, end, parameters=GUARDED) is Verdict.PASS
    unknown = replace(record(UNKNOWN), origins={"rrdatas[0]": reserved.urn})
    assert verdict(CONTROL, unknown, reserved, end, parameters=GUARDED) is Verdict.PASS
    assert verdict(CONTROL, unknown, reserved, parameters=GUARDED) is Verdict.INDETERMINATE
    other = endpoint("projects/p/global/targetHttpsProxies/t", "EXTERNAL_MANAGED")
    assert verdict(CONTROL, record("10.255.255.254"), other, parameters=GUARDED) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("target", "scheme", "expected"),
    [
        ("vpc-sc", "", Verdict.PASS),
        ("all-apis", "", Verdict.FAIL),
        ("projects/p/global/targetHttpsProxies/t", "EXTERNAL_MANAGED", Verdict.NOT_APPLICABLE),
        (UNKNOWN, "EXTERNAL_MANAGED", Verdict.NOT_APPLICABLE),
        (UNKNOWN, None, Verdict.NOT_APPLICABLE),
        (UNKNOWN, "", Verdict.INDETERMINATE),
        (UNKNOWN, UNKNOWN, Verdict.INDETERMINATE),
        (None, "", Verdict.NOT_APPLICABLE),
    ],
)
def test_endpoints_and_load_balancers_are_told_apart(target: object, scheme: object, expected: Verdict) -> None:
    assert verdict(CONTROL, endpoint(target, scheme), parameters=GUARDED) is expected


def test_a_target_that_this_document_makes_is_no_bundle() -> None:
    made = replace(endpoint(UNKNOWN), origins={"target": urn("compute.TargetHttpsProxy", "proxy")})
    assert verdict(CONTROL, made, R("compute.TargetHttpsProxy", {}, "proxy")) is Verdict.NOT_APPLICABLE


def alias(answer: str) -> R:
    return record(answer, name="*.googleapis.com.", type_="CNAME")


def test_an_alias_leads_to_a_name_that_is_judged() -> None:
    apex = replace(record("8.8.8.8"), name="apex")
    assert verdict(CONTROL, alias("googleapis.com."), apex) is Verdict.PASS
    assert verdict(CONTROL, alias("googleapis.com.")) is Verdict.INDETERMINATE
    assert verdict(CONTROL, alias("GoogleAPIs.com"), apex) is Verdict.PASS
    assert verdict(CONTROL, alias("restricted.googleapis.com.")) is Verdict.PASS
    assert verdict(CONTROL, alias("private.googleapis.com."), parameters=GUARDED) is Verdict.FAIL
    assert verdict(CONTROL, alias("private.googleapis.com."), parameters=UNGUARDED) is Verdict.PASS


@pytest.mark.parametrize(
    "name", ["googleapis.com", "STORAGE.googleapis.com.", "*.googleapis.com.", "a.b.googleapis.com."]
)
def test_every_name_below_counts(name: str) -> None:
    assert verdict(CONTROL, record("8.8.8.8", name=name)) is Verdict.FAIL


@pytest.mark.parametrize(
    "inputs", [{"name": "acme.test."}, {"name": "notgoogleapis.com."}, {"type_": "TXT"}, {"type_": "soa"}]
)
def test_other_records_do_not_matter(inputs: dict[str, str]) -> None:
    assert verdict(CONTROL, record("8.8.8.8", **inputs)) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("acme.test.", Verdict.NOT_APPLICABLE),
        ("googleapis.com.", Verdict.INDETERMINATE),
        ("storage.googleapis.com.", Verdict.INDETERMINATE),
        ("com.", Verdict.INDETERMINATE),
        (".", Verdict.INDETERMINATE),
        (UNKNOWN, Verdict.INDETERMINATE),
    ],
)
def test_where_the_name_is_unknown_the_zone_says_whether_it_matters(zone: str, expected: Verdict) -> None:
    unknown = record("8.8.8.8", name=UNKNOWN)
    holder = R("dns.ManagedZone", {"name": "zone", "dnsName": zone}, "zone")
    assert verdict(CONTROL, unknown, holder) is expected
    assert verdict(CONTROL, unknown) is Verdict.INDETERMINATE
