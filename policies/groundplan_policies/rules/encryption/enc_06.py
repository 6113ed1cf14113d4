"""ENC-06: data processing uses customer-managed keys."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, full, partial
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    all_of,
    indeterminate,
)
from groundplan_policies.rules.encryption.keys import KeyExpectation, expect_keys, judge_key, reads_of
from groundplan_policies.rules.encryption.machines import is_virtual
from groundplan_policies.rules.encryption.uses import PROCESSING
from groundplan_policies.rules.network.dataflow import Options, read

_KEYS = expect_keys(PROCESSING)
_WAYS = tuple(
    (KeyExpectation(Path(f"workload.{request}.{launch}.environment.kmsKeyName")), Path(f"workload.{request}"))
    for request, launch in (
        ("dataflowFlexTemplateRequest", "launchParameter"),
        ("dataflowLaunchTemplateRequest", "launchParameters"),
    )
)
_SELECTED, _MANAGED = Path("placement.clusterSelector"), Path("placement.managedCluster")
_PARAMETERS, _OPTIONS = Path("parameters"), Path("additionalPipelineOptions")


def _option(resource: Resource, value: Reading, context: Context) -> Outcome:
    nothing = indeterminate("names no key, whatever the job itself says", value.path)
    return PASS if value.state is State.ABSENT else judge_key(resource, value, context, nothing)


_UNDONE = Options({"dataflowkmskey": _option, "kmskeyname": _option})
"""The options by which a pipeline takes another key than the job names."""


def _job(resource: Resource, context: Context) -> Outcome:
    return all_of([_KEYS["dataflow.Job"](resource, context), _UNDONE.in_map(resource, _PARAMETERS, context)])


def _flexible(resource: Resource, context: Context) -> Outcome:
    undone = (_UNDONE.in_map(resource, _PARAMETERS, context), _UNDONE.in_list(resource, _OPTIONS, context))
    return all_of([_KEYS["dataflow.FlexTemplateJob"](resource, context), *undone])


def _pipeline(resource: Resource, context: Context) -> Outcome:
    """A pipeline launches a template in one of two ways; each that it has must name a key."""
    used = [each for each, block in _WAYS if not block.is_absent(resource.inputs)]
    return all_of([each(resource, context) for each in used or [each for each, _ in _WAYS]])


def _workflow(resource: Resource, context: Context) -> Outcome:
    """A workflow makes a cluster, or runs on one that is there and judged itself."""
    if isinstance(_SELECTED.plain(resource.inputs), dict) and _MANAGED.is_absent(resource.inputs):
        return NOT_APPLICABLE
    return _KEYS["dataproc.WorkflowTemplate"](resource, context)


def _dataproc(resource: Resource, context: Context) -> Outcome:
    """A cluster on Kubernetes has no disks of its own: those of its nodes are ENC-08's."""
    return NOT_APPLICABLE if is_virtual(resource) else _KEYS["dataproc.Cluster"](resource, context)


CONTROL = Control(
    id="ENC-06",
    title="Data processing uses customer-managed keys",
    why=(
        "Jobs write intermediate data to disks and buckets of their own: the same data, without the source's key. "
        "Beside jobs and clusters this reads pipelines, workflows, session templates and metastores, whose data rests "
        "longest. A Dataproc cluster on Kubernetes has no disks of its own, so it does not count: ENC-08 reads those "
        "of its nodes. A parameter or pipeline option of a Dataflow job that names a key is judged too, as it undoes "
        "the property."
    ),
    remedy=(
        "Set `kms_key_name` of a Dataflow job; `encryption_config` of a Dataproc cluster, a metastore or a Composer "
        "environment; `execution_config.kms_key` of a serverless batch or session."
    ),
    severity=Severity.HIGH,
    objectives=("2.1.c", "3.2.b", "5.1.e"),
    clauses=(
        full("cis-gcp-5.0", "8.1"),
        partial("google-ai", "COM-CO-2.3", "Other services, for which ENC-01 to ENC-08 and ENC-15 stand."),
    ),
    reads=(
        *reads_of(_KEYS),
        *(each.reads("dataflow.Pipeline") for each, _ in _WAYS),
        Read.aside("dataproc.Cluster", "virtualClusterConfig"),
        read("dataflow.Job", _PARAMETERS.text),
        read("dataflow.FlexTemplateJob", _PARAMETERS.text),
        read("dataflow.FlexTemplateJob", _OPTIONS.text),
    ),
    checks={
        **_KEYS,
        "dataproc.Cluster": _dataproc,
        "dataproc.WorkflowTemplate": _workflow,
        "dataflow.Job": _job,
        "dataflow.Pipeline": _pipeline,
        "dataflow.FlexTemplateJob": _flexible,
    },
    settings=("key_projects",),
)
