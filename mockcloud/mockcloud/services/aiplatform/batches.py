"""What a batch prediction reads and writes in Cloud Storage.

A small local simulation: where something is registered for the model (`predictions.register`) and the instances are
objects of JSON lines, it is asked about each of them, and the answers become an object. Else a job ends without output.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from mockcloud.cloud.call import Request
from mockcloud.cloud.callers import OWNER
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.store import Record
from mockcloud.cloud.tokens import mock_token
from mockcloud.discovery.catalogue import description
from mockcloud.services.aiplatform import files, predictors
from mockcloud.services.aiplatform.api import API
from mockcloud.services.aiplatform.outcomes import Outcome
from mockcloud.services.references import resolve

_FILE: Final = "prediction.results-00000-of-00001"


def measuring(cloud: Cloud, record: Record, outcome: Outcome) -> Callable[[], list[Any]] | None:
    """Give what asks about the instances of a job; None where nothing answers, or nothing is there to read."""
    del outcome
    body = record.body
    model = resolve(cloud, body.get("model", ""), API)
    name = model.name if model is not None else body.get("model", "")
    predictor = predictors.known(cloud, f"{name}@{body.get('modelVersionId', '')}", name)
    source = body.get("inputConfig", {})
    if predictor is None or source.get("instancesFormat") != "jsonl":
        return None
    contents = [each for _, each in files.contents(cloud, source.get("gcsSource", {}).get("uris", []))]
    if not contents:
        return None
    parameters = body.get("modelParameters")

    def ask() -> list[Any]:
        instances = [json.loads(line) for each in contents for line in each.decode().splitlines() if line.strip()]
        answers = predictors.answers(predictor, instances, parameters)
        return [{"instance": one, "prediction": other} for one, other in zip(instances, answers, strict=True)]

    return ask


def write(cloud: Cloud, directory: str, rows: Sequence[Any]) -> None:
    """Write the answers below an address; where the bucket is not there, nothing is written."""
    bucket, _, folder = directory.removeprefix("gs://").partition("/")
    content = "".join(f"{json.dumps(each)}\n" for each in rows).encode()
    request = Request(
        method=description("storage", "v1").routes.by_id["objects.insert"],
        variables={"bucket": bucket},
        query={"name": f"{folder}/{_FILE}", "uploadType": "media"},
        content=content,
        headers={"authorization": f"Bearer {mock_token(OWNER.member)}"},
    )
    try:
        cloud.dispatch(request)
    except ApiError:
        return  # the job says where the output would be
