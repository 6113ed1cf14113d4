"""SUP-15: no secrets in variables or metadata."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Read, partial
from groundplan_policies.engine.expect import wrong_type
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict, all_of, indeterminate
from groundplan_policies.rules.compute.metadata import EVERYWHERE
from groundplan_policies.rules.encryption.copies import COPIES, TEMPLATES
from groundplan_policies.rules.supply.literals import judge_map, judge_pairs, judge_text, judge_variables

_Judge: TypeAlias = Callable[[Reading, Resource, Context], Iterator[Outcome]]


def _script(reading: Reading, resource: Resource, context: Context) -> Iterator[Outcome]:
    yield NOT_APPLICABLE if reading.state is State.ABSENT else judge_text("", reading, resource, context)


_STARTUP: Final = (Path("metadataStartupScript"), _script)
_MACHINES: Final = ("compute.Instance", *TEMPLATES, *COPIES)


def _container(path: str) -> tuple[tuple[Path, _Judge], ...]:
    """Give where a container takes variables, and the words of its command."""
    return (
        (Path(f"{path}.envs"), judge_variables),
        (Path(f"{path}.args"), judge_pairs),
        (Path(f"{path}.commands"), judge_pairs),
    )


def _maps(*paths: str) -> tuple[tuple[Path, _Judge], ...]:
    return tuple((Path(each), judge_map) for each in paths)


_LAUNCHED: Final = tuple(
    f"workload.{each}.parameters"
    for each in ("dataflowFlexTemplateRequest.launchParameter", "dataflowLaunchTemplateRequest.launchParameters")
)
_PLACES: Final[Mapping[str, tuple[tuple[Path, _Judge], ...]]] = {
    **{
        type_: tuple((path, judge_map) for path in paths) + ((_STARTUP,) if type_ in _MACHINES else ())
        for type_, paths in EVERYWHERE.items()
    },
    "cloudrun.Service": _container("template.spec.containers"),
    "cloudrunv2.Service": (
        *_container("template.containers"),
        *_container("template.sandboxes.templates"),
        *_maps("buildConfig.environmentVariables"),
    ),
    "cloudrunv2.Job": _container("template.template.containers"),
    "cloudrunv2.WorkerPool": _container("template.containers"),
    "cloudfunctions.Function": _maps("environmentVariables", "buildEnvironmentVariables"),
    "cloudfunctionsv2.Function": _maps("serviceConfig.environmentVariables", "buildConfig.environmentVariables"),
    "composer.Environment": _maps("config.softwareConfig.envVariables", "config.softwareConfig.airflowConfigOverrides"),
    "composer.UserWorkloadsConfigMap": _maps("data"),
    "vertex.AiEndpointWithModelGardenDeployment": _container("modelConfig.containerSpec"),
    "colab.RuntimeTemplate": ((Path("softwareConfig.envs"), judge_variables),),
    "dataflow.Job": _maps("parameters"),
    "dataflow.FlexTemplateJob": _maps("parameters"),
    "dataflow.Pipeline": _maps(*_LAUNCHED),
    "dataproc.Batch": (
        *_maps("runtimeConfig.properties"),
        *((Path(f"{each}.args"), judge_pairs) for each in ("pysparkBatch", "sparkBatch", "sparkRBatch")),
    ),
    "dataproc.SessionTemplate": _maps("runtimeConfig.properties"),
    "dataproc.Cluster": (
        *_maps(*(each.text for each in EVERYWHERE["dataproc.Cluster"])),
        *_maps("clusterConfig.softwareConfig.properties"),
    ),
    "dataproc.WorkflowTemplate": (
        *_maps(*(each.text for each in EVERYWHERE["dataproc.WorkflowTemplate"])),
        *_maps("placement.managedCluster.config.softwareConfig.properties"),
    ),
    "bigquery.Routine": _maps("sparkOptions.properties"),
    "cloudscheduler.Job": _maps("httpTarget.headers", "appEngineHttpTarget.headers"),
}
"""Short name of the type -> where variables, metadata, options and the words of commands stand, and in which form."""

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
    key = _KEY.one(resource)
    outcome = judge_text(key.text if key.state is State.KNOWN else "", value, resource, context)
    if outcome is PASS and key.state is not State.KNOWN and value.state not in {State.ABSENT, State.EMPTY}:
        return indeterminate("is not known, and may be that of a secret", key.path)
    return outcome


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
        "machine; they end in logs and crash reports. So do the words of a command, options of jobs and headers of "
        "requests. A value under the name of a secret fails, and so does what has the form of a token, or looks like "
        "chance; a long hexadecimal number may be a digest: indeterminate. What the program itself marks as a secret "
        "is one. References to Secret Manager pass. Agents are judged by SRV-07, builds by SUP-09, and that start-up "
        "scripts are not inline by SUP-17."
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
        Read(_ITEM, _KEY.text, absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE, wrong=Verdict.PASS),
        Read(_ITEM, _VALUE.text, absent=Verdict.PASS, empty=Verdict.PASS, secret=Verdict.FAIL),
    ),
    checks={**{type_: _check(places) for type_, places in _PLACES.items()}, _ITEM: _item},
)
