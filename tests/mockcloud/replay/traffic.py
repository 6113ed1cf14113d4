"""Recorded traffic: read, played again, and compared.

A recording is JSON lines, packed with gzip: `group`, `method`, `host`, `path`, `query`, `content_type`, `request` (the
JSON body, or media as text), `status`, `response`. Its requests are facts. Of its answers only the ids and names that a
server chooses are used: a later request names them, so they are put in the place of ours.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

import yaml

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.wire import HttpRequest, HttpResponse, answer
from mockcloud.simulator import new_cloud

VARIABLE: Final = "GROUNDPLAN_TRAFFIC"
USUAL: Final = Path(__file__).parents[4] / "shared" / "reference" / "provider-traffic.jsonl.gz"
HERE: Final = Path(__file__).parent

_WORD: Final = re.compile(r"[^/:?&=,\s\"]+")
_CHOSEN: Final = re.compile(r"\d{5,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|operation-[0-9a-z-]+")
"""What a server may have chosen: a number, a UUID, an operation's name."""
_TEXT_KEYS: Final = frozenset({"etag", "fingerprint", "labelFingerprint", "instanceGroupManagerFingerprint"})


@dataclass(frozen=True)
class Exchange:
    """One request as it was recorded, with what the recorded server answered."""

    number: int
    group: str
    method: str
    host: str
    path: str
    query: str
    content_type: str
    request: Any
    status: int
    response: Any


@dataclass(frozen=True)
class Outcome:
    """What became of a request: our status, the expected one, and which of the fields sent did not come back."""

    exchange: Exchange
    status: int
    expected: int
    sent: int = 0
    lost: tuple[str, ...] = ()
    message: str = ""

    @property
    def met(self) -> bool:
        """Whether the status is the expected one; 200 stands for any 2xx."""
        return self.status // 100 == 2 if self.expected == 200 else self.status == self.expected


@dataclass
class Names:
    """What the recorded server chose -> what ours chose."""

    known: dict[str, str] = field(default_factory=dict)

    def learn(self, theirs: object, ours: object, key: str = "") -> None:
        """Compare two answers to one request."""
        if isinstance(theirs, dict) and isinstance(ours, dict):
            for name in theirs.keys() & ours.keys():
                self.learn(theirs[name], ours[name], name)
        elif isinstance(theirs, list) and isinstance(ours, list):
            for left, right in zip(theirs, ours, strict=False):
                self.learn(left, right, key)
        elif isinstance(theirs, str) and isinstance(ours, str) and theirs != ours:
            self._learn_text(theirs, ours, key)

    def _learn_text(self, theirs: str, ours: str, key: str) -> None:
        if key in _TEXT_KEYS:
            self.known[theirs] = ours
            return
        left, right = theirs.split("/"), ours.split("/")
        if len(left) != len(right) or (len(left) == 1 and not key.lower().endswith(("id", "name", "number"))):
            return
        for one, other in zip(left, right, strict=True):
            if one != other and _CHOSEN.fullmatch(one):
                self.known[one] = other

    def put(self, text: str) -> str:
        """Put our names in the place of the recorded ones."""
        if text in self.known:
            return self.known[text]
        return _WORD.sub(lambda found: self.known.get(found[0], found[0]), text)

    def put_all(self, body: Any) -> Any:
        """Put our names into a body."""
        if isinstance(body, dict):
            return {key: self.put_all(each) for key, each in body.items()}
        if isinstance(body, list):
            return [self.put_all(each) for each in body]
        return self.put(body) if isinstance(body, str) else body


def recording() -> Path | None:
    """Give the file with the recording; None where there is none."""
    path = Path(os.environ.get(VARIABLE, USUAL))
    return path if path.is_file() else None


def read(path: Path) -> Iterator[Exchange]:
    """Read a recording."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file):
            yield Exchange(number=number, **json.loads(line))


def table() -> list[Mapping[str, Any]]:
    """Read what is expected to be answered otherwise than with 2xx, and why."""
    with (HERE / "expected.yaml").open(encoding="utf-8") as file:
        found: list[Mapping[str, Any]] = yaml.safe_load(file)
    return found


class Expectations:
    """What is expected of requests, in their order.

    Args:
        entries: The table.
    """

    def __init__(self, entries: list[Mapping[str, Any]]) -> None:
        self._entries = [(re.compile(each["request"]), each) for each in entries]
        self._met: Counter[str] = Counter()

    def status(self, exchange: Exchange) -> int:
        """Give the status that a request is expected to get; 200 stands for any 2xx."""
        line = f"{exchange.method} {exchange.host}{exchange.path}"
        for pattern, entry in self._entries:
            if pattern.fullmatch(line):
                self._met[entry["request"]] += 1
                if self._met[entry["request"]] <= entry.get("once", self._met[entry["request"]]):
                    return int(entry["status"])
        return 200


def play(exchanges: Iterable[Exchange], entries: list[Mapping[str, Any]]) -> Iterator[Outcome]:
    """Play a recording, in order.

    Where the recorded server had forgotten everything, an empty cloud takes its place: the same program then makes
    once more what was there.
    """
    expectations = Expectations(entries)
    cloud, names, made = new_cloud(), Names(), set[str]()
    for exchange in exchanges:
        if _begins_anew(exchange, made):
            cloud, names, made = new_cloud(), Names(), set()
            expectations = Expectations(entries)
        since = len(cloud.journal.changes)
        response = _sent(cloud, exchange, names)
        ours = json.loads(response.body) if response.body[:1] in {b"{", b"["} else {}
        outcome = _outcome(cloud, exchange, names, response, ours, expectations.status(exchange), since)
        cloud.advance(60)
        if response.status < 300 and exchange.status < 300:
            names.learn(exchange.response, ours)
            # What takes time was done at once when it was recorded.
            names.learn(exchange.response, _ended(cloud, ours))
        yield outcome


_NEVER_DELETED: Final = re.compile(r"/v1/projects/[^/]+/(locations/[^/]+/keyRings|serviceAccounts)")
"""What the recorded program makes once and never deletes. When it is made again, the server was started anew."""


def _begins_anew(exchange: Exchange, made: set[str]) -> bool:
    if exchange.method != "POST" or exchange.status >= 300 or not _NEVER_DELETED.fullmatch(exchange.path):
        return False
    line = f"{exchange.path}?{exchange.query} {exchange.request}"
    again = line in made
    made.add(line)
    return again


def _ended(cloud: Cloud, ours: object) -> object:
    """Give the operation that an answer started, as it is by now; the answer itself, where it started none."""
    name = ours.get("name") if isinstance(ours, dict) else None
    if not isinstance(name, str) or "operations/" not in name:
        return ours
    return next((each.body for each in cloud.store if each.body.get("name") == name), ours)


def _sent(cloud: Cloud, exchange: Exchange, names: Names) -> HttpResponse:
    body = exchange.request
    content = b""
    if isinstance(body, str):
        content = body.encode()
    elif body is not None:
        content = json.dumps(names.put_all(body)).encode()
    path = "/".join(quote(names.put(unquote(each)), safe=":@$+~,") for each in exchange.path.split("/"))
    headers = {"content-type": exchange.content_type or "application/json"}
    return answer(cloud, HttpRequest(exchange.method, exchange.host, path, names.put(exchange.query), headers, content))


def _outcome(
    cloud: Cloud, exchange: Exchange, names: Names, response: HttpResponse, ours: Any, wanted: int, since: int
) -> Outcome:
    message = ours.get("error", {}).get("message", "") if isinstance(ours, dict) and response.status >= 400 else ""
    sent: list[tuple[str, object]] = []
    lost: list[str] = []
    if response.status < 300 and isinstance(exchange.request, dict) and exchange.method in {"POST", "PUT", "PATCH"}:
        sent = list(leaves(names.put_all(exchange.request)))
        back = _read_back(cloud, ours, since)
        lost = [path for path, value in sent if not comes_back(path, value, back)]
    return Outcome(exchange, response.status, wanted, len(sent), tuple(lost), message)


def _read_back(cloud: Cloud, ours: Any, since: int) -> str:
    """Give everything in which a sent field can come back: the answer, and what the call made or changed."""
    touched = {(each.api, each.name) for each in cloud.journal.changes[since:]}
    bodies = [record.body for key in touched if (record := cloud.store.get(*key)) is not None]
    policies = [cloud.store.policies[key] for key in touched if key in cloud.store.policies]
    return json.dumps([ours, *bodies, *policies])


def leaves(body: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Give every value of a body that says something, by its path."""
    if isinstance(body, dict):
        for key, each in body.items():
            yield from leaves(each, f"{path}.{key}" if path else key)
    elif isinstance(body, list):
        for each in body:
            yield from leaves(each, path)
    elif body is not None:
        yield path, body


def comes_back(path: str, value: object, back: str) -> bool:
    """Whether a value is in what can be read. A link counts in whichever form it comes back."""
    key = path.rpartition(".")[2]
    if key in _TEXT_KEYS or key in _CONTROL:
        return True
    if isinstance(value, str) and "/" in value:
        return "/".join(value.split("/")[-2:]) in back
    return json.dumps(value) in back or json.dumps(value).strip('"') in back


_CONTROL: Final = frozenset({"updateMask", "validateOnly", "requestId", "force", "requestedPolicyVersion"})
"""Fields that say how, not what: nobody reads them back."""
