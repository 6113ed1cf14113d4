"""Calls of a cloud over HTTP, without a server."""

import json
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.wire import HttpRequest, HttpResponse, answer

SECRET: Final[Mapping[str, object]] = {"replication": {"automatic": {}}}


def send(cloud: Cloud, verb: str, path: str, body: object = None, *, query: str = "", host: str = "") -> HttpResponse:
    content = b"" if body is None else json.dumps(body).encode()
    return answer(cloud, HttpRequest(verb=verb, host=host, path=path, query=query, body=content))


def call(cloud: Cloud, verb: str, path: str, body: object = None, *, query: str = "", host: str = "") -> dict[str, Any]:
    """Call, and give the JSON of an answer that must be one."""
    response = send(cloud, verb, path, body, query=query, host=host)
    assert response.status < 300, response.body
    return dict(json.loads(response.body))


def make_secret(cloud: Cloud, name: str, project: str = "acme") -> HttpResponse:
    return send(
        cloud,
        "POST",
        f"/v1/projects/{project}/secrets",
        SECRET,
        query=f"secretId={name}",
        host="secretmanager.googleapis.com",
    )


def get_secret(cloud: Cloud, name: str, project: str = "acme") -> HttpResponse:
    return send(cloud, "GET", f"/v1/projects/{project}/secrets/{name}", host="secretmanager.googleapis.com")
