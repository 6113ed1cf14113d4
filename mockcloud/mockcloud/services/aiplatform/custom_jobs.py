"""Custom jobs, batch predictions and data labelling."""

from collections.abc import Mapping
from typing import Any

from mockcloud.cloud.call import Call
from mockcloud.cloud.clock import parse_stamp, stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import invalid, not_found
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.aiplatform import batches, versions
from mockcloud.services.aiplatform.api import API, need, shown
from mockcloud.services.aiplatform.jobs import MEASURED, Job, kind
from mockcloud.services.aiplatform.networks import hold_network
from mockcloud.services.aiplatform.outcomes import Outcome


def hold_spec(call: Call, spec: Mapping[str, Any], location: str) -> None:
    """Hold the specification of a custom job to what there is.

    Raises:
        ApiError: It names nothing to run, or a resource that there is not.
    """
    pools = [each for each in spec.get("workerPoolSpecs", []) if each]
    if not pools:
        raise invalid("The job has no worker pools.", Violation("job_spec.worker_pool_specs", "It is required."))
    if not any("containerSpec" in each or "pythonPackageSpec" in each for each in pools):
        raise invalid(
            "The first worker pool has neither a container nor a Python package.",
            Violation("job_spec.worker_pool_specs[0].task", "It is required."),
        )
    hold_network(spec)
    if not call.cloud.rules.on(Rule.REFERENCES):
        return
    if spec.get("tensorboard"):
        need(call.cloud, spec["tensorboard"], "Tensorboard")
    if spec.get("persistentResourceId"):
        name = f"{location}/persistentResources/{spec['persistentResourceId']}"
        if call.cloud.store.get(API, name) is None:
            raise not_found(name, what="PersistentResource")


def _custom_created(call: Call, name: str, body: dict[str, Any]) -> Body:
    hold_spec(call, body.get("jobSpec", {}), name.rpartition("/customJobs/")[0])
    return body


def _custom_running(cloud: Cloud, record: Record) -> Mapping[str, Any]:
    del cloud
    spec = record.body["jobSpec"]
    if not spec.get("enableWebAccess"):
        return {}
    region = record.name.split("/")[3]
    host = f"https://{record.id}-workerpool0-0.{region}.aiplatform-training.googleusercontent.com"
    return {"webAccessUris": {"workerpool0-0": host}}


kind("customJobs", Job(running=_custom_running), created=_custom_created, required=("displayName", "jobSpec"))


# Batch predictions
# ---------------------------------------------------------------------------------------------------------------------


def _batch_created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    if not any(body.get(each) for each in ("model", "unmanagedContainerModel", "endpoint")):
        raise invalid("The job names no model.", Violation("batch_prediction_job.model", "It is required."))
    model = body.get("model", "")
    if not model or model.startswith("publishers/") or "/publishers/" in model:
        return body
    record, number = versions.find(call.cloud, model)
    # The request may say which version; the answer says it in a field of its own.
    return {**body, "model": shown(call.cloud, record.name), "modelVersionId": number}


def _batch_ending(cloud: Cloud, record: Record, outcome: Outcome) -> Mapping[str, Any]:
    del outcome
    body = record.body
    config = body.get("outputConfig", {})
    moment = parse_stamp(stamp(cloud.clock.now)).strftime("%Y_%m_%dT%H_%M_%S_%f")[:-3] + "Z"
    output: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    if "gcsDestination" in config:
        prefix = config["gcsDestination"].get("outputUriPrefix", "").rstrip("/")
        output["gcsOutputDirectory"] = f"{prefix}/prediction-{body.get('displayName', '')}-{moment}"
        if (predicted := record.hidden.get(MEASURED)) is not None:
            batches.write(cloud, output["gcsOutputDirectory"], predicted)
            extra = {"completionStats": {"successfulCount": str(len(predicted))}}
    if "bigqueryDestination" in config:
        output["bigqueryOutputDataset"] = config["bigqueryDestination"].get("outputUri", "")
        output["bigqueryOutputTable"] = f"predictions_{moment}"
    return {"outputInfo": output, **extra}


kind(
    "batchPredictionJobs",
    Job(seconds=300.0, ending=_batch_ending, measuring=batches.measuring),
    created=_batch_created,
    required=("displayName", "inputConfig", "outputConfig"),
)


# Data labelling
# ---------------------------------------------------------------------------------------------------------------------


def _labelling_ending(cloud: Cloud, record: Record, outcome: Outcome) -> Mapping[str, Any]:
    del cloud, record, outcome
    return {"labelingProgress": 100}


kind(
    "dataLabelingJobs",
    Job(stamps=False, seconds=3600.0, ending=_labelling_ending),
    required=("displayName", "datasets", "labelerCount", "instructionUri", "inputsSchemaUri"),
    references={"datasets": API, "specialistPools": API},
)
