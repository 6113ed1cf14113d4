"""Private endpoints in a peered network: each has a host of its own, and names the deployed model in the path.

`http://ENDPOINT.aiplatform.googleapis.com/v1/models/DEPLOYED_MODEL:predict`
(https://cloud.google.com/vertex-ai/docs/predictions/using-private-endpoints, 2026-11). Only such an endpoint is
reached so; the call goes the way of any other prediction.
"""

import re
from dataclasses import replace
from typing import Final

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import not_found
from mockcloud.cloud.store import Record
from mockcloud.doors.wire.messages import HttpRequest, HttpResponse

_API: Final = "aiplatform"
_HOST: Final = re.compile(r"(?P<endpoint>\d+)\.aiplatform\.googleapis\.com", re.IGNORECASE)
_PATH: Final = re.compile(r"/v1/models/(?P<deployed>[^/:]+)(?P<verb>:predict|:explain)?")


def private_endpoint_answer(cloud: Cloud, request: HttpRequest) -> HttpResponse | None:
    """Answer a call of a private endpoint's own host; None for another host.

    Raises:
        ApiError: 404: there is no such endpoint, or the model is not deployed there.
    """
    host = _HOST.fullmatch(request.host)
    if host is None:
        return None
    from mockcloud.doors.wire.front import answer

    path = _PATH.fullmatch(request.path)
    endpoint = _endpoint(cloud, host["endpoint"])
    if path is None or endpoint is None or path["deployed"] not in _deployed(endpoint):
        raise not_found(f"{request.host}{request.path}")
    if not path["verb"]:
        return HttpResponse(200, {"Content-Type": "application/json; charset=UTF-8"}, b"{}")
    return answer(cloud, replace(request, host=f"{_API}.googleapis.com", path=f"/v1/{endpoint.name}{path['verb']}"))


def _endpoint(cloud: Cloud, identifier: str) -> Record | None:
    with cloud.lock:
        names = [name for name in cloud.store.collections(_API) if name.endswith("/endpoints")]
        found = (cloud.store.get(_API, f"{name}/{identifier}") for name in names)
        return next((each for each in found if each is not None and each.body.get("network")), None)


def _deployed(endpoint: Record) -> set[str]:
    return {str(each.get("id", "")) for each in endpoint.body.get("deployedModels", [])}
