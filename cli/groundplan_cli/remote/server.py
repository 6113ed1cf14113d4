"""Asks a mock cloud that runs as a server."""

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from typing import Final
from urllib.parse import urlsplit

from groundplan_cli.cloud.client import NoAnswer, ask

SECONDS: Final = 30.0
"""How long an answer may take."""


@dataclass(frozen=True)
class Server:
    """A mock cloud that runs.

    Attributes:
        url: The server: `http://127.0.0.1:PORT`.
        member: Who calls, as IAM names it; "" for the cloud's owner.
    """

    url: str
    member: str = ""

    def send(
        self, verb: str, host: str, path: str, query: str, body: bytes, media: str = "application/json"
    ) -> tuple[int, bytes]:
        """Send a request.

        Raises:
            NoAnswer: Nobody answers there.
        """
        from mockcloud.cloud.callers import OWNER
        from mockcloud.cloud.credentials import TOKEN_PREFIX

        headers = {"host": host, "authorization": f"Bearer {TOKEN_PREFIX}{self.member or OWNER.member}"}
        if body:
            headers["content-type"] = media
        address = urlsplit(self.url)
        try:
            with closing(HTTPConnection(address.hostname or "", address.port or 80, timeout=SECONDS)) as connection:
                connection.request(verb, path + (f"?{query}" if query else ""), body=body or None, headers=headers)
                found = connection.getresponse()
                return found.status, found.read()
        except (OSError, HTTPException) as error:
            raise NoAnswer(
                "The mock cloud does not answer",
                given=f"{self.url} ({error})",
                allowed="the address of a mock cloud that runs",
                remedy="start one: groundplan cloud start",
            ) from error

    def wait(self, seconds: float) -> None:
        """Do nothing: what only reads has nothing to wait for."""

    def now(self) -> datetime:
        """Give the cloud's time."""
        return datetime.fromisoformat(str(ask(self.url, "GET", "about")["now"]))
