"""SUP-15: no secrets in variables or metadata."""

from collections.abc import Mapping
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.compute.metadata import OF_MANY
from groundplan_policies.rules.supply.sup_15 import CONTROL
from tests.policies.rules.harness import R, outcome, put, secret, stated_verdicts, verdict

VARIABLES = {
    "cloudrun.Service": "template.spec.containers.envs",
    "cloudrunv2.Service": "template.containers.envs",
    "cloudrunv2.Job": "template.template.containers.envs",
    "cloudrunv2.WorkerPool": "template.containers.envs",
    "vertex.AiEndpointWithModelGardenDeployment": "modelConfig.containerSpec.envs",
    "colab.RuntimeTemplate": "softwareConfig.envs",
}
MACHINES = (
    "compute.Instance",
    "compute.InstanceTemplate",
    "compute.RegionInstanceTemplate",
    "compute.InstanceFromTemplate",
    "compute.InstanceFromMachineImage",
)
MAPS = [
    ("cloudfunctions.Function", "environmentVariables"),
    ("cloudfunctions.Function", "buildEnvironmentVariables"),
    ("cloudfunctionsv2.Function", "serviceConfig.environmentVariables"),
    ("cloudfunctionsv2.Function", "buildConfig.environmentVariables"),
    ("composer.Environment", "config.softwareConfig.envVariables"),
    ("composer.UserWorkloadsConfigMap", "data"),
    ("cloudrunv2.Service", "buildConfig.environmentVariables"),
    ("composer.Environment", "config.softwareConfig.airflowConfigOverrides"),
    ("dataflow.Job", "parameters"),
    ("dataflow.FlexTemplateJob", "parameters"),
    ("dataflow.Pipeline", "workload.dataflowFlexTemplateRequest.launchParameter.parameters"),
    ("dataflow.Pipeline", "workload.dataflowLaunchTemplateRequest.launchParameters.parameters"),
    ("dataproc.Batch", "runtimeConfig.properties"),
    ("dataproc.SessionTemplate", "runtimeConfig.properties"),
    ("dataproc.Cluster", "clusterConfig.softwareConfig.properties"),
    ("dataproc.WorkflowTemplate", "placement.managedCluster.config.softwareConfig.properties"),
    ("bigquery.Routine", "sparkOptions.properties"),
    ("cloudscheduler.Job", "httpTarget.headers"),
    ("cloudscheduler.Job", "appEngineHttpTarget.headers"),
    *((type_, path) for type_, paths in OF_MANY.items() for path in paths if type_ != "compute.ProjectMetadata"),
    ("workbench.Instance", "gceSetup.metadata"),
    ("tpu.V2Vm", "metadata"),
    ("compute.ProjectMetadata", "metadata"),
    *((each, "metadata") for each in MACHINES),
]


def nested(path: str, value: object) -> dict[str, Any]:
    head, _, rest = path.partition(".")
    inner = nested(rest, value) if rest else value
    return {head: [inner] if head in {"containers", "sandboxes"} else inner}


PLAIN = [{"name": "MODE", "value": "fast"}]
MADE = {*MACHINES, "cloudrunv2.Service", "composer.Environment", "dataproc.Batch"}


def container() -> dict[str, Any]:
    return {"envs": PLAIN, "args": ["--mode", "fast"], "commands": ["run"]}


def with_maps(type_: str) -> R:
    inputs: Mapping[str, Any] = {}
    for each, path in MAPS:
        if each == type_:
            inputs = put(inputs, path, {"mode": "fast"})
    return R(type_, inputs)


GOOD = [
    *(
        R(type_, nested(path.removesuffix(".envs"), container()))
        for type_, path in VARIABLES.items()
        if type_ not in {"cloudrunv2.Service", "colab.RuntimeTemplate"}
    ),
    R("colab.RuntimeTemplate", {"softwareConfig": {"envs": PLAIN}}),
    R(
        "cloudrunv2.Service",
        {
            "template": {"containers": [container()], "sandboxes": [{"templates": [container()]}]},
            "buildConfig": {"environmentVariables": {"A": "b"}},
        },
    ),
    *(with_maps(type_) for type_ in dict.fromkeys(each for each, _ in MAPS[6:]) if type_ not in MADE),
    R(
        "dataproc.Batch",
        {
            "runtimeConfig": {"properties": {"spark.executor.cores": "4"}},
            **{each: {"args": ["--mode", "fast"]} for each in ("pysparkBatch", "sparkBatch", "sparkRBatch")},
        },
    ),
    R("cloudfunctions.Function", {"environmentVariables": {"A": "b"}, "buildEnvironmentVariables": {"A": "b"}}),
    R(
        "cloudfunctionsv2.Function",
        {
            "serviceConfig": {"environmentVariables": {"A": "b"}},
            "buildConfig": {"environmentVariables": {"A": "b"}},
        },
    ),
    with_maps("composer.Environment"),
    with_maps("composer.UserWorkloadsConfigMap"),
    *(R(each, {"metadata": {"mode": "fast"}, "metadataStartupScript": "echo hello"}) for each in MACHINES),
    R("compute.ProjectMetadataItem", {"key": "enable-oslogin", "value": "TRUE"}),
]

test_stated_verdicts = stated_verdicts(CONTROL, GOOD)

BAD = {"DB_PASSWORD": "hunter2", "note": "glpat-" + "a1B2" * 5, "seed": "Zk3vQ9xT7bLm2RwY8sPd", "pin": secret()}


@pytest.mark.parametrize(("type_", "path"), VARIABLES.items())
@pytest.mark.parametrize("name", BAD)
def test_a_secret_in_a_variable_fails_and_is_not_shown(type_: str, path: str, name: str) -> None:
    variables = [*PLAIN, {"name": name, "value": BAD[name]}]
    found = outcome(CONTROL, R(type_, nested(path, variables)))
    place = path.replace("containers.", "containers[0].")
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(f"{place}[1].value", "")]


@pytest.mark.parametrize(("type_", "path"), MAPS)
@pytest.mark.parametrize("name", BAD)
def test_a_secret_in_a_map_fails_and_is_not_shown(type_: str, path: str, name: str) -> None:
    found = outcome(CONTROL, R(type_, nested(path, {"MODE": "fast", name: BAD[name]})))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(f"{path}.{name}", "")]


@pytest.mark.parametrize("type_", VARIABLES)
def test_a_reference_to_a_secret_passes(type_: str) -> None:
    reference = {"name": "DB_PASSWORD", "valueSource": {"secretKeyRef": {"secret": "db", "version": "3"}}}
    assert verdict(CONTROL, R(type_, nested(VARIABLES[type_], [reference]))) is Verdict.PASS


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ({"name": UNKNOWN, "value": "hunter2"}, Verdict.INDETERMINATE),
        ({"name": UNKNOWN, "valueSource": {}}, Verdict.PASS),
        ({"name": UNKNOWN, "value": "glpat-" + "a1B2" * 5}, Verdict.FAIL),
        ({"name": "TOKEN", "value": UNKNOWN}, Verdict.INDETERMINATE),
        ({"name": "ID", "value": "0123456789abcdef" * 2}, Verdict.INDETERMINATE),
        ({"name": "PORT", "value": 8080}, Verdict.PASS),
        ({"name": "PASSWORD", "value": 12345}, Verdict.FAIL),
        ({"name": "PASSWORD", "value": True}, Verdict.PASS),
        ({"name": "A", "value": ["b"]}, Verdict.INDETERMINATE),
        ("A=b", Verdict.INDETERMINATE),
        (secret(), Verdict.FAIL),
        ({}, Verdict.NOT_APPLICABLE),
    ],
    ids=str,
)
def test_a_variable_is_judged_by_what_is_known_of_it(variable: object, expected: Verdict) -> None:
    assert verdict(CONTROL, R("cloudrunv2.Job", nested(VARIABLES["cloudrunv2.Job"], [variable]))) is expected


@pytest.mark.parametrize("type_", MACHINES)
def test_a_secret_in_a_script_fails(type_: str) -> None:
    found = outcome(CONTROL, R(type_, {"metadataStartupScript": "login --with glpat-" + "a1B2" * 5}))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, ["metadataStartupScript"])


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("db-password", "hunter2", Verdict.FAIL),
        ("note", "hunter2", Verdict.PASS),
        ("note", secret(), Verdict.FAIL),
        ("ssh-keys", "alice:ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJx0Zk3vQ9xT7bLm2RwY8sPd", Verdict.PASS),
    ],
    ids=str,
)
def test_an_item_of_the_project_is_judged_by_its_key(key: str, value: object, expected: Verdict) -> None:
    found = outcome(CONTROL, R("compute.ProjectMetadataItem", {"key": key, "value": value}))
    assert found.verdict is expected
    assert [each.path for each in found.reasons] == ([] if expected is Verdict.PASS else ["value"])


@pytest.mark.parametrize("type_", [each for each in VARIABLES if each != "colab.RuntimeTemplate"])
@pytest.mark.parametrize("words", ["args", "commands"])
def test_a_secret_among_the_words_of_a_command_fails(type_: str, words: str) -> None:
    path = VARIABLES[type_].replace("envs", words)
    found = outcome(CONTROL, R(type_, nested(path, ["serve", "--db-password", "hunter2"])))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == [f"{path.replace('containers.', 'containers[0].')}[2]"]


def test_words_of_jobs_are_looked_at_too() -> None:
    job = R("dataproc.Batch", {"pysparkBatch": {"args": ["--password=hunter2"]}})
    assert verdict(CONTROL, job) is Verdict.FAIL


def test_the_metadata_of_a_second_pool_count() -> None:
    pools = [{"nodeConfig": {"metadata": {"a": "b"}}}, {"nodeConfig": {"metadata": {"db-password": "hunter2"}}}]
    found = outcome(CONTROL, R("container.Cluster", {"nodePools": pools}))
    assert (found.verdict, found.reasons[0].path) == (
        Verdict.FAIL,
        'nodePools[1].nodeConfig.metadata["db-password"]',
    )


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"key": UNKNOWN, "value": "hunter2"}, Verdict.INDETERMINATE),
        ({"key": UNKNOWN, "value": ""}, Verdict.PASS),
        ({"key": UNKNOWN, "value": "glpat-" + "a1B2" * 5}, Verdict.FAIL),
    ],
    ids=str,
)
def test_under_a_key_that_nobody_sees_anything_may_be_a_secret(item: dict[str, Any], expected: Verdict) -> None:
    assert verdict(CONTROL, R("compute.ProjectMetadataItem", item)) is expected
