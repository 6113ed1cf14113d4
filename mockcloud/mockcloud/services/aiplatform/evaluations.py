"""Evaluations of models that were computed elsewhere: imported, listed, read."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.store import Body, Record
from mockcloud.services.aiplatform import versions
from mockcloud.services.aiplatform.api import API, LOCATION, SERVICE, collection, now, shown

_EVALUATIONS: Final = f"{LOCATION}.models.evaluations"

collection("models.evaluations", "models.evaluations.slices")


@SERVICE.method(f"{_EVALUATIONS}.import")
def import_evaluation(call: Call) -> Answer | Body:
    """Add an evaluation to a model."""
    model, _ = versions.find(call.cloud, call.name.removesuffix("/evaluations"))
    given: dict[str, Any] = dict(call.body.get("modelEvaluation", {}))
    name = f"{model.name}/evaluations/{call.cloud.ids.numeric('aiplatform/evaluations')}"
    body = {**given, "name": shown(call.cloud, name), "createTime": now(call.cloud)}
    return call.cloud.create(Record(API, name, body)).body
