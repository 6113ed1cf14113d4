"""NET-02: notebooks stand in a network of your own."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_02 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, urn, verdict

GOOD = R("workbench.Instance", {"gceSetup": {"networkInterfaces": [{"subnet": "core"}]}})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({}, "gceSetup.networkInterfaces.subnet"),
        ({"gceSetup": {}}, "gceSetup.networkInterfaces.subnet"),
        ({"gceSetup": {"networkInterfaces": []}}, "gceSetup.networkInterfaces.subnet"),
        ({"gceSetup": {"networkInterfaces": [{}]}}, "gceSetup.networkInterfaces[0].subnet"),
        ({"gceSetup": {"networkInterfaces": [{"nicType": "GVNIC"}]}}, "gceSetup.networkInterfaces[0].subnet"),
    ],
)
def test_no_network_is_the_default_network(inputs: dict[str, object], path: str) -> None:
    found = outcome(CONTROL, R("workbench.Instance", inputs))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [path])


def test_every_interface_counts() -> None:
    interfaces = [{"subnet": "core"}, {"network": "projects/acme-ml/global/networks/default"}]
    found = outcome(CONTROL, R("workbench.Instance", {"gceSetup": {"networkInterfaces": interfaces}}))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [
        ("gceSetup.networkInterfaces[1].network", "default"),
    ]


@pytest.mark.parametrize("value", [UNKNOWN, secret(), "core", [7]])
def test_interfaces_that_cannot_be_read_are_indeterminate(value: object) -> None:
    assert (
        verdict(CONTROL, R("workbench.Instance", {"gceSetup": {"networkInterfaces": value}})) is Verdict.INDETERMINATE
    )


def test_the_network_of_this_document_may_be_unknown_yet() -> None:
    notebook = R(
        "workbench.Instance",
        {"gceSetup": {"networkInterfaces": [{"network": UNKNOWN, "subnet": UNKNOWN}]}},
        origins={
            "gceSetup.networkInterfaces[0].network": urn("compute.Network", "vpc"),
            "gceSetup.networkInterfaces[0].subnet": urn("compute.Subnetwork", "subnet"),
        },
    )
    others = R("compute.Network", {"name": "core"}, "vpc"), R("compute.Subnetwork", {"name": "core"}, "subnet")
    assert verdict(CONTROL, notebook, *others) is Verdict.PASS
    assert verdict(CONTROL, notebook, R("compute.Network", {"name": "default"}, "vpc"), others[1]) is Verdict.FAIL
