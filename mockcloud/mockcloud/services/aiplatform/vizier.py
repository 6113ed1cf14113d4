"""Studies of Vertex AI Vizier: trials are suggested, measured, completed, and the best ones found.

A small local simulation: suggestions are a fixed sequence that fills the space evenly, whatever was measured.
"""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.errors import failed_precondition, invalid, not_found
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.aiplatform import trials
from mockcloud.services.aiplatform.api import API, LOCATION, SERVICE, collection, found, shown, start

_TRIALS: Final = f"{LOCATION}.studies.trials"
_OPEN: Final = frozenset({"ACTIVE", "REQUESTED", "STOPPING"})


def _study_created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    spec = body.get("studySpec", {})
    if not spec.get("metrics") or not spec.get("parameters"):
        raise invalid("The study has no metrics or no parameters.", Violation("study.study_spec", "It needs both."))
    return body


collection(
    "studies",
    created=_study_created,
    required=("displayName", "studySpec"),
    state=("state", "ACTIVE"),
    children="cascade",
)


@SERVICE.method(f"{LOCATION}.studies.lookup")
def lookup(call: Call) -> Answer | Body:
    """Find a study by its display name."""
    title = call.body.get("displayName", "")
    for each in call.cloud.store.page(API, f"{call.name.removesuffix('/studies')}/studies"):
        if each.body["displayName"] == title:
            return each.body
    raise not_found(title, what="Study")


# Trials
# ---------------------------------------------------------------------------------------------------------------------


def _study(call: Call) -> Record:
    name = call.name.partition("/trials")[0]
    study = call.cloud.store.get(API, name)
    if study is None:
        raise not_found(shown(call.cloud, name), what="Study")
    return study


def _all(call: Call, study: Record) -> list[Record]:
    found_ = call.cloud.store.page(API, f"{study.name}/trials")
    return sorted(found_, key=lambda each: int(each.id))


def _add(call: Call, study: Record, trial: Mapping[str, Any]) -> Record:
    # Numbers go on where a trial is gone: its number means it for ever.
    number = int(study.hidden.get("trials", 0)) + 1
    call.cloud.change(study, study.body, hidden={**study.hidden, "trials": number})
    name = f"{study.name}/trials/{number}"
    body = {
        **trial,
        "name": shown(call.cloud, name),
        "id": str(number),
        "startTime": stamp(call.cloud.clock.now),
    }
    if not trial.get("parameters"):
        body["parameters"] = trials.point(study.body["studySpec"], number)
    return call.cloud.create(Record(API, name, body))


@SERVICE.method(f"{_TRIALS}.create")
def create(call: Call) -> Answer | Body:
    """Add a trial with the caller's own parameters."""
    study = _study(call)
    # The description has the parameters as the service's own, though this method takes them.
    trial, _ = call.schemas.accept(call.method.request, call.request.body, keep_read_only=True)
    own = ("parameters", "measurements", "finalMeasurement")
    kept: dict[str, Any] = {key: trial[key] for key in own if key in trial}
    state = "SUCCEEDED" if "finalMeasurement" in kept else "REQUESTED"
    return _add(call, study, {**kept, "state": state}).body


@SERVICE.method(f"{_TRIALS}.suggest")
def suggest(call: Call) -> Answer | Body:
    """Suggest trials to a client: first those that it has begun, then those that were requested, then new ones."""
    study = _study(call)
    client, count = call.body.get("clientId", ""), call.body.get("suggestionCount", 0)
    if not client or count < 1:
        raise invalid("A suggestion needs a client and a count.", Violation("client_id", "Both are required."))
    begun = [
        each for each in _all(call, study) if each.body["state"] == "ACTIVE" and each.body.get("clientId") == client
    ]
    chosen = begun[:count]
    asked = [each for each in _all(call, study) if each.body["state"] == "REQUESTED"]
    for each in asked[: count - len(chosen)]:
        chosen.append(_changed(call, each, state="ACTIVE", clientId=client))
    while len(chosen) < count:
        chosen.append(_add(call, _study(call), {"state": "ACTIVE", "clientId": client}))
    moment = stamp(call.cloud.clock.now)
    response = {
        "trials": [each.body for each in chosen],
        "studyState": study.body["state"],
        "startTime": moment,
        "endTime": moment,
    }
    return start(call, study.name, response, clientId=client)


def _changed(call: Call, record: Record, **fields: object) -> Record:
    return call.cloud.change(record, {**record.body, **fields})


def _open(call: Call) -> Record:
    trial = found(call)
    if trial.body["state"] not in _OPEN:
        raise failed_precondition(f"The trial '{trial.body['name']}' is {trial.body['state']} already.")
    return trial


@SERVICE.method(f"{_TRIALS}.addTrialMeasurement")
def add_measurement(call: Call) -> Answer | Body:
    """Add what was measured on the way."""
    trial = _open(call)
    raw = call.request.body if isinstance(call.request.body, Mapping) else {}
    measurement, _ = call.schemas.accept(call.method.request, raw, keep_read_only=True)
    measurements = [*trial.body.get("measurements", []), measurement.get("measurement", {})]
    return _changed(call, trial, measurements=measurements).body


@SERVICE.method(f"{_TRIALS}.complete")
def complete(call: Call) -> Answer | Body:
    """End a trial: with a last measurement, with the last one that was added, or as infeasible."""
    trial = _open(call)
    asked, _ = call.schemas.accept(call.method.request, call.request.body or {}, keep_read_only=True)
    moment = stamp(call.cloud.clock.now)
    if asked.get("trialInfeasible"):
        reason = asked.get("infeasibleReason", "")
        return _changed(call, trial, state="INFEASIBLE", infeasibleReason=reason, endTime=moment).body
    final = asked.get("finalMeasurement") or next(reversed(trial.body.get("measurements", [])), None)
    if not final:
        raise failed_precondition(f"Nothing was measured in '{trial.body['name']}', so it cannot be completed.")
    return _changed(call, trial, state="SUCCEEDED", finalMeasurement=final, endTime=moment).body


@SERVICE.method(f"{_TRIALS}.stop")
def stop(call: Call) -> Answer | Body:
    """Ask the client to stop a trial."""
    return _changed(call, _open(call), state="STOPPING").body


@SERVICE.method(f"{_TRIALS}.checkTrialEarlyStoppingState")
def check_early_stopping(call: Call) -> Answer | Body:
    """Say whether a trial should stop: only where somebody asked for it."""
    trial = found(call)
    return start(call, trial.name, {"shouldStop": trial.body["state"] == "STOPPING"}, trial=trial.body["name"])


@SERVICE.method(f"{_TRIALS}.listOptimalTrials")
def optimal(call: Call) -> Answer | Body:
    """Give the trials that no other one beats."""
    study = _study(call)
    bodies = [each.body for each in _all(call, study)]
    best = trials.best(study.body["studySpec"]["metrics"], bodies)
    return {"optimalTrials": [dict(each) for each in best]} if best else {}
