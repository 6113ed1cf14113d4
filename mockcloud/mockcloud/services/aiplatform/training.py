"""Training pipelines: a job, and at its end the model that it uploads."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import not_found
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.catalogue import description
from mockcloud.discovery.names import camel
from mockcloud.services.aiplatform import jobs, models, versions
from mockcloud.services.aiplatform.api import API, shown
from mockcloud.services.aiplatform.jobs import Job, kind
from mockcloud.services.aiplatform.outcomes import Outcome

_CUSTOM: Final = "custom_task"
"""Part of the names of definitions that train by a custom job."""
_SPEC: Final = "GoogleCloudAiplatformV1CustomJobSpec"


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    location = name.rpartition("/trainingPipelines/")[0]
    dataset = body.get("inputDataConfig", {}).get("datasetId", "")
    if call.cloud.rules.on(Rule.REFERENCES):
        if dataset and call.cloud.store.get(API, f"{location}/datasets/{dataset}") is None:
            raise not_found(f"{location}/datasets/{dataset}", what="Dataset")
        if body.get("parentModel"):
            versions.find(call.cloud, body["parentModel"])
    return body


def _spec(record: Record) -> dict[str, Any]:
    """Give the specification of the custom job, in one spelling: Google's client mixes two in the task's inputs."""
    inputs = record.body.get("trainingTaskInputs") or {}
    schemas = description(API, "v1").schemas
    known = schemas.fields(_SPEC)
    spec, _ = schemas.accept(_SPEC, {key: value for key, value in inputs.items() if camel(key) in known})
    return spec


def _running(cloud: Cloud, record: Record) -> Mapping[str, Any]:
    """Start the job that does the work, where the pipeline trains by one."""
    if _CUSTOM not in record.body["trainingTaskDefinition"]:
        return {}
    location = record.name.rpartition("/trainingPipelines/")[0]
    spec = _spec(record)
    job = jobs.begin_backing(cloud, location, f"{record.body['displayName']}-custom-job", spec)
    return {"trainingTaskMetadata": {"backingCustomJob": job.body["name"]}}


def _ending(cloud: Cloud, record: Record, outcome: Outcome) -> Mapping[str, Any]:
    del outcome
    location = record.name.rpartition("/trainingPipelines/")[0]
    job = record.body.get("trainingTaskMetadata", {}).get("backingCustomJob", "")
    jobs.end_backing(cloud, location, job, "SUCCEEDED")
    asked = record.body.get("modelToUpload")
    if not asked:
        return {}
    parent = None
    if record.body.get("parentModel"):
        parent = versions.find(cloud, record.body["parentModel"])[0]
    source = {"sourceType": "CUSTOM" if _CUSTOM in record.body["trainingTaskDefinition"] else "AUTOML"}
    folder = _spec(record).get("baseOutputDirectory", {}).get("outputUriPrefix", "")
    model = {
        **({"artifactUri": f"{folder.rstrip('/')}/model"} if folder else {}),
        **asked,
        "modelSourceInfo": source,
        "trainingPipeline": shown(cloud, record.name),
    }
    made = models.put(cloud, location, model, parent=parent, model_id=record.body.get("modelId", ""))
    newest = max(versions.versions(made), key=int)
    return {"modelToUpload": {**asked, "name": shown(cloud, made.name), "versionId": newest}}


kind(
    "trainingPipelines",
    Job(prefix="PIPELINE_STATE_", seconds=300.0, running=_running, ending=_ending),
    created=_created,
    required=("displayName", "trainingTaskDefinition"),
)
