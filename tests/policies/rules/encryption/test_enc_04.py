"""ENC-04: notebook disks use customer-managed keys."""

from dataclasses import replace

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.encryption.enc_04 import CONTROL
from groundplan_policies.rules.encryption.uses import RUNTIMES
from tests.policies.rules.encryption.samples import FOREIGN, NAME, keyed
from tests.policies.rules.harness import R, outcome, put, stated_verdicts, verdict

DISK = {"diskEncryption": "CMEK", "kmsKey": NAME}
NOTEBOOK = R("workbench.Instance", {"gceSetup": {"bootDisk": {**DISK}, "dataDisks": {**DISK}}})
LEAVES = [f"gceSetup.{disk}.{leaf}" for disk in ("bootDisk", "dataDisks") for leaf in ("diskEncryption", "kmsKey")]

test_stated_verdicts = stated_verdicts(CONTROL, [NOTEBOOK, *keyed(RUNTIMES)])


@pytest.mark.parametrize("disk", ["bootDisk", "dataDisks"])
def test_google_ignores_a_key_where_the_method_is_another(disk: str) -> None:
    path = f"gceSetup.{disk}.diskEncryption"
    for method in ("GMEK", "cmek", "DISK_ENCRYPTION_UNSPECIFIED"):
        found = outcome(CONTROL, replace(NOTEBOOK, inputs=put(NOTEBOOK.inputs, path, method)))
        assert found.verdict is Verdict.FAIL
        assert [(each.path, each.shown) for each in found.reasons] == [(path, method)]


@pytest.mark.parametrize("disk", ["bootDisk", "dataDisks"])
def test_each_disk_has_a_key(disk: str) -> None:
    found = outcome(CONTROL, replace(NOTEBOOK, inputs=put(NOTEBOOK.inputs, f"gceSetup.{disk}.kmsKey", FOREIGN)))
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, f"gceSetup.{disk}.kmsKey")
    missing = outcome(CONTROL, replace(NOTEBOOK, inputs=put(NOTEBOOK.inputs, f"gceSetup.{disk}", ...)))
    assert missing.verdict is Verdict.FAIL
    assert [each.path for each in missing.reasons] == [
        f"gceSetup.{disk}.diskEncryption",
        f"gceSetup.{disk}.kmsKey",
    ]


def test_a_second_disk_counts_too() -> None:
    found = outcome(
        CONTROL,
        R("workbench.Instance", {"gceSetup": {"bootDisk": DISK, "dataDisks": [DISK, {"diskEncryption": "GMEK"}]}}),
    )
    assert found.verdict is Verdict.FAIL
    assert {each.path for each in found.reasons} == {
        "gceSetup.dataDisks[1].diskEncryption",
        "gceSetup.dataDisks[1].kmsKey",
    }


@pytest.mark.parametrize("leaf", LEAVES)
@pytest.mark.parametrize("record", [{"importID": "projects/p/x"}, {"external": True, "id": "projects/p/x"}])
def test_what_google_never_tells_is_left_open_for_what_was_there(leaf: str, record: dict[str, object]) -> None:
    there = replace(NOTEBOOK, record=record)
    assert verdict(CONTROL, there) is Verdict.PASS
    found = outcome(CONTROL, replace(there, inputs=put(there.inputs, leaf, ...)))
    assert found.verdict is Verdict.INDETERMINATE
    assert [each.path for each in found.reasons] == [leaf]
    assert verdict(CONTROL, replace(there, inputs=put(there.inputs, leaf, "GMEK"))) is Verdict.FAIL


def test_what_can_be_seen_to_be_wrong_fails_even_where_the_rest_cannot() -> None:
    there = R("workbench.Instance", {"gceSetup": {"bootDisk": {"diskEncryption": "GMEK"}}}, record={"importID": "x"})
    found = outcome(CONTROL, there)
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, "gceSetup.bootDisk.diskEncryption")


def test_a_notebook_without_settings_fails() -> None:
    assert verdict(CONTROL, R("workbench.Instance", {"location": "europe-west4-a"})) is Verdict.FAIL
