"""SUP-05: images are pinned by digest, and of an allowed registry."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.supply.sup_05 import CONTROL
from tests.policies.rules.harness import PROJECT, R, outcome, put, stated_verdicts, urn, verdict

DIGEST = "sha256:" + "0123456789abcdef" * 4
REGISTRY = "europe-west4-docker.pkg.dev/acme-build/images"
IMAGE = f"{REGISTRY}/app@{DIGEST}"
PARAMETERS = Parameters(allowed_registries=(REGISTRY,))
PATHS = {
    "cloudrun.Service": "template.spec.containers.image",
    "cloudrunv2.Service": "template.containers.image",
    "cloudrunv2.Job": "template.template.containers.image",
    "cloudrunv2.WorkerPool": "template.containers.image",
    "vertex.AiEndpointWithModelGardenDeployment": "modelConfig.containerSpec.imageUri",
    "vertex.AiReasoningEngine": "spec.containerSpec.imageUri",
    "dataflow.FlexTemplateJob": "sdkContainerImage",
    "dataproc.Batch": "runtimeConfig.containerImage",
    "dataproc.SessionTemplate": "runtimeConfig.containerImage",
    "bigquery.Routine": "sparkOptions.containerImage",
}
OPTIONAL = [each for each in [*PATHS][4:] if each != "dataflow.FlexTemplateJob"]
NOTEBOOK = R("workbench.Instance", {"gceSetup": {"containerImage": {"repository": f"{REGISTRY}/lab", "tag": "v3"}}})


def nested(path: str, value: object) -> dict[str, Any]:
    head, _, rest = path.partition(".")
    inner = nested(rest, value) if rest else value
    return {head: [inner] if head == "containers" else inner}


def running(type_: str, image: object, **more: Any) -> R:
    return R(type_, nested(PATHS[type_], image), **more)


SANDBOXED = R(
    "cloudrunv2.Service",
    {"template": {"containers": [{"image": IMAGE}], "sandboxes": [{"templates": [{"image": IMAGE}]}]}},
    "sandboxed",
)


def task() -> dict[str, Any]:
    return {"tasks": [{"container": {"image": IMAGE}}]}


def analysed() -> dict[str, Any]:
    return {"analysis": {"customChecks": [{"task": {"container": {"image": IMAGE}}}]}, "verifyConfig": task()}


STRATEGY = {
    "standard": {"predeploy": task(), "postdeploy": task(), **analysed()},
    "canary": {"canaryDeployment": analysed(), "customCanaryDeployment": {"phaseConfigs": [analysed()]}},
}
FLEX = R(
    "dataflow.FlexTemplateJob", {"sdkContainerImage": IMAGE, "containerSpecGcsPath": "gs://dataflow-templates/latest/x"}
)

DECLARING = {
    **dict.fromkeys(
        (
            *("compute.Instance", "compute.InstanceTemplate", "compute.RegionInstanceTemplate"),
            *("compute.InstanceFromTemplate", "compute.InstanceFromMachineImage"),
        ),
        "metadata",
    ),
    "compute.InstanceGroupManager": "allInstancesConfig.metadata",
    "compute.RegionInstanceGroupManager": "allInstancesConfig.metadata",
}


def declaring(type_: str, *images: str) -> R:
    listed = "".join(f"    - name: app\n      image: '{each}'\n" for each in images)
    declaration = f"spec:\n  containers:\n{listed}  restartPolicy: Always\n"
    return R(type_, put({}, DECLARING[type_], {"gce-container-declaration": declaration}))


test_stated_verdicts = stated_verdicts(
    CONTROL,
    [
        *(running(each, IMAGE) for each in PATHS if each != FLEX.type),
        *(SANDBOXED, NOTEBOOK, FLEX),
        *(declaring(type_, IMAGE) for type_ in DECLARING),
        R(
            "dataflow.Pipeline",
            {"workload": {"dataflowFlexTemplateRequest": {"launchParameter": FLEX.inputs}}},
        ),
        R("clouddeploy.DeliveryPipeline", {"serialPipeline": {"stages": [{"strategy": STRATEGY}]}}),
        R(
            "clouddeploy.CustomTargetType",
            {"tasks": {"render": {"container": {"image": IMAGE}}, "deploy": {"container": {"image": IMAGE}}}},
        ),
    ],
    parameters=PARAMETERS,
)


@pytest.mark.parametrize("type_", PATHS)
@pytest.mark.parametrize(
    "image",
    [
        f"{REGISTRY}/app",
        f"{REGISTRY}/app:v3",
        f"{REGISTRY}/app@sha256:abc",
        f"{IMAGE}0",
        f"{REGISTRY}/app@{DIGEST.upper()}",
        f"docker.io/library/python@{DIGEST}",
        f"python@{DIGEST}",
        f"{REGISTRY}-evil/app@{DIGEST}",
        f"europe-west4-docker.pkg.dev/acme-evil/images/app@{DIGEST}",
    ],
)
def test_an_image_without_digest_or_of_another_registry_fails_and_is_not_shown(type_: str, image: str) -> None:
    found = outcome(CONTROL, running(type_, image), parameters=PARAMETERS)
    path = PATHS[type_].replace("containers", "containers[0]")
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(path, "")]


def test_both_faults_are_said() -> None:
    found = outcome(CONTROL, running("cloudrunv2.Job", "docker.io/someone/app:latest"), parameters=PARAMETERS)
    assert len(found.reasons) == 2


def test_only_the_second_container_is_bad() -> None:
    service = R("cloudrunv2.Service", {"template": {"containers": [{"image": IMAGE}, {"image": "nginx"}]}})
    found = outcome(CONTROL, service, parameters=PARAMETERS)
    assert {each.path for each in found.reasons} == {"template.containers[1].image"}


@pytest.mark.parametrize("type_", OPTIONAL)
def test_where_google_names_the_image_nothing_applies(type_: str) -> None:
    assert verdict(CONTROL, R(type_, {}), parameters=PARAMETERS) is Verdict.NOT_APPLICABLE


def test_a_repository_of_this_document_is_allowed_by_its_place() -> None:
    inputs = {"project": "acme-build", "location": "EUROPE-WEST4", "repositoryId": "images"}
    job = running("cloudrunv2.Job", IMAGE)
    for parameters in (Parameters(), Parameters(allowed_registries=())):
        assert (
            verdict(CONTROL, job, R("artifactregistry.Repository", inputs, "r"), parameters=parameters) is Verdict.PASS
        )
    other = R("artifactregistry.Repository", {**inputs, "repositoryId": "other"}, "r")
    assert verdict(CONTROL, job, other, parameters=Parameters(allowed_registries=())) is Verdict.FAIL
    read = R("artifactregistry.Repository", inputs, "r", record={"external": True})
    assert verdict(CONTROL, job, read, parameters=Parameters(allowed_registries=())) is Verdict.FAIL


def test_without_a_list_nobody_can_tell_unless_the_digest_is_missing() -> None:
    assert verdict(CONTROL, running("cloudrunv2.Job", IMAGE), parameters=Parameters()) is Verdict.INDETERMINATE
    assert verdict(CONTROL, running("cloudrunv2.Job", "app"), parameters=Parameters()) is Verdict.FAIL


@pytest.mark.parametrize(
    ("listed", "expected"),
    [("europe-west4-docker.pkg.dev", Verdict.PASS), (f"{REGISTRY}/", Verdict.PASS), (f"{REGISTRY}/ap", Verdict.FAIL)],
)
def test_an_entry_stands_for_what_is_below_it(listed: str, expected: Verdict) -> None:
    found = verdict(CONTROL, running("cloudrunv2.Job", IMAGE), parameters=Parameters(allowed_registries=(listed,)))
    assert found is expected


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (f"{UNKNOWN}/app@{DIGEST}", Verdict.INDETERMINATE),
        (f"{UNKNOWN}/app:latest", Verdict.FAIL),
        (UNKNOWN, Verdict.INDETERMINATE),
        (f"docker.io/{UNKNOWN}@{DIGEST}", Verdict.FAIL),
        (f"{REGISTRY}/{UNKNOWN}@{DIGEST}", Verdict.PASS),
        (f"{UNKNOWN}@{DIGEST}", Verdict.INDETERMINATE),
        (f"europe-west4-docker.pkg.dev/{UNKNOWN}/{UNKNOWN}/app@{DIGEST}", Verdict.INDETERMINATE),
        (f"{UNKNOWN}-docker.pkg.dev/{UNKNOWN}/{UNKNOWN}/app@{DIGEST}", Verdict.PASS),
        (f"{UNKNOWN}-docker.pkg.dev/somebody/images/app@{DIGEST}", Verdict.INDETERMINATE),
        (f"{UNKNOWN}.example/app@{DIGEST}", Verdict.INDETERMINATE),
    ],
)
def test_what_is_known_of_an_image_decides(image: str, expected: Verdict) -> None:
    repository = R("artifactregistry.Repository", {}, "r")
    job = running("cloudrunv2.Job", image, origins={"template.template.containers[0].image": repository.urn})
    assert verdict(CONTROL, job, repository, parameters=PARAMETERS) is expected


OURS = {"location": "europe-west4", "repositoryId": "images"}


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (f"europe-west4-docker.pkg.dev/{UNKNOWN}/images/app@{DIGEST}", Verdict.PASS),
        (f"europe-west4-docker.pkg.dev/{UNKNOWN}/{UNKNOWN}/app@{DIGEST}", Verdict.PASS),
        (f"europe-west4-docker.pkg.dev/{UNKNOWN}/other/app@{DIGEST}", Verdict.FAIL),
        (f"us-docker.pkg.dev/{UNKNOWN}/images/app@{DIGEST}", Verdict.FAIL),
        (f"{UNKNOWN}/app@{DIGEST}", Verdict.INDETERMINATE),
    ],
)
def test_what_a_name_says_of_a_repository_must_be_so(image: str, expected: Verdict) -> None:
    repository = R("artifactregistry.Repository", OURS, "r")
    place = "template.template.containers[0].image"
    job = running("cloudrunv2.Job", image, origins={place: repository.urn})
    assert verdict(CONTROL, job, repository, parameters=Parameters(allowed_registries=("gcr.io/acme",))) is expected


def test_a_project_of_another_resource_is_not_that_of_the_repository() -> None:
    place = "template.template.containers[0].image"
    image = f"europe-west4-docker.pkg.dev/{UNKNOWN}/images/app@{DIGEST}"
    project = R("organizations.Project", {}, "p")
    own = R("artifactregistry.Repository", {**OURS, "project": UNKNOWN}, "r", origins={"project": project.urn})
    theirs = R("artifactregistry.Repository", OURS, "r")
    job = running("cloudrunv2.Job", image, origins={place: [own.urn, project.urn]})
    assert verdict(CONTROL, job, own, project, parameters=PARAMETERS) is Verdict.PASS
    assert verdict(CONTROL, job, theirs, project, parameters=PARAMETERS) is Verdict.INDETERMINATE


def test_a_repository_whose_project_nobody_tells_may_be_meant() -> None:
    job = running("cloudrunv2.Job", f"europe-west4-docker.pkg.dev/acme-web/images/app@{DIGEST}")
    for inputs, expected in ((OURS, Verdict.INDETERMINATE), ({**OURS, "repositoryId": "other"}, Verdict.FAIL)):
        repository = R("artifactregistry.Repository", inputs, "r")
        assert verdict(CONTROL, job, repository, parameters=PARAMETERS) is expected


def test_what_may_become_an_allowed_name_is_unclear() -> None:
    for image, expected in (
        (f"europe-west4-docker.pkg.dev/acme-{UNKNOWN}/images/app@{DIGEST}", Verdict.INDETERMINATE),
        (f"gcr.io/{UNKNOWN}/app@{DIGEST}", Verdict.FAIL),
    ):
        assert verdict(CONTROL, running("cloudrunv2.Job", image), parameters=PARAMETERS) is expected


def test_an_unknown_tag_beside_a_digest_changes_nothing() -> None:
    job = running("cloudrunv2.Job", f"{REGISTRY}/app:{UNKNOWN}@{DIGEST}")
    repository = R("artifactregistry.Repository", {**OURS, "project": "acme-build"}, "r")
    assert verdict(CONTROL, job, repository, parameters=Parameters(allowed_registries=())) is Verdict.PASS


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("gs://dataflow-templates/latest/flex/PubSub_to_BigQuery_Flex", Verdict.PASS),
        ("gs://dataflow-templates-europe-west4/2026-01-01/flex/Spanner", Verdict.PASS),
        ("gs://dataflow-templates-of-mine/flex/Spanner", Verdict.INDETERMINATE),
        ("gs://acme-templates/app.json", Verdict.INDETERMINATE),
        (UNKNOWN, Verdict.INDETERMINATE),
        (7, Verdict.INDETERMINATE),
    ],
)
def test_the_image_of_a_flexible_template_is_seen_nowhere(file: object, expected: Verdict) -> None:
    job = R("dataflow.FlexTemplateJob", {"containerSpecGcsPath": file})
    launch = {"launchParameter": {"containerSpecGcsPath": file}}
    pipeline = R("dataflow.Pipeline", {"workload": {"dataflowFlexTemplateRequest": launch}})
    for each in (job, pipeline):
        assert verdict(CONTROL, each, parameters=PARAMETERS) is expected


@pytest.mark.parametrize("task", ["predeploy", "postdeploy", "verifyConfig"])
def test_what_runs_beside_a_deployment_is_pinned(task: str) -> None:
    for image, expected in ((IMAGE, Verdict.PASS), (f"{REGISTRY}/smoke:v1", Verdict.FAIL)):
        tasks = [{"container": {"image": IMAGE}}, {"container": {"image": image}}]
        stages = [{"targetId": "dev"}, {"strategy": {"standard": {task: {"tasks": tasks}}}}]
        pipeline = R("clouddeploy.DeliveryPipeline", {"serialPipeline": {"stages": stages}})
        assert verdict(CONTROL, pipeline, parameters=PARAMETERS) is expected


def test_an_image_of_who_knows_which_repository_is_unclear() -> None:
    job = running(
        "cloudrunv2.Job", f"{UNKNOWN}/app@{DIGEST}", origins={PATHS["cloudrunv2.Job"]: urn("kms.KeyRing", "k")}
    )
    assert verdict(CONTROL, job, parameters=PARAMETERS) is Verdict.INDETERMINATE
    read = R("artifactregistry.Repository", {}, "r", record={"external": True, "id": "x"})
    of_read = running(
        "cloudrunv2.Job", f"{UNKNOWN}/app@{DIGEST}", origins={"template.template.containers[0].image": read.urn}
    )
    assert verdict(CONTROL, of_read, read, parameters=PARAMETERS) is not Verdict.PASS


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("tag", "latest", Verdict.FAIL),
        ("tag", " Latest", Verdict.FAIL),
        ("tag", ..., Verdict.FAIL),
        ("tag", "latest-3", Verdict.PASS),
        ("repository", "gcr.io/deeplearning-platform-release/base", Verdict.FAIL),
        ("repository", REGISTRY, Verdict.PASS),
        ("repository", UNKNOWN, Verdict.INDETERMINATE),
    ],
)
def test_a_notebook_names_a_repository_and_a_tag(path: str, value: object, expected: Verdict) -> None:
    found = outcome(
        CONTROL,
        R("workbench.Instance", put(NOTEBOOK.inputs, f"gceSetup.containerImage.{path}", value)),
        parameters=PARAMETERS,
    )
    assert found.verdict is expected
    assert {each.path for each in found.reasons} <= {f"gceSetup.containerImage.{path}"}


def test_a_notebook_that_boots_an_image_of_a_machine_does_not_apply() -> None:
    machine = R("workbench.Instance", {"gceSetup": {"vmImage": {"project": PROJECT}}})
    assert verdict(CONTROL, machine, parameters=PARAMETERS) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("type_", DECLARING)
def test_containers_that_machines_start_are_pinned(type_: str) -> None:
    assert verdict(CONTROL, declaring(type_, IMAGE, f"{REGISTRY}/app:v3"), parameters=PARAMETERS) is Verdict.FAIL
    assert verdict(CONTROL, declaring(type_, f"python@{DIGEST}"), parameters=PARAMETERS) is Verdict.FAIL
    assert verdict(CONTROL, declaring(type_, f"{REGISTRY}/{UNKNOWN}@{DIGEST}"), parameters=PARAMETERS) is Verdict.PASS


@pytest.mark.parametrize(
    ("declaration", "expected"),
    [
        ("spec: {}", Verdict.INDETERMINATE),
        (UNKNOWN, Verdict.INDETERMINATE),
        ("", Verdict.NOT_APPLICABLE),
        (f"spec:\n  containers:\n  - image: {IMAGE} # pinned\n", Verdict.PASS),
        (f'{{"spec": {{"containers": [{{\n"image": "{REGISTRY}/app"}}]}}}}', Verdict.FAIL),
    ],
)
def test_a_declaration_without_an_image_leaves_it_open(declaration: str, expected: Verdict) -> None:
    machine = R("compute.Instance", {"metadata": {"gce-container-declaration": declaration}})
    assert verdict(CONTROL, machine, parameters=PARAMETERS) is expected
    assert verdict(CONTROL, R("compute.Instance", {"metadata": {"a": "b"}})) is Verdict.NOT_APPLICABLE
