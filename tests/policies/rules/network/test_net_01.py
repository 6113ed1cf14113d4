"""NET-01: notebooks and virtual machines have no external address."""

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_01 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

NOTEBOOK = R(
    "workbench.Instance",
    {"gceSetup": {"disablePublicIp": True, "networkInterfaces": [{"network": "core", "subnet": "core"}]}},
)
INTERFACES = {"networkInterfaces": [{"network": "core"}]}
MACHINES = ("compute.Instance", "compute.InstanceTemplate", "compute.RegionInstanceTemplate")
COPIES = ("compute.InstanceFromTemplate", "compute.InstanceFromMachineImage")

test_stated_verdicts = stated_verdicts(CONTROL, [NOTEBOOK, *(R(each, INTERFACES) for each in (*MACHINES, *COPIES))])


def test_a_notebook_without_settings_has_an_address() -> None:
    assert verdict(CONTROL, R("workbench.Instance", {"location": "europe-west4-a"})) is Verdict.FAIL


@pytest.mark.parametrize("type_", [*MACHINES, *COPIES])
@pytest.mark.parametrize("name", ["accessConfigs", "ipv6AccessConfigs"])
@pytest.mark.parametrize("access", [[{}], [{"natIp": "203.0.113.7"}]], ids=["empty", "address"])
def test_a_block_of_access_asks_for_an_address_whatever_it_holds(
    type_: str, name: str, access: list[dict[str, str]]
) -> None:
    found = outcome(CONTROL, R(type_, {"networkInterfaces": [{}, {name: access}]}))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(f"networkInterfaces[1].{name}", "")]


def test_a_machine_without_interfaces_passes() -> None:
    assert verdict(CONTROL, R("compute.Instance", {})) is Verdict.PASS


@pytest.mark.parametrize("type_", COPIES)
@pytest.mark.parametrize("inputs", [{}, {"networkInterfaces": []}], ids=["absent", "empty"])
def test_a_copy_that_names_no_interface_has_those_of_the_original(type_: str, inputs: dict[str, object]) -> None:
    found = outcome(CONTROL, R(type_, inputs))
    assert (found.verdict, found.reasons[0].path) == (Verdict.INDETERMINATE, "networkInterfaces")
