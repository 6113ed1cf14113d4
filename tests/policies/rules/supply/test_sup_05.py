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
}
OPTIONAL = [*PATHS][4:]
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

test_stated_verdicts = stated_verdicts(
    CONTROL, [*(running(each, IMAGE) for each in PATHS), SANDBOXED, NOTEBOOK], parameters=PARAMETERS
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
        (f"{UNKNOWN}/app@{DIGEST}", Verdict.PASS),
        (f"{UNKNOWN}/app:latest", Verdict.FAIL),
        (UNKNOWN, Verdict.INDETERMINATE),
        (f"docker.io/{UNKNOWN}@{DIGEST}", Verdict.FAIL),
        (f"{REGISTRY}/{UNKNOWN}@{DIGEST}", Verdict.PASS),
        (f"{UNKNOWN}@{DIGEST}", Verdict.PASS),
        (f"{UNKNOWN}-docker.pkg.dev/{UNKNOWN}/{UNKNOWN}/app@{DIGEST}", Verdict.PASS),
        (f"{UNKNOWN}-docker.pkg.dev/somebody/images/app@{DIGEST}", Verdict.INDETERMINATE),
        (f"{UNKNOWN}.example/app@{DIGEST}", Verdict.INDETERMINATE),
    ],
)
def test_what_is_known_of_an_image_decides(image: str, expected: Verdict) -> None:
    repository = R("artifactregistry.Repository", {}, "r")
    job = running("cloudrunv2.Job", image, origins={"template.template.containers[0].image": repository.urn})
    assert verdict(CONTROL, job, repository, parameters=PARAMETERS) is expected


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
