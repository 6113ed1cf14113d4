"""SUP-17: start-up scripts come from trusted buckets."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.compute.metadata import OF_MANY
from groundplan_policies.rules.supply.sup_17 import CONTROL
from tests.policies.rules.harness import R, outcome, put, secret, stated_verdicts, verdict

SCRIPT = "gs://acme-scripts/" + "0123456789abcdef" * 4 + ".sh"
PARAMETERS = Parameters(code_buckets=("acme-scripts",))
MACHINES = (
    "compute.Instance",
    "compute.InstanceTemplate",
    "compute.RegionInstanceTemplate",
    "compute.InstanceFromTemplate",
    "compute.InstanceFromMachineImage",
)
MAPS = {
    "workbench.Instance": "gceSetup.metadata",
    **dict.fromkeys(("tpu.V2Vm", *MACHINES), "metadata"),
    **{type_: path for type_, (path, *_) in OF_MANY.items()},
}
ACTIONS = {
    "dataproc.Cluster": "clusterConfig.initializationActions.script",
    "dataproc.WorkflowTemplate": "placement.managedCluster.config.initializationActions.executableFile",
    "colab.RuntimeTemplate": "softwareConfig.postStartupScriptConfig.postStartupScriptUrl",
}


def nested(path: str, value: object) -> dict[str, Any]:
    head, _, rest = path.partition(".")
    inner = nested(rest, value) if rest else value
    return {head: [inner] if head == "initializationActions" else inner}


def with_metadata(type_: str, **metadata: object) -> R:
    return R(type_, nested(MAPS[type_], {key.replace("_", "-"): value for key, value in metadata.items()}))


def patch(**changes: Any) -> dict[str, Any]:
    return {"bucket": "acme-scripts", "object": "patch.sh", "generationNumber": "1712345678901234", **changes}


GOOD = [
    *(with_metadata(each, startup_script_url=SCRIPT) for each in MAPS if each not in {*ACTIONS, "container.Cluster"}),
    R(
        "container.Cluster",
        {
            "nodeConfig": {"metadata": {"startup-script-url": SCRIPT}},
            "nodePools": [{"nodeConfig": {"metadata": {"a": "b"}}}],
        },
    ),
    *(
        R(type_, put(nested(path, SCRIPT), MAPS[type_], {"a": "b"}) if type_ in MAPS else nested(path, SCRIPT))
        for type_, path in ACTIONS.items()
    ),
    R("compute.ProjectMetadataItem", {"key": "startup-script-url", "value": SCRIPT}),
    R(
        "osconfig.PatchDeployment",
        {
            "patchConfig": {
                step: {f"{system}ExecStepConfig": {"gcsObject": patch()} for system in ("linux", "windows")}
                for step in ("preStep", "postStep")
            }
        },
    ),
]

test_stated_verdicts = stated_verdicts(CONTROL, GOOD, parameters=PARAMETERS)

ADDRESSES = [
    (SCRIPT, Verdict.PASS),
    ("gs://acme-scripts/setup.sh#1712345678901234", Verdict.PASS),
    ("https://storage.googleapis.com/acme-scripts/" + "0123456789abcdef" * 4, Verdict.PASS),
    ("gs://acme-scripts/setup.sh", Verdict.FAIL),
    ("gs://acme-scripts/" + "0123456789abcdef" * 5, Verdict.FAIL),
    ("gs://acme-scripts/setup.sh#latest", Verdict.FAIL),
    ("gs://acme-scripts/#1712345678901234", Verdict.FAIL),
    ("gs://acme-scripts", Verdict.FAIL),
    (SCRIPT.replace("acme-scripts", "somebody"), Verdict.FAIL),
    ("https://evil.example/setup.sh#1", Verdict.FAIL),
    (UNKNOWN, Verdict.INDETERMINATE),
    (f"gs://acme-scripts/{UNKNOWN}", Verdict.INDETERMINATE),
    (f"gs://acme-scripts/{UNKNOWN}/" + "0123456789abcdef" * 4, Verdict.PASS),
    (f"gs://{UNKNOWN}/setup.sh", Verdict.FAIL),
    (f"gs://{UNKNOWN}/setup.sh#1", Verdict.INDETERMINATE),
    (f"gs://a{UNKNOWN}/setup.sh#1", Verdict.INDETERMINATE),
]


@pytest.mark.parametrize(("address", "expected"), ADDRESSES)
@pytest.mark.parametrize("type_", ACTIONS)
def test_an_action_names_a_pinned_object_of_a_trusted_bucket(type_: str, address: str, expected: Verdict) -> None:
    found = outcome(CONTROL, R(type_, nested(ACTIONS[type_], address)), parameters=PARAMETERS)
    place = ACTIONS[type_].replace("Actions.", "Actions[0].")
    assert found.verdict is expected
    assert {(each.path, each.shown) for each in found.reasons} == (set() if expected is Verdict.PASS else {(place, "")})


@pytest.mark.parametrize("type_", MAPS)
@pytest.mark.parametrize(
    "key",
    [
        "startup-script-url",
        "post-startup-script",
        "shutdown-script-url",
        "windows-startup-script-url",
        "Startup-Script-URL",
    ],
)
def test_metadata_names_a_pinned_object_of_a_trusted_bucket(type_: str, key: str) -> None:
    good = R(type_, nested(MAPS[type_], {key: SCRIPT}))
    bad = R(type_, nested(MAPS[type_], {"mode": "fast", key: "gs://somebody/setup.sh#1"}))
    assert verdict(CONTROL, good, parameters=PARAMETERS) is Verdict.PASS
    found = outcome(CONTROL, bad, parameters=PARAMETERS)
    assert (found.verdict, len(found.reasons)) == (Verdict.FAIL, 1)
    assert found.reasons[0].path.startswith(MAPS[type_])


@pytest.mark.parametrize("type_", MAPS)
@pytest.mark.parametrize(
    "key",
    [
        *("startup-script", "shutdown-script", "windows-startup-script-ps1", "windows-shutdown-script-cmd"),
        *("sysprep-specialize-script-bat", "user-data", "STARTUP-SCRIPT"),
    ],
)
@pytest.mark.parametrize("value", ["echo hello", UNKNOWN, secret()], ids=["text", "unknown", "secret"])
def test_a_script_that_is_written_in_metadata_fails(type_: str, key: str, value: object) -> None:
    found = outcome(CONTROL, R(type_, nested(MAPS[type_], {key: value})), parameters=PARAMETERS)
    assert [(each.path, each.shown) for each in found.reasons] == [(f'{MAPS[type_]}["{key}"]', "")]
    assert found.verdict is Verdict.FAIL


@pytest.mark.parametrize(
    "key", ["post-startup-script-behavior", "custom-script", "script", "startup-scripts", "my-user-data"]
)
def test_other_metadata_runs_nothing(key: str) -> None:
    found = R("compute.Instance", {"metadata": {key: "echo hello"}})
    assert verdict(CONTROL, found, parameters=PARAMETERS) is Verdict.PASS


@pytest.mark.parametrize("type_", MACHINES)
def test_a_script_of_the_machine_fails(type_: str) -> None:
    found = outcome(CONTROL, R(type_, {"metadataStartupScript": "echo hello"}), parameters=PARAMETERS)
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, ["metadataStartupScript"])


def test_a_script_of_a_runtime_fails_if_it_is_written_there() -> None:
    config = {"postStartupScriptUrl": SCRIPT, "postStartupScript": "echo hello"}
    found = outcome(
        CONTROL,
        R("colab.RuntimeTemplate", {"softwareConfig": {"postStartupScriptConfig": config}}),
        parameters=PARAMETERS,
    )
    assert (found.verdict, found.reasons[0].path) == (
        Verdict.FAIL,
        "softwareConfig.postStartupScriptConfig.postStartupScript",
    )


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("startup-script", "echo hello", Verdict.FAIL),
        ("startup-script-url", "gs://somebody/setup.sh", Verdict.FAIL),
        ("enable-oslogin", "TRUE", Verdict.PASS),
        ("startup-script", "", Verdict.PASS),
    ],
)
def test_an_item_of_the_project_runs_on_every_machine(key: str, value: str, expected: Verdict) -> None:
    found = R("compute.ProjectMetadataItem", {"key": key, "value": value})
    assert verdict(CONTROL, found, parameters=PARAMETERS) is expected


def test_only_the_second_action_is_bad() -> None:
    actions = [{"script": SCRIPT}, {"script": "gs://acme-scripts/setup.sh"}]
    found = outcome(
        CONTROL, R("dataproc.Cluster", {"clusterConfig": {"initializationActions": actions}}), parameters=PARAMETERS
    )
    assert [each.path for each in found.reasons] == ["clusterConfig.initializationActions[1].script"]


def test_without_a_list_nobody_can_tell() -> None:
    found = R("dataproc.Cluster", nested(ACTIONS["dataproc.Cluster"], SCRIPT))
    assert verdict(CONTROL, found, parameters=Parameters()) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("name", "expected"), [("acme-scripts", Verdict.PASS), ("other", Verdict.FAIL), (None, Verdict.INDETERMINATE)]
)
def test_a_bucket_of_this_document_is_trusted_by_its_name(name: str | None, expected: Verdict) -> None:
    bucket = R("storage.Bucket", {"name": name} if name else {}, "scripts")
    path = "clusterConfig.initializationActions[0].script"
    found = R(
        "dataproc.Cluster",
        nested(ACTIONS["dataproc.Cluster"], f"gs://{UNKNOWN}/setup.sh#1"),
        origins={path: bucket.urn},
    )
    assert verdict(CONTROL, found, bucket, parameters=PARAMETERS) is expected


@pytest.mark.parametrize(
    ("changes", "expected", "place"),
    [
        ({}, Verdict.PASS, ""),
        ({"generationNumber": 7}, Verdict.PASS, ""),
        ({"bucket": "somebody"}, Verdict.FAIL, "bucket"),
        ({"generationNumber": None}, Verdict.FAIL, "generationNumber"),
        ({"generationNumber": "latest"}, Verdict.FAIL, "bucket"),
        ({"object": ""}, Verdict.FAIL, "object"),
        ({"object": secret()}, Verdict.INDETERMINATE, "object"),
        ({"object": ["a"]}, Verdict.INDETERMINATE, "object"),
        ({"bucket": UNKNOWN}, Verdict.INDETERMINATE, "bucket"),
        ({"generationNumber": UNKNOWN}, Verdict.INDETERMINATE, "bucket"),
    ],
    ids=str,
)
def test_what_runs_around_patches_is_pinned(changes: dict[str, Any], expected: Verdict, place: str) -> None:
    step = {"linuxExecStepConfig": {"gcsObject": patch(**changes)}}
    found = outcome(CONTROL, R("osconfig.PatchDeployment", {"patchConfig": {"preStep": step}}), parameters=PARAMETERS)
    path = f"patchConfig.preStep.linuxExecStepConfig.gcsObject.{place}"
    assert (found.verdict, [each.path for each in found.reasons]) == (expected, [path] if place else [])


def test_a_script_that_lies_on_the_machine_is_not_named_here() -> None:
    step = {"linuxExecStepConfig": {"localPath": "/opt/patch.sh"}}
    assert verdict(CONTROL, R("osconfig.PatchDeployment", {"patchConfig": {"preStep": step}})) is Verdict.NOT_APPLICABLE
