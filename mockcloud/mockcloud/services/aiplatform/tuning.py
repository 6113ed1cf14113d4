"""Jobs that search: hyperparameters, architectures, and tuned models."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.aiplatform import models, trials, versions
from mockcloud.services.aiplatform.api import API, shown
from mockcloud.services.aiplatform.custom_jobs import hold_spec
from mockcloud.services.aiplatform.jobs import MEASURED, Job, kind
from mockcloud.services.aiplatform.outcomes import Outcome

_MOST_TRIALS: Final = 1000
"""Trials that a job may have at most: as many as Vertex allows by default."""


# Hyperparameters
# ---------------------------------------------------------------------------------------------------------------------


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    most, parallel = body.get("maxTrialCount", 0), body.get("parallelTrialCount", 0)
    if not 1 <= most <= _MOST_TRIALS or not 1 <= parallel <= most:
        raise invalid(
            f"The numbers of trials make no sense: {parallel} at a time, {most} at most.",
            Violation("hyperparameter_tuning_job.max_trial_count", f"It must be 1 to {_MOST_TRIALS}, and not less."),
        )
    if not body["studySpec"].get("metrics") or not body["studySpec"].get("parameters"):
        raise invalid("The study has no metrics or no parameters.", Violation("study_spec", "It needs both."))
    hold_spec(call, body["trialJobSpec"], name.rpartition("/hyperparameterTuningJobs/")[0])
    return body


def _running(cloud: Cloud, record: Record) -> Mapping[str, Any]:
    moment = stamp(cloud.clock.now)
    numbers = range(1, record.body["parallelTrialCount"] + 1)
    return {
        "trials": [
            {
                **_trial(record, each),
                "state": "ACTIVE",
                "startTime": moment,
                "name": f"{record.body['name']}/trials/{each}",
            }
            for each in numbers
        ]
    }


def _trial(record: Record, number: int) -> dict[str, Any]:
    return {"id": str(number), "parameters": trials.point(record.body["studySpec"], number)}


def _ending(cloud: Cloud, record: Record, outcome: Outcome) -> Mapping[str, Any]:
    del outcome
    spec = record.body["studySpec"]
    numbers = range(1, record.body["maxTrialCount"] + 1)
    begun = record.body.get("startTime", "")
    measured = record.hidden.get(MEASURED) or [None] * len(numbers)
    return {
        "trials": [
            _finished(cloud, record, spec, each, begun, values) for each, values in zip(numbers, measured, strict=True)
        ]
    }


def _measuring(cloud: Cloud, record: Record, outcome: Outcome) -> Callable[[], list[Any]] | None:
    """Give what asks the objective about each trial."""
    del cloud
    objective = outcome.objective
    if objective is None:
        return None
    points = [_trial(record, each)["parameters"] for each in range(1, record.body["maxTrialCount"] + 1)]
    return lambda: [as_numbers(objective({each["parameterId"]: each["value"] for each in point})) for point in points]


def as_numbers(values: Mapping[str, float]) -> dict[str, float]:
    """Give what an objective measured as JSON has it."""
    return {str(key): float(value) for key, value in values.items()}


def _finished(
    cloud: Cloud, record: Record, spec: Body, number: int, begun: str, values: Mapping[str, float] | None
) -> dict[str, Any]:
    trial = _trial(record, number)
    metrics = trials.measured(spec, trial["parameters"], values)
    return {
        **trial,
        "name": f"{record.body['name']}/trials/{number}",
        "state": "SUCCEEDED",
        "startTime": begun,
        "endTime": stamp(cloud.clock.now),
        "finalMeasurement": {"stepCount": "1", "metrics": metrics},
    }


kind(
    "hyperparameterTuningJobs",
    Job(seconds=300.0, running=_running, ending=_ending, measuring=_measuring),
    created=_created,
    required=("displayName", "studySpec", "maxTrialCount", "parallelTrialCount", "trialJobSpec"),
)


# Architectures
# ---------------------------------------------------------------------------------------------------------------------


def _searching(record: Record) -> tuple[str, int]:
    """Give the metric and the number of trials of a search."""
    spec = record.body.get("nasJobSpec", {}).get("multiTrialAlgorithmSpec", {})
    count = min(spec.get("searchTrialSpec", {}).get("maxTrialCount", 1), _MOST_TRIALS)
    return spec.get("metric", {}).get("metricId", ""), count


def _nas_measuring(cloud: Cloud, record: Record, outcome: Outcome) -> Callable[[], list[Any]] | None:
    """Give what asks the objective about each trial of a search."""
    del cloud
    objective, (_, count) = outcome.objective, _searching(record)
    if objective is None:
        return None
    return lambda: [as_numbers(objective({"trial": number})) for number in range(1, count + 1)]


def _nas_ending(cloud: Cloud, record: Record, outcome: Outcome) -> Mapping[str, Any]:
    """Give the trials of a search; their architectures stay empty, since nothing is searched."""
    del outcome
    metric, count = _searching(record)
    moment = stamp(cloud.clock.now)
    found = []
    measured = record.hidden.get(MEASURED) or [{}] * count
    for number, values in enumerate(measured, 1):
        metrics = [{"metricId": metric, "value": float(values[metric])}] if metric in values else []
        trial = {
            "id": str(number),
            "state": "SUCCEEDED",
            "startTime": record.body.get("startTime", moment),
            "endTime": moment,
            "finalMeasurement": {"metrics": metrics, "stepCount": "1"},
        }
        found.append(trial)
        name = f"{record.name}/nasTrialDetails/{number}"
        cloud.create(Record(API, name, {"name": shown(cloud, name), "parameters": "", "searchTrial": trial}))
    return {"nasJobOutput": {"multiTrialJobOutput": {"searchTrials": found}}}


_NAS: Final = Job(seconds=3600.0, ending=_nas_ending, measuring=_nas_measuring)
kind("nasJobs", _NAS, required=("displayName", "nasJobSpec"))


# Tuned models
# ---------------------------------------------------------------------------------------------------------------------


def _tuning_ending(cloud: Cloud, record: Record, outcome: Outcome) -> Mapping[str, Any]:
    """Register the tuned model, and an endpoint at which it is."""
    del outcome
    location = record.name.rpartition("/tuningJobs/")[0]
    title = record.body.get("tunedModelDisplayName") or f"tuned-{record.id}"
    model = models.put(
        cloud,
        location,
        {"displayName": title, "modelSourceInfo": {"sourceType": "GENIE"}, "labels": record.body.get("labels", {})},
        parent=None,
    )
    name = f"{location}/endpoints/{cloud.ids.numeric('aiplatform/endpoints')}"
    moment = stamp(cloud.clock.now)
    deployed = {
        "id": cloud.ids.numeric("aiplatform/deployedModels"),
        "model": shown(cloud, model.name),
        "modelVersionId": "1",
        "displayName": title,
        "createTime": moment,
        "automaticResources": {"minReplicaCount": 1, "maxReplicaCount": 1},
    }
    endpoint = {
        "name": shown(cloud, name),
        "displayName": title,
        "deployedModels": [deployed],
        "trafficSplit": {deployed["id"]: 100},
        "createTime": moment,
        "updateTime": moment,
        "etag": cloud.etag(1),
    }
    cloud.create(Record(API, name, endpoint))
    entry = {"endpoint": endpoint["name"], "id": deployed["id"], "version": "1"}
    versions.write(cloud, model, versions.versions(model), deployed=[entry])
    return {"tunedModel": {"model": f"{shown(cloud, model.name)}@1", "endpoint": endpoint["name"]}}


kind("tuningJobs", Job(seconds=3600.0, ending=_tuning_ending))
