"""Talks to a running server over the console's API."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from groundplan_cli.errors import Error

SECONDS = 30.0
"""How long an answer may take: emptying a large cloud takes a moment."""
SILENCE = 60.0
"""How long a server that has no news may say nothing. It says something every quarter of a minute."""


class NoAnswer(Error):
    """A server does not answer, or is none of ours."""


class Refused(Error):
    """A server refuses what it was asked."""


def ask(url: str, verb: str, path: str, body: Mapping[str, Any] | None = None, **query: object) -> Any:  # noqa: ANN401 - JSON
    """Call the console's API.

    Args:
        url: The server: `http://127.0.0.1:PORT`.
        verb: `GET`, `POST`, `DELETE`.
        path: What is behind `/_mock/`.
        body: What is sent as JSON.
        query: Query parameters; one that is None is left out.

    Raises:
        NoAnswer: Nobody answers there, or somebody else does.
        Refused: It says no, and why.
    """
    said = {name: value for name, value in query.items() if value is not None}
    target = f"/_mock/{quote(path)}" + (f"?{urlencode(said)}" if said else "")
    try:
        with closing(_connected(url, SECONDS)) as connection:
            content = json.dumps(body).encode() if body is not None else None
            connection.request(verb, target, body=content, headers={**_HEADERS, "Connection": "close"})
            response = connection.getresponse()
            found = json.loads(response.read())
    except (OSError, HTTPException, ValueError) as error:
        raise _no_answer(url, error) from error
    if response.status >= 400:  # noqa: PLR2004 - HTTP's errors begin there
        raise _refused(found)
    return found


def events(url: str) -> Iterator[dict[str, Any]]:
    """Give where the cloud stands, at once and each time that it has moved, until the server stops.

    Raises:
        NoAnswer: Nobody answers there.
    """
    try:
        with closing(_connected(url, SILENCE)) as connection:
            connection.request("GET", "/_mock/events", headers=_HEADERS)
            for line in connection.getresponse():
                if line.startswith(_DATA):
                    yield json.loads(line.removeprefix(_DATA))
    except (OSError, HTTPException, ValueError) as error:
        raise _no_answer(url, error) from error


_DATA = b"data: "
_HEADERS = {"X-Mock-Cloud": "groundplan"}


def _connected(url: str, seconds: float) -> HTTPConnection:
    address = urlsplit(url)
    return HTTPConnection(address.hostname or "", address.port or 80, timeout=seconds)


def _no_answer(url: str, error: Exception) -> NoAnswer:
    return NoAnswer(
        "The mock cloud does not answer",
        given=f"{url} ({error})",
        allowed="the address of a mock cloud that runs",
        remedy="start one: groundplan cloud start",
    )


def _refused(found: object) -> Refused:
    said = found.get("error", {}) if isinstance(found, dict) else {}
    return Refused(
        str(said.get("what") or said.get("message") or "The mock cloud refuses"),
        given=str(said.get("given", "")),
        allowed=str(said.get("allowed", "")),
        remedy=str(said.get("remedy", "")),
    )
