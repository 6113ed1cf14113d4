"""Calls a cloud over HTTP as a door would, without a socket."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.wire import HttpRequest, HttpResponse, answer

SECRETS = "secretmanager.googleapis.com"
PROJECT = "/v1/projects/acme"


@dataclass(frozen=True)
class Answered:
    """An answer, with its JSON read."""

    response: HttpResponse

    @property
    def status(self) -> int:
        return self.response.status

    @property
    def json(self) -> Any:
        return json.loads(self.response.body)

    @property
    def error(self) -> Any:
        return self.json["error"]

    @property
    def violations(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self.error["details"][0]["fieldViolations"]
        return found


class Caller:
    """Calls one host of a cloud."""

    def __init__(self, cloud: Cloud, host: str = SECRETS) -> None:
        self.cloud = cloud
        self.host = host

    def __call__(
        self,
        verb: str,
        path: str,
        body: object = None,
        *,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        **parameters: str,
    ) -> Answered:
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        text = "&".join(filter(None, (query, urlencode(parameters))))
        return Answered(answer(self.cloud, HttpRequest(verb, self.host, path, text, headers or {}, content)))
