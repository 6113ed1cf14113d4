"""SUP-05: images are pinned by digest, and of an allowed registry."""

import re
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Evidence, Read, partial
from groundplan_policies.engine.expect import every, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules import annotations
from groundplan_policies.rules.supply import containers
from groundplan_policies.rules.supply.images import PinnedImage, from_allowed

_NONE: Final = Verdict.NOT_APPLICABLE
_STRATEGY: Final = "serialPipeline.stages.strategy"
_TASKS: Final = (
    *(f"standard.{each}" for each in ("predeploy.tasks", "postdeploy.tasks", "verifyConfig.tasks")),
    "standard.analysis.customChecks.task",
    *(f"canary.canaryDeployment.{each}" for each in ("verifyConfig.tasks", "analysis.customChecks.task")),
    *(
        f"canary.customCanaryDeployment.phaseConfigs.{each}"
        for each in ("verifyConfig.tasks", "analysis.customChecks.task")
    ),
)
"""Where a pipeline of Cloud Deploy names what runs beside its deployments."""
_IMAGES: Final = {
    annotations.SERVICE: (PinnedImage(Path("template.spec.containers.image")),),
    "cloudrunv2.Service": (
        PinnedImage(Path("template.containers.image")),
        PinnedImage(Path("template.sandboxes.templates.image"), absent=Verdict.PASS),
    ),
    "cloudrunv2.Job": (PinnedImage(Path("template.template.containers.image")),),
    "cloudrunv2.WorkerPool": (PinnedImage(Path("template.containers.image")),),
    "vertex.AiEndpointWithModelGardenDeployment": (
        PinnedImage(Path("modelConfig.containerSpec.imageUri"), absent=_NONE),
    ),
    "vertex.AiReasoningEngine": (PinnedImage(Path("spec.containerSpec.imageUri"), absent=_NONE),),
    "dataflow.FlexTemplateJob": (PinnedImage(Path("sdkContainerImage"), absent=Verdict.PASS),),
    "dataproc.Batch": (PinnedImage(Path("runtimeConfig.containerImage"), absent=_NONE),),
    "dataproc.SessionTemplate": (PinnedImage(Path("runtimeConfig.containerImage"), absent=_NONE),),
    "bigquery.Routine": (PinnedImage(Path("sparkOptions.containerImage"), absent=_NONE),),
    "clouddeploy.DeliveryPipeline": tuple(
        PinnedImage(Path(f"{_STRATEGY}.{each}.container.image"), absent=Verdict.PASS) for each in _TASKS
    ),
    "clouddeploy.CustomTargetType": tuple(
        PinnedImage(Path(f"tasks.{each}.container.image"), absent=Verdict.PASS) for each in ("render", "deploy")
    ),
}
"""Short name of the type -> where it names images. Where nothing may stand, Google's own image is taken, or none."""

_NOTEBOOK: Final = "workbench.Instance"
_REPOSITORY, _TAG = Path("gceSetup.containerImage.repository"), Path("gceSetup.containerImage.tag")
_BLOCK = Path("gceSetup.containerImage")


def _notebook(resource: Resource, context: Context) -> Outcome:
    """Judge the container of a notebook: it names a repository and a tag, and no digest."""
    if _BLOCK.one(resource).state is State.ABSENT:
        return NOT_APPLICABLE
    repository = _REPOSITORY.one(resource)
    missing = unreadable(repository, absent=fail("is absent; expected is a repository of images", repository.path))
    if repository.state is State.UNKNOWN:
        missing = from_allowed(resource, repository, context)
    elif missing is None:
        known = isinstance(repository.value, str)
        missing = from_allowed(resource, repository, context) if known else wrong_type(repository, "a text")
    return all_of([missing, _tag(resource)])


def _tag(resource: Resource) -> Outcome:
    reading = _TAG.one(resource)
    missing = unreadable(reading, absent=fail("is absent, which means the latest", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a text")
    latest = reading.text.strip().lower() == "latest"
    return fail("is the latest, whatever that is by then", reading.path) if latest else PASS


_FLEX: Final = "dataflow.FlexTemplateJob"
_PIPELINE: Final = "dataflow.Pipeline"
_SPECS: Final = {
    _FLEX: Path("containerSpecGcsPath"),
    _PIPELINE: Path("workload.dataflowFlexTemplateRequest.launchParameter.containerSpecGcsPath"),
}
"""Short name of the type -> where it names the file of a flexible template, in which the image stands."""
_GOOGLE: Final = re.compile(r"gs://dataflow-templates(?:-[a-z]+-[a-z]+[0-9]+)?/.+")
"""Templates of Google, in a bucket for all and one for each region: cloud.google.com/dataflow/docs/guides/templates."""


def _template(path: Path) -> Check:
    """Make the check of the file of a template: what image it names is not seen here, unless it is Google's."""

    def check(resource: Resource, context: Context) -> Outcome:  # noqa: ARG001 - the form of a check
        reading = path.one(resource)
        missing = unreadable(reading, absent=NOT_APPLICABLE)
        if missing is not None:
            return missing
        if not isinstance(reading.value, str):
            return wrong_type(reading, "the address of an object")
        unseen = indeterminate("names a file that says which image runs, and which is not seen here", reading.path)
        return PASS if _GOOGLE.fullmatch(reading.value) else unseen

    return check


def _flex(resource: Resource, context: Context) -> Outcome:
    return all_of([_IMAGES[_FLEX][0](resource, context), _template(_SPECS[_FLEX])(resource, context)])


def _check(images: tuple[PinnedImage, ...]) -> Check:
    return images[0] if len(images) == 1 else every(*images)


CONTROL = Control(
    id="SUP-05",
    title="Images are pinned by digest, and of an allowed registry",
    why=(
        "A tag is a name that can be given to another image; what runs after the next restart is then whatever stands "
        "behind it. A digest is the image. Registries must be repositories of this document or ones that the settings "
        "list: a name without a host is Docker Hub's, where anybody publishes. The container of a notebook takes a tag "
        "and no digest, so it must name one that is not `latest`, from a repository whose tags SUP-01 keeps. Where no "
        "image is named and Google's own is taken, the control does not apply. A flexible template of Dataflow names "
        "its image in a file: unless the file is Google's, it is not seen here. Containers that machines start by a "
        "declaration in their metadata count. A name that begins with what is known only later may be of any registry: "
        "write out the host. Steps of builds are SUP-09's."
    ),
    remedy="Name the image with its digest, from an ImageRepository or one of `allowed_registries`.",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("4.1.b", "4.2.d", "5.1.d"),
    clauses=(partial("nist-800-53-r5", "SI-7", "What is in the image, and what is no container image."),),
    reads=(
        *(each.reads(type_) for type_, images in _IMAGES.items() for each in images),
        *containers.READS,
        *(Read(type_, path.text, absent=_NONE, empty=_NONE) for type_, path in _SPECS.items() if type_ != _FLEX),
        Read(_FLEX, _SPECS[_FLEX].text, absent=Verdict.PASS, empty=Verdict.PASS),
        Read(_NOTEBOOK, _REPOSITORY.text),
        Read(_NOTEBOOK, _TAG.text),
    ),
    checks={
        **{type_: _check(images) for type_, images in _IMAGES.items()},
        **containers.CHECKS,
        _FLEX: _flex,
        _PIPELINE: _template(_SPECS[_PIPELINE]),
        _NOTEBOOK: _notebook,
    },
    settings=("allowed_registries",),
)
