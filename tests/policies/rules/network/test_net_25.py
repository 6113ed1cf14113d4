"""NET-25: serverless code answers inside only, and sends everything through the network."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_25 import CONTROL
from tests.policies.rules.harness import R, outcome, put, secret, stated_verdicts, urn, verdict

ACCESS = {"connector": "projects/p/locations/l/connectors/c", "egress": "ALL_TRAFFIC"}
SERVICE = R("cloudrunv2.Service", {"ingress": "INGRESS_TRAFFIC_INTERNAL_ONLY", "template": {"vpcAccess": ACCESS}})
JOB = R("cloudrunv2.Job", {"template": {"template": {"vpcAccess": ACCESS}}})
POOL = R("cloudrunv2.WorkerPool", {"template": {"vpcAccess": ACCESS}})
SETTINGS = {
    "ingressSettings": "ALLOW_INTERNAL_ONLY",
    "vpcConnector": "c",
    "vpcConnectorEgressSettings": "ALL_TRAFFIC",
}
FUNCTION = R("cloudfunctionsv2.Function", {"serviceConfig": SETTINGS})
FIRST = R("cloudfunctions.Function", SETTINGS)
RUN = [(SERVICE, "template.vpcAccess"), (JOB, "template.template.vpcAccess"), (POOL, "template.vpcAccess")]

DIRECT = {"directVpcNetworkInterfaces": [{"subnetwork": "core"}], "directVpcEgress": "VPC_EGRESS_ALL_TRAFFIC"}
BOTH = R("cloudfunctionsv2.Function", {"serviceConfig": SETTINGS | DIRECT})

INWARD = {"run.googleapis.com/ingress": "internal"}
OUTWARD = {"run.googleapis.com/vpc-access-connector": "c", "run.googleapis.com/vpc-access-egress": "all-traffic"}


def first_run(service: object = INWARD, revision: object = OUTWARD) -> R:
    inputs = {"metadata": {"annotations": service}, "template": {"metadata": {"annotations": revision}}}
    return R("cloudrun.Service", inputs)


test_stated_verdicts = stated_verdicts(CONTROL, [SERVICE, JOB, POOL, BOTH, FIRST, first_run()])


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("ingress", "all", Verdict.FAIL),
        ("ingress", None, Verdict.FAIL),
        ("ingress", UNKNOWN, Verdict.INDETERMINATE),
        ("ingress", "internal-and-cloud-load-balancing", Verdict.PASS),
        ("vpc-access-egress", "private-ranges-only", Verdict.FAIL),
        ("vpc-access-egress", None, Verdict.FAIL),
        ("vpc-access-egress", secret(), Verdict.INDETERMINATE),
        ("vpc-access-connector", None, Verdict.FAIL),
        ("vpc-access-connector", UNKNOWN, Verdict.INDETERMINATE),
    ],
)
def test_the_first_form_of_cloud_run_is_read_by_its_annotations(key: str, value: object, expected: Verdict) -> None:
    place = f"run.googleapis.com/{key}"
    changed = first_run({**INWARD, place: value}) if key == "ingress" else first_run(revision={**OUTWARD, place: value})
    found = outcome(CONTROL, changed)
    assert found.verdict is expected
    at = "metadata" if key == "ingress" else "template.metadata"
    assert {each.path for each in found.reasons} <= {f'{at}.annotations["{place}"]'}


@pytest.mark.parametrize(
    ("interfaces", "expected"),
    [
        ('[{"network": "core"}]', Verdict.PASS),
        ('[{"subnetwork": "projects/p/regions/r/subnetworks/core", "tags": ["a"]}]', Verdict.PASS),
        ('[{"network": "core"}, {"network": "default"}]', Verdict.FAIL),
        ('[{"network": "core", "subnetwork": "default"}]', Verdict.FAIL),
        ('[{"tags": ["a"]}]', Verdict.INDETERMINATE),
        ('[{"network": 7}]', Verdict.INDETERMINATE),
        ('[{"network": ""}]', Verdict.INDETERMINATE),
        ("[]", Verdict.INDETERMINATE),
        ('["core"]', Verdict.INDETERMINATE),
        ('{"network": "core"}', Verdict.INDETERMINATE),
        ("core", Verdict.INDETERMINATE),
        ("[" * 100_000, Verdict.INDETERMINATE),
        (f'[{{"network": "{UNKNOWN}"}}]', Verdict.INDETERMINATE),
        (7, Verdict.INDETERMINATE),
    ],
)
def test_interfaces_of_the_first_form_are_a_text(interfaces: object, expected: Verdict) -> None:
    place = "run.googleapis.com/network-interfaces"
    alone = {**OUTWARD, "run.googleapis.com/vpc-access-connector": None, place: interfaces}
    assert verdict(CONTROL, first_run(revision=alone)) is expected
    assert verdict(CONTROL, first_run(revision={**OUTWARD, place: interfaces})) is expected


def with_(resource: R, path: str, value: object) -> R:
    return replace(resource, inputs=put(resource.inputs, path, value))


INGRESS = [(SERVICE, "ingress"), (FUNCTION, "serviceConfig.ingressSettings"), (FIRST, "ingressSettings")]


@pytest.mark.parametrize(("resource", "path"), INGRESS, ids=lambda each: each if isinstance(each, str) else each.type)
@pytest.mark.parametrize("value", ["INGRESS_TRAFFIC_ALL", "ALLOW_ALL", "internal"])
def test_ingress_from_everywhere_fails(resource: R, path: str, value: str) -> None:
    found = outcome(CONTROL, with_(resource, path, value))
    assert [(each.path, each.shown) for each in found.reasons] == [(path, value)]


def test_a_load_balancer_may_stand_in_front() -> None:
    assert verdict(CONTROL, with_(SERVICE, "ingress", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER")) is Verdict.PASS
    for resource, path in INGRESS[1:]:
        assert verdict(CONTROL, with_(resource, path, "ALLOW_INTERNAL_AND_GCLB")) is Verdict.PASS


@pytest.mark.parametrize(
    "interface", [{"network": "core"}, {"subnetwork": "core"}, {"network": "core", "subnetwork": "core"}]
)
@pytest.mark.parametrize(("resource", "at"), RUN, ids=lambda each: each if isinstance(each, str) else each.type)
def test_an_interface_in_a_network_is_a_way(resource: R, at: str, interface: dict[str, str]) -> None:
    direct = with_(resource, at, {"networkInterfaces": [interface], "egress": "ALL_TRAFFIC"})
    assert verdict(CONTROL, direct) is Verdict.PASS
    found = outcome(CONTROL, with_(direct, f"{at}.egress", "PRIVATE_RANGES_ONLY"))
    assert [(each.path, each.shown) for each in found.reasons] == [(f"{at}.egress", "PRIVATE_RANGES_ONLY")]
    assert verdict(CONTROL, with_(direct, f"{at}.egress", ...)) is Verdict.FAIL


@pytest.mark.parametrize(
    "access",
    [
        ...,
        {},
        {"egress": "ALL_TRAFFIC"},
        {"networkInterfaces": [{}], "egress": "ALL_TRAFFIC"},
        {"connector": "", "egress": "ALL_TRAFFIC"},
    ],
)
@pytest.mark.parametrize(("resource", "at"), RUN, ids=lambda each: each if isinstance(each, str) else each.type)
def test_without_a_way_into_the_network_it_fails(resource: R, at: str, access: Any) -> None:
    found = outcome(CONTROL, with_(resource, at, access))
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, f"{at}.connector")


@pytest.mark.parametrize("value", [UNKNOWN, secret(), [7]])
def test_a_second_way_that_cannot_be_read_may_undo_the_first(value: object) -> None:
    path = "template.vpcAccess.networkInterfaces"
    assert verdict(CONTROL, with_(SERVICE, path, value)) is Verdict.INDETERMINATE


def direct(egress: object, **more: object) -> R:
    config = {
        "ingressSettings": "ALLOW_INTERNAL_ONLY",
        "directVpcNetworkInterfaces": [{"subnetwork": "core"}],
        "directVpcEgress": egress,
        **more,
    }
    return R("cloudfunctionsv2.Function", {"serviceConfig": config})


def test_a_function_may_stand_in_the_network_itself() -> None:
    assert verdict(CONTROL, direct("VPC_EGRESS_ALL_TRAFFIC")) is Verdict.PASS
    assert verdict(CONTROL, FUNCTION) is Verdict.PASS
    found = outcome(CONTROL, with_(FUNCTION, "serviceConfig.vpcConnector", ...))
    assert [each.path for each in found.reasons] == ["serviceConfig.vpcConnector"]
    for egress in ("VPC_EGRESS_PRIVATE_RANGES_ONLY", "ALL_TRAFFIC", None):
        found = outcome(CONTROL, direct(egress))
        assert [each.path for each in found.reasons] == ["serviceConfig.directVpcEgress"]


def test_each_of_two_ways_must_carry_everything() -> None:
    both = direct("VPC_EGRESS_ALL_TRAFFIC", vpcConnector="c", vpcConnectorEgressSettings="PRIVATE_RANGES_ONLY")
    found = outcome(CONTROL, both)
    assert [each.path for each in found.reasons] == ["serviceConfig.vpcConnectorEgressSettings"]


def test_a_connector_of_this_document_may_be_unknown() -> None:
    connector = R("vpcaccess.Connector", {}, "connector")
    unknown = with_(SERVICE, "template.vpcAccess.connector", UNKNOWN)
    origins = {"template.vpcAccess.connector": urn("vpcaccess.Connector", "connector")}
    assert verdict(CONTROL, replace(unknown, origins=origins), connector) is Verdict.PASS
    assert verdict(CONTROL, unknown, connector) is Verdict.INDETERMINATE
