"""Networks by name: that one is given, and that it is not the default one."""

import pytest

from groundplan_policies.engine.control import Control, Evidence
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Severity, Verdict
from groundplan_policies.rules.network.named import NamedNetwork, last_part
from tests.policies.rules.harness import R, outcome, secret, urn, verdict

CONTROL = Control(
    id="NET-99",
    title="A network is named",
    why="To try the check alone.",
    remedy="None.",
    severity=Severity.LOW,
    evidence=Evidence.CONFIGURATION,
    checks={"dataflow.Job": NamedNetwork("", ("subnetwork", "network"))},
)
SUBNET, NETWORK = "compute.Subnetwork", "compute.Network"


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("core", "core"),
        ("projects/acme/global/networks/Core/", "core"),
        (" default ", "default"),
        ("/", ""),
    ],
)
def test_the_last_part(name: str, last: str) -> None:
    assert last_part(name) == last


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"subnetwork": "core"}, Verdict.PASS),
        ({"network": "core"}, Verdict.PASS),
        ({"subnetwork": "default-2"}, Verdict.PASS),
        ({"subnetwork": "default"}, Verdict.FAIL),
        ({"subnetwork": "regions/europe-west4/subnetworks/DEFAULT/"}, Verdict.FAIL),
        ({"subnetwork": "core", "network": "projects/acme/global/networks/default"}, Verdict.FAIL),
        ({"subnetwork": "core", "network": ""}, Verdict.PASS),
        ({"subnetwork": " / "}, Verdict.FAIL),
        ({}, Verdict.FAIL),
        ({"subnetwork": ["core"]}, Verdict.INDETERMINATE),
        ({"subnetwork": True}, Verdict.INDETERMINATE),
        ({"subnetwork": "core", "network": secret()}, Verdict.INDETERMINATE),
        ({"subnetwork": "core", "network": UNKNOWN}, Verdict.INDETERMINATE),
    ],
)
def test_one_must_be_set_and_none_may_be_the_default(inputs: dict[str, object], expected: Verdict) -> None:
    assert verdict(CONTROL, R("dataflow.Job", inputs)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"projects/{UNKNOWN}/regions/europe-west4/subnetworks/core", Verdict.PASS),
        (f"projects/{UNKNOWN}/regions/europe-west4/subnetworks/default", Verdict.FAIL),
        (f"projects/acme/regions/europe-west4/subnetworks/{UNKNOWN}", Verdict.INDETERMINATE),
        (f"projects/acme/regions/europe-west4/subnetworks/{UNKNOWN}-default", Verdict.INDETERMINATE),
    ],
)
def test_a_name_with_an_unknown_part_is_judged_by_its_last_part(text: str, expected: Verdict) -> None:
    assert verdict(CONTROL, R("dataflow.Job", {"subnetwork": text})) is expected


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (R(SUBNET, {"name": "core"}, "s"), Verdict.PASS),
        (R(NETWORK, {"name": "core"}, "s"), Verdict.PASS),
        (R(SUBNET, {}, "s"), Verdict.PASS),
        (R(SUBNET, {"name": "default"}, "s"), Verdict.FAIL),
        (R(SUBNET, {"name": UNKNOWN}, "s"), Verdict.INDETERMINATE),
        (R(SUBNET, {"name": secret()}, "s"), Verdict.INDETERMINATE),
        (R(SUBNET, {"name": 7}, "s"), Verdict.INDETERMINATE),
        (R("compute.Address", {"name": "core"}, "s"), Verdict.INDETERMINATE),
    ],
)
def test_an_unknown_name_is_judged_by_the_network_it_comes_of(made: R, expected: Verdict) -> None:
    job = R("dataflow.Job", {"subnetwork": UNKNOWN}, origins={"subnetwork": urn(made.type, "s")})
    found = outcome(CONTROL, job, made)
    assert found.verdict is expected
    assert {each.path for each in found.reasons} <= {"subnetwork"}


def test_the_reasons_name_the_property() -> None:
    found = outcome(CONTROL, R("dataflow.Job", {"subnetwork": "x/default"}))
    assert [(each.path, each.shown) for each in found.reasons] == [("subnetwork", "default")]
    assert [each.path for each in outcome(CONTROL, R("dataflow.Job", {})).reasons] == ["subnetwork"]
