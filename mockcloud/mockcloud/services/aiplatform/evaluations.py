"""Evaluations of models that were computed elsewhere: imported, listed, read. Each belongs to one version."""

import re
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.services import standard
from mockcloud.services.aiplatform import versions
from mockcloud.services.aiplatform.api import API, LOCATION, SERVICE, now, shown

_EVALUATIONS: Final = f"{LOCATION}.models.evaluations"
_VERSION: Final = re.compile(r"@[^/]+")


@SERVICE.method(f"{_EVALUATIONS}.import")
def import_evaluation(call: Call) -> Answer | Body:
    """Add an evaluation to a version of a model."""
    model, number = versions.find(call.cloud, call.name.removesuffix("/evaluations"))
    given: dict[str, Any] = dict(call.body.get("modelEvaluation", {}))
    name = f"{model.name}/evaluations/{call.cloud.ids.numeric('aiplatform/evaluations')}"
    body = {**given, "name": shown(call.cloud, name), "createTime": now(call.cloud)}
    return call.cloud.create(Record(API, name, body, {"version": number})).body


@SERVICE.method(f"{_EVALUATIONS}.list")
def list_evaluations(call: Call) -> Answer | Body:
    """Give the evaluations of a version."""
    model, number = versions.find(call.cloud, call.name.removesuffix("/evaluations"))
    keep = matcher(call.text("filter"))
    bodies = [
        each.body
        for each in call.cloud.store.page(API, f"{model.name}/evaluations")
        if each.hidden["version"] == number and (keep is None or keep(each.body))
    ]
    chosen, token = slice_page(call, bodies)
    return {**({"modelEvaluations": chosen} if chosen else {}), **({"nextPageToken": token} if token else {})}


@SERVICE.method(f"{_EVALUATIONS}.get", f"{_EVALUATIONS}.slices.get")
def get(call: Call) -> Answer | Body:
    """Give an evaluation. The name may say which version of the model it is about."""
    call.name = _VERSION.sub("", call.name)
    return standard.get(call)


@SERVICE.method(f"{_EVALUATIONS}.slices.list")
def list_slices(call: Call) -> Answer | Body:
    """Give the slices of an evaluation."""
    call.name = _VERSION.sub("", call.name)
    return standard.list_(call)
