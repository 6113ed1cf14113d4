"""ENC-15: databases, search and serverless use customer-managed keys."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.encryption.enc_15 import CONTROL
from groundplan_policies.rules.encryption.uses import DATABASES, MACHINE_DISK, SPANNER_KEYS
from tests.policies.rules.encryption.samples import FOREIGN, NAME, keyed
from tests.policies.rules.harness import R, outcome, put, stated_verdicts, urn, verdict

ASKED = Parameters(key_projects=("acme-keys",), customer_managed_keys=True)
NOT_ASKED = Parameters(key_projects=("acme-keys",), customer_managed_keys=False)
NOT_SAID = Parameters(key_projects=("acme-keys",))
COPIED = {
    "compute.InstanceTemplate": "disks.diskEncryptionKey.kmsKeySelfLink",
    "compute.RegionInstanceTemplate": "disks.diskEncryptionKey.kmsKeySelfLink",
    "compute.MachineImage": "machineImageEncryptionKey.kmsKeyName",
}
TYPES = {**DATABASES, "spanner.Database": SPANNER_KEYS[0], "compute.Instance": MACHINE_DISK, **COPIED}
CONNECTION = {"cloudSql": {"instanceId": "p:r:i"}}


def bare(type_: str) -> dict[str, Any]:
    if type_.endswith("InstanceTemplate"):
        return {"disks": [{}]}
    return {"clusters": [{}]} if type_ == "bigtable.Instance" else CONNECTION if type_ == "bigquery.Connection" else {}


FROM_TEMPLATE = R("compute.InstanceFromTemplate", {"bootDisk": {"kmsKeySelfLink": NAME}})
GOOD = [*(R(type_, put(bare(type_), path, NAME)) for type_, path in TYPES.items()), FROM_TEMPLATE]

PLACE = "run.googleapis.com/encryption-key"


def first_run(key: object, **more: Any) -> R:
    return R("cloudrun.Service", {"template": {"metadata": {"annotations": {PLACE: key}}}}, **more)


test_stated_verdicts = stated_verdicts(CONTROL, [*GOOD, first_run(NAME)], parameters=ASKED)


def test_the_first_form_of_cloud_run_names_its_key_in_an_annotation() -> None:
    path = f'template.metadata.annotations["{PLACE}"]'
    for key in (FOREIGN, None, f"{NAME}/cryptoKeyVersions/1"):
        found = outcome(CONTROL, first_run(key), parameters=ASKED)
        assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, path)
    assert verdict(CONTROL, first_run(UNKNOWN), parameters=ASKED) is Verdict.INDETERMINATE
    own = R("kms.CryptoKey", {"name": "k"}, "k")
    assert verdict(CONTROL, first_run(UNKNOWN, origins={path: own.urn}), own, parameters=ASKED) is Verdict.PASS
    whole = first_run(UNKNOWN, origins={"template.metadata.annotations": own.urn})
    assert verdict(CONTROL, whole, own, parameters=ASKED) is Verdict.INDETERMINATE


@pytest.mark.parametrize(("type_", "path"), TYPES.items())
def test_the_tier_says_whether_there_must_be_a_key(type_: str, path: str) -> None:
    none = R(type_, bare(type_))
    found = outcome(CONTROL, none, parameters=ASKED)
    assert (found.verdict, found.reasons[0].path.replace("[0]", "")) == (Verdict.FAIL, path)
    assert verdict(CONTROL, none, parameters=NOT_ASKED) is Verdict.NOT_APPLICABLE
    unsaid = outcome(CONTROL, none, parameters=NOT_SAID)
    assert (unsaid.verdict, unsaid.reasons[0].path.replace("[0]", "")) == (Verdict.INDETERMINATE, path)


@pytest.mark.parametrize(("type_", "path"), TYPES.items())
@pytest.mark.parametrize("parameters", [ASKED, NOT_ASKED, NOT_SAID], ids=["asked", "not asked", "not said"])
def test_a_key_that_is_named_must_be_right_in_every_tier(type_: str, path: str, parameters: Parameters) -> None:
    found = outcome(CONTROL, R(type_, put(bare(type_), path, FOREIGN)), parameters=parameters)
    assert (found.verdict, found.reasons[0].path.replace("[0]", "")) == (Verdict.FAIL, path)
    assert verdict(CONTROL, R(type_, put(bare(type_), path, NAME)), parameters=parameters) is Verdict.PASS


def test_every_cluster_has_a_key() -> None:
    clusters = R("bigtable.Instance", {"clusters": [{"kmsKeyName": NAME}, {}]})
    found = outcome(CONTROL, clusters, parameters=ASKED)
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, ["clusters[1].kmsKeyName"])
    assert verdict(CONTROL, clusters, parameters=NOT_ASKED) is Verdict.PASS


@pytest.mark.parametrize("type_", ["compute.InstanceFromTemplate", "compute.InstanceFromMachineImage"])
def test_a_machine_takes_over_the_disks_of_its_template(type_: str) -> None:
    template = R("compute.RegionInstanceTemplate", {"disks": [{}]}, "template")
    origins = {"sourceInstanceTemplate": template.urn}
    bare = R(type_, {"sourceInstanceTemplate": UNKNOWN}, origins=origins)
    assert verdict(CONTROL, bare, template, parameters=ASKED) is Verdict.NOT_APPLICABLE
    elsewhere = outcome(CONTROL, R(type_), template, parameters=ASKED)
    assert elsewhere.verdict is Verdict.INDETERMINATE
    assert [each.path for each in elsewhere.reasons] == ["bootDisk.kmsKeySelfLink"]
    assert verdict(CONTROL, R(type_), parameters=NOT_ASKED) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, R(type_), parameters=NOT_SAID) is Verdict.INDETERMINATE


@pytest.mark.parametrize("path", ["bootDisk.kmsKeySelfLink", "attachedDisks.kmsKeySelfLink"])
def test_a_key_that_a_machine_names_itself_must_be_right(path: str) -> None:
    given = put({"bootDisk": {"kmsKeySelfLink": NAME}, "attachedDisks": [{"kmsKeySelfLink": NAME}]}, path, FOREIGN)
    found = outcome(CONTROL, R("compute.InstanceFromTemplate", given), parameters=NOT_ASKED)
    assert (found.verdict, found.reasons[0].path.replace("[0]", "")) == (Verdict.FAIL, path)


def test_every_disk_of_a_template_has_a_key() -> None:
    def of(*disks: dict[str, Any], made: str = "") -> Outcome:
        origins = {"disks[0].source": made} if made else {}
        disk = R("compute.Disk", {}, "disk")
        template = R("compute.InstanceTemplate", {"disks": list(disks)}, origins=origins)
        return outcome(CONTROL, template, disk, parameters=ASKED)

    good = {"diskEncryptionKey": {"kmsKeySelfLink": NAME}}
    found = of(good, {})
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, "disks[1].diskEncryptionKey.kmsKeySelfLink")
    assert of(good, {"type": "SCRATCH"}).verdict is Verdict.PASS
    assert of({"source": UNKNOWN}, made=urn("compute.Disk", "disk")).verdict is Verdict.NOT_APPLICABLE
    assert of({"source": "elsewhere"}).verdict is Verdict.INDETERMINATE
    assert of({"source": "elsewhere", **good}).verdict is Verdict.PASS
    assert of().verdict is Verdict.FAIL


@pytest.mark.parametrize("backups", ["automatedBackupPolicy", "continuousBackupConfig"])
def test_backups_have_the_key_of_their_cluster_or_one_as_good(backups: str) -> None:
    def of(key: str) -> Outcome:
        inputs = {"encryptionConfig": {"kmsKeyName": NAME}, backups: {"encryptionConfig": {"kmsKeyName": key}}}
        return outcome(CONTROL, R("alloydb.Cluster", inputs), parameters=NOT_ASKED)

    found = of(FOREIGN)
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, f"{backups}.encryptionConfig.kmsKeyName")
    assert of(NAME).verdict is Verdict.PASS


def spanner(**encryption: Any) -> Outcome:
    return outcome(CONTROL, R("spanner.Database", {"encryptionConfig": encryption}), parameters=ASKED)


def test_a_database_of_spanner_may_name_several_keys() -> None:
    assert spanner(kmsKeyNames=[NAME, NAME]).verdict is Verdict.PASS
    found = spanner(kmsKeyNames=[NAME, FOREIGN])
    assert (found.verdict, [each.path for each in found.reasons]) == (
        Verdict.FAIL,
        ["encryptionConfig.kmsKeyNames[1]"],
    )
    assert spanner(kmsKeyNames=[NAME], kmsKeyName=FOREIGN).verdict is Verdict.FAIL
    assert spanner(kmsKeyNames=[FOREIGN], kmsKeyName=NAME).verdict is Verdict.FAIL
    assert spanner(kmsKeyNames=[NAME, ""]).verdict is Verdict.FAIL
    assert spanner(kmsKeyNames=[NAME, ""], kmsKeyName=NAME).verdict is Verdict.FAIL
    assert spanner(kmsKeyNames=[NAME, 7]).verdict is Verdict.INDETERMINATE
    assert spanner(kmsKeyNames=[]).verdict is Verdict.FAIL
    assert spanner(kmsKeyNames=UNKNOWN).verdict is Verdict.INDETERMINATE


def test_only_a_connection_with_a_password_needs_a_key() -> None:
    free: list[dict[str, Any]] = [{"cloudResource": {}}, {"spark": {}}, {"cloudSql": None}]
    asked: list[dict[str, Any]] = [CONNECTION, {"cloudSql": UNKNOWN}, {"cloudSql": {}}]
    for inputs in free:
        assert verdict(CONTROL, R("bigquery.Connection", inputs), parameters=ASKED) is Verdict.NOT_APPLICABLE
    for inputs in asked:
        assert verdict(CONTROL, R("bigquery.Connection", inputs), parameters=ASKED) is Verdict.FAIL
    wrong = R("bigquery.Connection", {"cloudResource": {}, "kmsKeyName": FOREIGN})
    assert verdict(CONTROL, wrong, parameters=ASKED) is Verdict.FAIL


def test_a_machine_may_boot_from_a_disk_that_is_judged_itself() -> None:
    def of(source: object, *others: R, **disk: Any) -> Verdict:
        machine = R(
            "compute.Instance",
            {"bootDisk": {"source": source, **disk}},
            "vm",
            {"bootDisk.source": urn("compute.Disk", "d")},
        )
        return verdict(CONTROL, machine, *others, parameters=ASKED)

    disk = R("compute.Disk", put({}, DATABASES["compute.Disk"], NAME), "d")
    assert of(UNKNOWN, disk) is Verdict.NOT_APPLICABLE
    assert of(UNKNOWN) is Verdict.FAIL
    assert of("elsewhere") is Verdict.FAIL
    assert of(UNKNOWN, disk, kmsKeySelfLink=FOREIGN) is Verdict.FAIL
    assert of(UNKNOWN, disk, kmsKeySelfLink=NAME) is Verdict.PASS


def test_the_table_of_types_is_whole() -> None:
    copies = {"compute.InstanceFromTemplate", "compute.InstanceFromMachineImage"}
    assert {*CONTROL.checks} == {*TYPES, *copies, "cloudrun.Service"}
    assert all(
        verdict(CONTROL, each, parameters=ASKED) is Verdict.PASS
        for each in keyed({"sql.DatabaseInstance": "encryptionKeyName"})
    )
