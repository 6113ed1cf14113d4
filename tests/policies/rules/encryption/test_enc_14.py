"""ENC-14: restricted data is processed on confidential machines."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.encryption.enc_14 import CONTROL
from groundplan_policies.rules.encryption.machines import can_be_confidential
from tests.policies.rules.harness import R, outcome, put, stated_verdicts, urn, verdict

CLASSES: dict[str, Any] = {"classifications": ("public", "personal"), "restricted_classes": ("personal",)}
PARAMETERS = Parameters(confidential_computing=True, **CLASSES)
ON = {"enabled": True}
NODES: dict[str, Any] = {"machineType": "n2d-standard-4"}

NOTEBOOK = R(
    "workbench.Instance",
    {"gceSetup": {"confidentialInstanceConfig": {"confidentialInstanceType": "SEV"}, "machineType": "n2d-standard-4"}},
)
MACHINE = {"confidentialInstanceConfig": {"enableConfidentialCompute": True}, "machineType": "n2d-standard-4"}
DATAPROC = R(
    "dataproc.Cluster",
    {
        "clusterConfig": {
            "gceClusterConfig": {"confidentialInstanceConfig": {"confidentialInstanceType": "SEV"}},
            "masterConfig": {"machineType": "n2d-standard-4"},
            "workerConfig": {"machineType": "n2d-standard-8"},
        }
    },
)
CLUSTER = R("container.Cluster", {"confidentialNodes": ON, "nodeConfig": NODES})
POOL = R("container.NodePool", {"nodeConfig": {**NODES, "confidentialNodes": ON}})
GOOD = [
    NOTEBOOK,
    R("compute.Instance", MACHINE),
    R("compute.InstanceTemplate", MACHINE),
    R("compute.RegionInstanceTemplate", MACHINE),
    R("compute.InstanceFromTemplate", MACHINE),
    R("compute.InstanceFromMachineImage", MACHINE),
    DATAPROC,
    CLUSTER,
    POOL,
]

test_stated_verdicts = stated_verdicts(CONTROL, GOOD, parameters=PARAMETERS)


def of(resource: R, changes: Mapping[str, Any] | None = None, *others: R) -> Outcome:
    inputs = resource.inputs
    for path, value in (changes or {}).items():
        inputs = put(inputs, path, value)
    return outcome(CONTROL, replace(resource, inputs=inputs), *others, parameters=PARAMETERS)


@pytest.mark.parametrize("type_", ["compute.InstanceFromTemplate", "compute.InstanceFromMachineImage"])
def test_a_machine_takes_over_what_its_template_asks_for(type_: str) -> None:
    template = R("compute.InstanceTemplate", {}, "template")
    bare = R(type_, {"sourceInstanceTemplate": UNKNOWN}, origins={"sourceInstanceTemplate": template.urn})
    assert verdict(CONTROL, bare, template, parameters=PARAMETERS) is Verdict.NOT_APPLICABLE
    assert of(R(type_)).verdict is Verdict.INDETERMINATE
    off = {"confidentialInstanceConfig": {"enableConfidentialCompute": False}}
    assert of(R(type_, {**MACHINE, **off})).verdict is Verdict.FAIL


def cluster(**inputs: Any) -> Outcome:
    return outcome(CONTROL, R("container.Cluster", inputs), parameters=PARAMETERS)


@pytest.mark.parametrize("technology", ["SEV", "SEV_SNP", "TDX"])
def test_every_technology_counts(technology: str) -> None:
    path = "confidentialInstanceConfig.confidentialInstanceType"
    assert of(NOTEBOOK, {f"gceSetup.{path}": technology}).verdict is Verdict.PASS
    machine = R("compute.Instance", {"machineType": "c3-standard-4"})
    assert of(machine, {path: technology}).verdict is Verdict.PASS


def test_what_is_off_fails() -> None:
    path = "confidentialInstanceConfig.enableConfidentialCompute"
    machine = R("compute.Instance", MACHINE)
    found = of(machine, {path: False})
    assert found.verdict is Verdict.FAIL
    assert (path, "false") in [(each.path, each.shown) for each in found.reasons]
    other = "gceSetup.confidentialInstanceConfig.confidentialInstanceType"
    assert of(NOTEBOOK, {other: "CONFIDENTIAL_INSTANCE_TYPE_UNSPECIFIED"}).verdict is Verdict.FAIL
    assert of(DATAPROC, {"clusterConfig.gceClusterConfig": ...}).verdict is Verdict.FAIL


def test_dataproc_has_a_switch_too() -> None:
    path = "clusterConfig.gceClusterConfig.confidentialInstanceConfig"
    assert of(DATAPROC, {path: {"enableConfidentialCompute": True}}).verdict is Verdict.PASS
    virtual = R("dataproc.Cluster", {"virtualClusterConfig": {"kubernetesClusterConfig": {}}})
    assert of(virtual).verdict is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["clusterConfig.masterConfig.machineType", "clusterConfig.workerConfig.machineType"])
def test_every_machine_type_must_be_able(path: str) -> None:
    found = of(DATAPROC, {path: "n1-standard-4"})
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.INDETERMINATE, [path])


def test_machines_that_cannot_are_left_open_where_they_ask_and_fail_where_not() -> None:
    found = of(POOL, {"nodeConfig.machineType": "g2-standard-8"})
    assert (found.verdict, found.reasons[0].path) == (Verdict.INDETERMINATE, "nodeConfig.machineType")
    asks_not = R("container.NodePool", {"nodeConfig": {"machineType": "g2-standard-8"}})
    assert of(asks_not).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    "machine",
    ["n2d-standard-4", "c2d-highmem-8", "c3d-standard-4", "c4d-standard-2", "c3-standard-4", "a3-highgpu-1g"],
)
def test_machines_that_can(machine: str) -> None:
    assert can_be_confidential(machine)
    assert can_be_confidential(f"https://www.googleapis.com/compute/v1/projects/p/zones/z/machineTypes/{machine}")


@pytest.mark.parametrize(
    "machine", ["", "n2-standard-4", "e2-medium", "a3-highgpu-8g", "a2-highgpu-1g", "n2dx-1", "N2D-standard-4"]
)
def test_machines_that_cannot(machine: str) -> None:
    assert not can_be_confidential(machine)


def test_the_default_pool_asks_itself_or_by_its_cluster() -> None:
    assert cluster(nodeConfig={**NODES, "confidentialNodes": ON}).verdict is Verdict.PASS
    assert cluster(nodeConfig=NODES, confidentialNodes=ON).verdict is Verdict.PASS
    assert cluster(nodeConfig=NODES).verdict is Verdict.FAIL
    assert cluster(confidentialNodes=ON).verdict is Verdict.INDETERMINATE


def test_a_default_pool_that_is_removed_does_not_count() -> None:
    assert cluster(removeDefaultNodePool=True).verdict is Verdict.NOT_APPLICABLE
    for value in (False, "true", None):
        assert cluster(removeDefaultNodePool=value).verdict is Verdict.FAIL


def test_what_has_no_machines_of_its_own_needs_no_settings_either() -> None:
    removed = R("container.Cluster", {"removeDefaultNodePool": True})
    assert verdict(CONTROL, removed, parameters=Parameters()) is Verdict.NOT_APPLICABLE


def test_pools_inside_of_the_cluster_are_read() -> None:
    good, bad = {"nodeConfig": {**NODES, "confidentialNodes": ON}}, {"nodeConfig": NODES}
    assert cluster(nodePools=[good]).verdict is Verdict.PASS
    assert cluster(nodePools=[good, bad], removeDefaultNodePool=True).verdict is Verdict.FAIL
    assert cluster(nodePools=[bad], confidentialNodes=ON).verdict is Verdict.PASS
    assert cluster(nodePools=[], nodeConfig=NODES).verdict is Verdict.FAIL


def test_pools_that_the_cluster_makes_by_itself_need_the_cluster_to_ask() -> None:
    by_itself = {"clusterAutoscaling": ON, "removeDefaultNodePool": True}
    found = cluster(**by_itself)
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, ["confidentialNodes.enabled"])
    assert cluster(**by_itself, confidentialNodes=ON).verdict is Verdict.PASS
    assert cluster(clusterAutoscaling={"enabled": UNKNOWN}, removeDefaultNodePool=True).verdict is Verdict.FAIL
    assert cluster(clusterAutoscaling={"enabled": False}, removeDefaultNodePool=True).verdict is Verdict.NOT_APPLICABLE


def test_a_pool_may_rely_on_its_cluster() -> None:
    pool = R(
        "container.NodePool",
        {"nodeConfig": NODES, "cluster": UNKNOWN},
        origins={"cluster": urn("container.Cluster", "c")},
    )
    assert of(pool, None, R("container.Cluster", {"confidentialNodes": ON}, "c")).verdict is Verdict.PASS
    assert (
        of(pool, None, R("container.Cluster", {"confidentialNodes": {"enabled": False}}, "c")).verdict is Verdict.FAIL
    )
    found = of(pool)
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, "nodeConfig.confidentialNodes.enabled")


@pytest.mark.parametrize(
    ("resource", "labels"),
    [
        (R("workbench.Instance"), "labels"),
        (R("compute.Instance"), "labels"),
        (R("compute.InstanceTemplate"), "labels"),
        (R("dataproc.Cluster"), "labels"),
        (R("container.Cluster"), "resourceLabels"),
        (R("container.NodePool"), "nodeConfig.resourceLabels"),
    ],
)
def test_only_restricted_data_needs_it(resource: R, labels: str) -> None:
    def with_class(class_: str, **world: Any) -> Verdict:
        labelled = replace(resource, inputs=put(resource.inputs, labels, {"classification": class_}))
        return verdict(CONTROL, labelled, **{"parameters": PARAMETERS, **world})

    assert with_class("public") is Verdict.NOT_APPLICABLE
    assert with_class("personal") is Verdict.FAIL
    assert with_class("other") is Verdict.FAIL
    assert with_class("personal", parameters=Parameters(**CLASSES)) is Verdict.INDETERMINATE
    assert with_class("personal", parameters=Parameters(confidential_computing=False)) is Verdict.NOT_APPLICABLE
    assert with_class("personal", parameters=Parameters(confidential_computing=True)) is Verdict.INDETERMINATE
