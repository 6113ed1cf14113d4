"""IAM-08: no default account has the scope of every API."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_08 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

FULL = "https://www.googleapis.com/auth/cloud-platform"
NARROW = "https://www.googleapis.com/auth/devstorage.read_only"
OWN = {"email": "trainer@acme-ml.iam.gserviceaccount.com", "scopes": [FULL]}
DEFAULT = "123-compute@developer.gserviceaccount.com"
MACHINES = ("compute.Instance", "compute.InstanceTemplate", "compute.RegionInstanceTemplate")
COPIES = ("compute.InstanceFromTemplate", "compute.InstanceFromMachineImage")
EVERY = (*MACHINES, *COPIES, "tpu.V2Vm")

test_stated_verdicts = stated_verdicts(CONTROL, [R(each, {"serviceAccount": OWN}) for each in EVERY])


@pytest.mark.parametrize("type_", EVERY)
@pytest.mark.parametrize("scope", [FULL, "cloud-platform"])
@pytest.mark.parametrize("account", [{"email": DEFAULT}, {}])
def test_a_default_account_with_every_scope_fails(type_: str, scope: str, account: dict[str, str]) -> None:
    found = outcome(CONTROL, R(type_, {"serviceAccount": {**account, "scopes": [NARROW, scope]}}))
    assert found.verdict is Verdict.FAIL
    assert [each.shown for each in found.reasons if each.path == "serviceAccount.scopes[1]"] == ["cloud-platform"]


@pytest.mark.parametrize("type_", COPIES)
def test_a_machine_takes_over_the_scopes_of_its_template(type_: str) -> None:
    template = R("compute.RegionInstanceTemplate", {"serviceAccount": {"email": DEFAULT, "scopes": [FULL]}}, "template")
    bare = R(type_, {"sourceInstanceTemplate": UNKNOWN}, origins={"sourceInstanceTemplate": template.urn})
    assert verdict(CONTROL, bare, template) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, R(type_, {"sourceInstanceTemplate": "elsewhere"}), template) is Verdict.INDETERMINATE


@pytest.mark.parametrize("type_", EVERY)
@pytest.mark.parametrize("scope", [NARROW, "storage-ro", "cloud-platform.read-only"])
def test_narrow_scopes_pass(type_: str, scope: str) -> None:
    assert verdict(CONTROL, R(type_, {"serviceAccount": {"email": DEFAULT, "scopes": [scope]}})) is Verdict.PASS


@pytest.mark.parametrize(
    ("type_", "inputs", "expected"),
    [
        ("compute.Instance", {}, Verdict.NOT_APPLICABLE),
        ("compute.Instance", {"serviceAccount": {"email": DEFAULT}}, Verdict.INDETERMINATE),
        ("compute.Instance", {"serviceAccount": {"email": DEFAULT, "scopes": []}}, Verdict.INDETERMINATE),
        ("tpu.V2Vm", {}, Verdict.FAIL),
        ("tpu.V2Vm", {"serviceAccount": {"email": DEFAULT}}, Verdict.FAIL),
        ("tpu.V2Vm", {"serviceAccount": {"email": DEFAULT, "scopes": []}}, Verdict.FAIL),
        ("tpu.V2Vm", {"serviceAccount": {"email": UNKNOWN, "scopes": [FULL]}}, Verdict.INDETERMINATE),
        ("tpu.V2Vm", {"serviceAccount": {"email": DEFAULT, "scopes": UNKNOWN}}, Verdict.INDETERMINATE),
        ("tpu.V2Vm", {"serviceAccount": {"email": DEFAULT, "scopes": [7]}}, Verdict.INDETERMINATE),
    ],
)
def test_missing_scopes_mean_what_google_takes_them_for(type_: str, inputs: dict[str, Any], expected: Verdict) -> None:
    assert verdict(CONTROL, R(type_, inputs)) is expected
