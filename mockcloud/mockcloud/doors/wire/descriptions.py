"""The descriptions of the APIs, where clients ask for them instead of bringing their own."""

import re
from typing import Final
from urllib.parse import parse_qs

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import not_found
from mockcloud.discovery.catalogue import api_of_host, versions
from mockcloud.discovery.documents import apis, document
from mockcloud.doors.wire.messages import HttpRequest, HttpResponse
from mockcloud.doors.wire.writing import json_bytes

_LEGACY: Final = re.compile(r"/discovery/v1/apis(?:/(?P<api>[a-z0-9]+)/(?P<version>[a-z0-9]+)/rest)?")
_OWN: Final = re.compile(r"(?:/(?P<first>[^/]+))?/\$discovery/rest")


def description_answer(cloud: Cloud, request: HttpRequest) -> HttpResponse | None:
    """Answer a request for a description or for the list of them; None for what is neither.

    Raises:
        ApiError: There is no such API or version.
    """
    del cloud
    if "discovery/" not in request.path or request.verb not in {"GET", "HEAD"}:
        return None
    legacy = _LEGACY.fullmatch(request.path)
    if legacy is not None:
        body = _described(request, legacy["api"], legacy["version"]) if legacy["api"] else _listed()
        return _response(body)
    own = _OWN.fullmatch(request.path.replace("%24", "$"))
    if own is None:
        return None
    first = own["first"] or ""
    api = api_of_host(request.host) or api_of_host(first) or first
    version = parse_qs(request.query).get("version", ["", *versions(api)][:2][-1:])[0]
    return _response(_described(request, api, version))


def _response(body: object) -> HttpResponse:
    return HttpResponse(200, {"Content-Type": "application/json; charset=UTF-8"}, json_bytes(body))


def _described(request: HttpRequest, api: str, version: str) -> dict[str, object]:
    if version not in versions(api):
        raise not_found(f"{api}:{version}", what="API")
    found = dict(document(api, version))
    if not request.host and request.headers.get("host"):
        # Asked at a loopback address: the calls are to come here too, and the first segment says for which API.
        root = f"http://{request.headers['host']}/{api}/"
        found |= {"rootUrl": root, "baseUrl": root + str(found["servicePath"])}
    return found


def _listed() -> dict[str, object]:
    items = [
        {
            "kind": "discovery#directoryItem",
            "id": f"{api}:{version}",
            "name": api,
            "version": version,
            "preferred": version == versions(api)[0],
            "discoveryRestUrl": f"https://{api}.googleapis.com/$discovery/rest?version={version}",
        }
        for api in apis()
        for version in versions(api)
    ]
    return {"kind": "discovery#directoryList", "discoveryVersion": "v1", "items": items}
