"""Sends the mock cloud requests over its whole surface, right ones and broken ones, and tells what it could not answer.

`python -m tools.fuzz [--requests N] [--seed N] [--profile strict]`. A request is answered well if nothing is raised,
the status is no 5xx but 501, and what is not media or a stream is JSON, in Google's form where it refuses. Every
request follows from the seed, so that a finding can be sent again.
"""

import argparse
import json
import logging
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.rules.chain import Rule
from mockcloud.discovery.catalogue import description, versions
from mockcloud.discovery.documents import apis
from mockcloud.discovery.fields import Field
from mockcloud.discovery.methods import Method
from mockcloud.discovery.schemas import Schemas
from mockcloud.doors.wire import HttpRequest, HttpResponse, answer
from mockcloud.simulator import new_cloud

ROUND: Final = 40
"""Requests to one API of one cloud, so that some of them meet."""

_NAMES: Final = ("acme", "a", "b", "us-central1", "default", "-", "1", "global")
_ODD_NAMES: Final = ("_", "%2F", "..", "é", "a%20b", ":", "a:b", "x" * 300, "%00", "%ff", "a.b", "UPPER")
_JUNK: Final[tuple[object, ...]] = (
    *(
        "",
        None,
        0,
        -1,
        2**70,
        1.5,
        "x",
        "*",
        "-",
        "\x00",
        "é" * 300,
        True,
        [],
        {},
        [[]],
        [None],
        "/",
        "..",
        "a/b",
        "3s",
    ),
    *({"a": {"b": [1]}}, "projects/acme", "2026-01-01T00:00:00Z", "AAAA", ["a"], "true", {"": ""}, "🚀", "\u2028"),
)
_TEXTS: Final = (
    *("x", "acme", "a", "projects/acme/locations/us-central1/keyRings/a/cryptoKeys/b", "roles/viewer", ""),
    *("user:a@acme.test", "10.0.0.0/8", "us-central1", "projects/acme", "gs://a/b", "SELECT 1", "* * * * *"),
)
_FILTERS: Final = (
    *("", "a=1", "name:x", "(", "NOT a", "a AND (b OR c)", 'a.b="x"', "=", "labels.x:*", "a=~'('", '"', "-", "a eq b"),
    *('createTime>"2026-01-01T00:00:00Z"', "a=" * 60, "(" * 80, "a=~x", "a != (b OR c)", "a:", "a=*x*"),
)
_MASKS: Final = ("*", "name", "labels", "foo", "a.b.c", "labels.x", "", ",", "displayName,labels", "name.x", "`", "...")
_TOKENS: Final = ("", "x", "AAAA", "eyJhIjoxfQ", "eyJhZnRlciI6MX0", "=" * 8)
_FORMS: Final = ("json", "media", "sse", "proto", "json;enum-encoding=int")
_HEADERS: Final[tuple[Mapping[str, str], ...]] = (
    *({}, {}, {}, {}, {"x-goog-fieldmask": "name"}, {"x-http-method-override": "GET"}, {"content-encoding": "gzip"}),
    *(
        {"x-goog-user-project": "acme"},
        {"authorization": "Bearer x"},
        {"authorization": "Bearer mock.user:a@acme.test"},
    ),
)


_OWNER: Final = {"authorization": "Bearer mock.user:owner@mock.test"}
"""Who gets far enough where the rules are on."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A request that was not answered well.

    Attributes:
        request: The request.
        why: What is wrong with its answer.
    """

    request: HttpRequest
    why: str

    def __str__(self) -> str:
        body = self.request.body[:500]
        target = f"{self.request.host}{self.request.path[:300]}?{self.request.query[:300]}"
        return f"{self.why}\n  {self.request.verb} {target} {dict(self.request.headers)}\n  {body!r}"


@dataclass
class Sent:
    """What was sent, and how it went.

    Attributes:
        statuses: How often each status was answered.
        findings: What was not answered well.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)


def fuzz(seed: int, requests: int = ROUND, *, cloud: Cloud | None = None, api: str = "") -> Sent:
    """Send requests to one API of a cloud.

    Args:
        seed: What they follow from.
        requests: How many.
        cloud: The cloud; by default a new one.
        api: The API; by default one that follows from the seed.
    """
    chance = random.Random(seed)  # noqa: S311 - the same requests for the same seed, no secret
    target = cloud or new_cloud()
    methods = _methods(api or chance.choice(sorted(apis())))
    sent = Sent()
    for _ in range(requests):
        request = _request(chance, chance.choice(methods))
        if target.rules.on(Rule.AUTHENTICATION) and _happens(chance, 90):
            request = replace(request, headers={**request.headers, **_OWNER})
        try:
            response = answer(target, request)
        except Exception as error:  # noqa: BLE001 - that one is raised at all is the finding
            sent.findings.append(Finding(request, f"raised {error!r}"))
            continue
        sent.statuses[response.status] += 1
        why = wrong(response, empty=request.verb == "HEAD")
        if why:
            sent.findings.append(Finding(request, why))
    return sent


def wrong(response: HttpResponse, *, empty: bool = False) -> str:
    """Say what is wrong with an answer; "" for nothing.

    Args:
        response: The answer.
        empty: Whether it has no body, as the answer to HEAD.
    """
    if response.status >= 500 and response.status != 501:  # noqa: PLR2004 - faults of the server
        return f"status {response.status}: {response.body[:200]!r}"
    if empty:
        return "a body in the answer to HEAD" if response.body else ""
    kind = response.headers.get("Content-Type", "")
    if response.status < 400 and not kind.startswith("application/json"):  # noqa: PLR2004 - refusals are JSON
        return ""
    try:
        found = json.loads(response.body) if response.body else {}
    except ValueError as error:
        return f"no JSON with status {response.status}: {error}"
    if response.status >= 400:  # noqa: PLR2004 - the first status that refuses
        refusal = found.get("error") if isinstance(found, dict) else None
        if not isinstance(refusal, dict) or refusal.get("code") != response.status or not refusal.get("message"):
            # OAuth has a form of its own (RFC 6749, 5.2).
            return "" if isinstance(refusal, str) else f"no error of Google's form: {response.body[:200]!r}"
    return ""


@cache
def _methods(api: str) -> tuple[Method, ...]:
    return tuple(each for version in versions(api) for each in description(api, version).routes.by_id.values())


def _request(chance: random.Random, method: Method) -> HttpRequest:
    schemas = description(method.api, method.version).schemas
    segments = [_name(chance) if each.startswith("{") else each for each in method.segments]
    path = "/".join(filter(None, ("", method.prefix, *segments))) + (f":{method.verb}" if method.verb else "")
    body = b""
    if method.request and _happens(chance, 95):
        body = json.dumps(_message(chance, schemas, method.request, 0), ensure_ascii=_happens(chance, 50)).encode(
            errors="surrogatepass"
        )
        if _happens(chance, 3):
            body = body[: chance.randrange(len(body))] + chance.choice((b"", b"\xff", b"NaN", b'"\\ud800"'))
    verb = method.http if _happens(chance, 98) else chance.choice(("HEAD", "OPTIONS", "PUT", "BREW"))
    host = chance.choice((f"{method.api}.googleapis.com", f"{method.api}.googleapis.com", "www.googleapis.com", ""))
    query = urlencode(list(_query(chance, method)))
    return HttpRequest(verb, host, "/" + path.lstrip("/"), query, chance.choice(_HEADERS), body)


def _happens(chance: random.Random, percent: int) -> bool:
    return chance.randrange(100) < percent


def _name(chance: random.Random) -> str:
    return chance.choice(_NAMES if _happens(chance, 95) else _ODD_NAMES)


def _query(chance: random.Random, method: Method) -> Iterator[tuple[str, str]]:
    for name, raw in method.parameters.items():
        likely = raw.get("required") or name == method.id_parameter
        if raw.get("location") != "query" or not _happens(chance, 90 if likely else 10):
            continue
        yield name, _parameter(chance, name.lower(), raw)
    if _happens(chance, 2):
        yield chance.choice(("colour", "$alt", "page_size", "", "a.b", "é")), chance.choice(_NAMES)


def _parameter(chance: random.Random, name: str, raw: Mapping[str, Any]) -> str:
    if name == "alt":
        return chance.choice(_FORMS)
    for part, values in (("filter", _FILTERS), ("mask", _MASKS), ("fields", _MASKS), ("token", _TOKENS)):
        if part in name:
            return chance.choice(values)
    if "enum" in raw:
        return str(chance.choice([*raw["enum"], "1", "x"]))
    if raw.get("type") == "boolean":
        return chance.choice(("true", "false", "x", ""))
    if raw.get("type") == "integer" or raw.get("format"):
        return chance.choice(("0", "1", "2", "100", "-1", "x", "", "9" * 30))
    return chance.choice(_NAMES + _ODD_NAMES)


def _message(chance: random.Random, schemas: Schemas, schema: str, depth: int) -> dict[str, object]:
    fields = list(schemas.fields(schema).values())
    picked = chance.sample(fields, min(len(fields), chance.randint(0, 6)))
    found = {each.name: _value(chance, schemas, each, depth) for each in picked}
    if _happens(chance, 2):
        found[chance.choice(("foo", "@type", "a_b", ""))] = chance.choice(_JUNK)
    return found


def _value(chance: random.Random, schemas: Schemas, kind: Field, depth: int) -> object:
    if _happens(chance, 8):
        return chance.choice(_JUNK)
    value = _one(chance, schemas, kind, depth)
    if kind.mapped:
        value = {chance.choice(("a", "b", "us-central1", "0")): value}
    return [value] * chance.randint(0, 2) if kind.repeated else value


def _one(chance: random.Random, schemas: Schemas, kind: Field, depth: int) -> object:
    if kind.enum:
        return chance.choice([*kind.enum, 1])
    if kind.ref:
        return _message(chance, schemas, kind.ref, depth + 1) if depth < 5 else {}  # noqa: PLR2004 - deep enough
    if kind.type == "boolean":
        return _happens(chance, 50)
    if kind.type in {"integer", "number"} or kind.format in {"int64", "uint64"}:
        return chance.choice((0, 1, 2, 10, "5"))
    known = {"google-datetime": "2026-01-01T00:00:00Z", "google-duration": "3s", "byte": "AAAA"}
    if kind.format in known:
        return known[kind.format]
    return chance.choice(_TEXTS if kind.type == "string" else _JUNK)


def main(arguments: Sequence[str] | None = None) -> int:
    """Send as many as asked, tell what was not answered well, and give 1 if there was any."""
    parser = argparse.ArgumentParser(prog="tools.fuzz", description="Send the mock cloud right and broken requests.")
    parser.add_argument("--requests", type=int, default=100_000, help="how many (by default 100,000)")
    parser.add_argument("--seed", type=int, default=0, help="what they follow from")
    parser.add_argument("--profile", default="lenient", help="lenient or strict")
    parser.add_argument("--api", default="", help="only this API")
    options = parser.parse_args(arguments)
    logging.getLogger("mockcloud").setLevel(logging.ERROR)
    start, statuses, findings = time.monotonic(), Counter[int](), list[Finding]()
    for number in range(-(-options.requests // ROUND)):
        cloud = new_cloud(options.profile, off=["enablement"])
        cloud.projects.ensure("acme")
        # Each API has its turn, however few the requests.
        api = options.api or sorted(apis())[number % len(apis())]
        sent = fuzz(options.seed + number, ROUND, cloud=cloud, api=api)
        statuses.update(sent.statuses)
        findings += sent.findings
    for each in findings[:50]:
        print(each)
    told = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
    print(
        f"{statuses.total()} requests in {time.monotonic() - start:.0f} s ({told}); {len(findings)} not answered well"
    )
    return int(bool(findings))


if __name__ == "__main__":
    sys.exit(main())
