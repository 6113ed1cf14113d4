"""SUP-15: no secrets in variables or metadata."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Read, partial
from groundplan_policies.engine.expect import wrong_type
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, Verdict, all_of
from groundplan_policies.rules.encryption.copies import COPIES, TEMPLATES
from groundplan_policies.rules.supply.literals import judge_map, judge_text, judge_variables

_Judge: TypeAlias = Callable[[Reading, Resource, Context], Iterator[Outcome]]


def _script(reading: Reading, resource: Resource, context: Context) -> Iterator[Outcome]:
    yield NOT_APPLICABLE if reading.state is State.ABSENT else judge_text("", reading, resource, context)


_METADATA: Final = ((Path("metadata"), judge_map),)
_MACHINE: Final = (*_METADATA, (Path("metadataStartupScript"), _script))
_PLACES: Final[Mapping[str, tuple[tuple[Path, _Judge], ...]]] = {
    "cloudrun.Service": ((Path("template.spec.containers.envs"), judge_variables),),
    "cloudrunv2.Service": (
        (Path("template.containers.envs"), judge_variables),
        (Path("template.sandboxes.templates.envs"), judge_variables),
    ),
    "cloudrunv2.Job": ((Path("template.template.containers.envs"), judge_variables),),
    "cloudrunv2.WorkerPool": ((Path("template.containers.envs"), judge_variables),),
    "cloudfunctions.Function": (
        (Path("environmentVariables"), judge_map),
        (Path("buildEnvironmentVariables"), judge_map),
    ),
    "cloudfunctionsv2.Function": (
        (Path("serviceConfig.environmentVariables"), judge_map),
        (Path("buildConfig.environmentVariables"), judge_map),
    ),
    "composer.Environment": ((Path("config.softwareConfig.envVariables"), judge_map),),
    "composer.UserWorkloadsConfigMap": ((Path("data"), judge_map),),
    "vertex.AiEndpointWithModelGardenDeployment": ((Path("modelConfig.containerSpec.envs"), judge_variables),),
    "colab.RuntimeTemplate": ((Path("softwareConfig.envs"), judge_variables),),
    "workbench.Instance": ((Path("gceSetup.metadata"), judge_map),),
    "tpu.V2Vm": _METADATA,
    "compute.ProjectMetadata": _METADATA,
    **dict.fromkeys(("compute.Instance", *TEMPLATES, *COPIES), _MACHINE),
}
"""Short name of the type -> where variables and metadata stand, and in which form."""

_ITEM: Final = "compute.ProjectMetadataItem"
_KEY, _VALUE = Path("key"), Path("value")


def _check(places: tuple[tuple[Path, _Judge], ...]) -> Check:
    def check(resource: Resource, context: Context) -> Outcome:
        return all_of(
            outcome
            for path, judge in places
            for reading in path.read(resource)
            for outcome in judge(reading, resource, context)
        )

    return check


def _item(resource: Resource, context: Context) -> Outcome:
    value = _VALUE.one(resource)
    if value.state is State.KNOWN and not isinstance(value.value, str):
        return wrong_type(value, "a text")
    return judge_text(_KEY.one(resource).text, value, resource, context)


_NONE: Final = Verdict.NOT_APPLICABLE


def _read(type_: str, path: Path) -> Read:
    """State what a place says of missing values: where there are several, the others decide."""
    nothing = _NONE if len(_PLACES[type_]) == 1 else Verdict.PASS
    return Read(type_, path.text, absent=nothing, empty=nothing, secret=Verdict.FAIL)


CONTROL = Control(
    id="SUP-15",
    title="No secrets in variables or metadata",
    why=(
        "Variables and metadata are shown to everybody who may look at the resource, and to every process on the "
        "machine; they end in logs and crash reports. A value under the name of a secret fails, and so does what has "
        "the form of a token, or looks like chance; a long hexadecimal number may be a digest: indeterminate. What the "
        "program itself marks as a secret is one. References to Secret Manager pass. Agents are judged by SRV-07, "
        "builds by SUP-09, and that start-up scripts are not inline by SUP-17."
    ),
    remedy="Name a version of a secret: `value_source` with `secret_key_ref`, or `secret_environment_variables`.",
    severity=Severity.HIGH,
    objectives=("2.2.b", "5.1.d", "6.1.a"),
    clauses=(
        partial("cis-gcp-5.0", "1.18", "Secrets that do not look like any."),
        partial("nist-800-53-r5", "IA-5", "Secrets that do not look like any."),
    ),
    reads=(
        *(_read(type_, path) for type_, places in _PLACES.items() for path, _ in places),
        Read.aside(_ITEM, _KEY.text),
        Read(_ITEM, _VALUE.text, absent=Verdict.PASS, empty=Verdict.PASS, secret=Verdict.FAIL),
    ),
    checks={**{type_: _check(places) for type_, places in _PLACES.items()}, _ITEM: _item},
)
