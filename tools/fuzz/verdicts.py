"""What is a good answer, and what was answered.

A request is answered well if nothing is raised, the status is no fault of the server but "not modelled", and what is
not media or a stream is JSON, in Google's form where it refuses.
"""

from collections import Counter
from dataclasses import dataclass, field
from json import loads
from typing import Final

import grpc

from mockcloud.doors.wire import HttpResponse

FAULTS: Final = frozenset(
    {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.DATA_LOSS, grpc.StatusCode.UNAVAILABLE}
)
"""Codes with which no call may end."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A request that was not answered well.

    Attributes:
        request: The request, as text.
        why: What is wrong with its answer.
    """

    request: str
    why: str

    def __str__(self) -> str:
        return f"{self.why}\n  {self.request}"


@dataclass
class Sent:
    """What was sent, and how it went.

    Attributes:
        statuses: How often each status was answered: a number by HTTP, a name by gRPC.
        findings: What was not answered well.
    """

    statuses: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: "Sent") -> None:
        """Add what was sent elsewhere."""
        self.statuses += other.statuses
        self.findings += other.findings


def wrong(response: HttpResponse, *, empty: bool = False, json: bool = True) -> str:
    """Say what is wrong with an answer; "" for nothing.

    Args:
        response: The answer.
        empty: Whether it has no body, as the answer to HEAD.
        json: Whether it refuses in JSON. What is no method of a description may refuse in XML or as text.
    """
    if response.status >= 500 and response.status != 501:  # noqa: PLR2004 - faults of the server
        return f"status {response.status}: {response.body[:200]!r}"
    if empty:
        return "a body in the answer to HEAD" if response.body else ""
    return _wrong_json(response) if json else ""


def _wrong_json(response: HttpResponse) -> str:
    kind = {name.lower(): value for name, value in response.headers.items()}.get("content-type", "")
    if response.status < 400 and not kind.startswith("application/json"):  # noqa: PLR2004 - refusals are JSON
        return ""
    try:
        found = loads(response.body) if response.body else {}
    except ValueError as error:
        return f"no JSON with status {response.status}: {error}"
    if response.status >= 400:  # noqa: PLR2004 - the first status that refuses
        refusal = found.get("error") if isinstance(found, dict) else None
        if not isinstance(refusal, dict) or refusal.get("code") != response.status or not refusal.get("message"):
            # OAuth has a form of its own (RFC 6749, 5.2).
            return "" if isinstance(refusal, str) else f"no error of Google's form: {response.body[:200]!r}"
    return ""
