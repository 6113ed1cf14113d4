"""NET-01: notebooks and virtual machines have no external address."""

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_01 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

NOTEBOOK = R(
    "workbench.Instance",
    {"gceSetup": {"disablePublicIp": True, "networkInterfaces": [{"network": "core", "subnet": "core"}]}},
)
MACHINE = R("compute.Instance", {"networkInterfaces": [{"network": "core"}]})
TEMPLATE = R("compute.InstanceTemplate", {"networkInterfaces": [{"network": "core"}]})

test_stated_verdicts = stated_verdicts(CONTROL, [NOTEBOOK, MACHINE, TEMPLATE])


def test_a_notebook_without_settings_has_an_address() -> None:
    assert verdict(CONTROL, R("workbench.Instance", {"location": "europe-west4-a"})) is Verdict.FAIL


@pytest.mark.parametrize("access", [[{}], [{"natIp": "203.0.113.7"}]])
def test_a_block_of_access_asks_for_an_address_whatever_it_holds(access: list[dict[str, str]]) -> None:
    found = outcome(CONTROL, R("compute.Instance", {"networkInterfaces": [{}, {"accessConfigs": access}]}))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["networkInterfaces[1].accessConfigs"]
    assert found.reasons[0].shown == ""
