"""Requests in their HTTP form, right ones and broken ones, as they follow from chance and the descriptions."""

import json
import random
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from mockcloud.discovery.catalogue import description, versions
from mockcloud.discovery.fields import Field
from mockcloud.discovery.methods import Method
from mockcloud.discovery.schemas import Schemas
from mockcloud.doors.wire import HttpRequest

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
_NO_VERB: Final = "BREW"
_FORMS: Final = ("json", "media", "sse", "proto", "json;enum-encoding=int")
_HEADERS: Final[tuple[Mapping[str, str], ...]] = (
    *({}, {}, {}, {}, {"x-goog-fieldmask": "name"}, {"x-http-method-override": "GET"}, {"content-encoding": "gzip"}),
    *(
        {"x-goog-user-project": "acme"},
        {"authorization": "Bearer x"},
        {"authorization": "Bearer mock.user:a@acme.test"},
    ),
)


@cache
def methods(api: str) -> tuple[Method, ...]:
    """Give the methods of an API, of all its versions."""
    return tuple(each for version in versions(api) for each in description(api, version).routes.by_id.values())


def request(chance: random.Random, method: Method) -> HttpRequest:
    """Make a request for a method."""
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
    verb = method.http if _happens(chance, 98) else chance.choice(("HEAD", "OPTIONS", "PUT", _NO_VERB))
    host = chance.choice((f"{method.api}.googleapis.com", f"{method.api}.googleapis.com", "www.googleapis.com", ""))
    query = urlencode(list(_query(chance, method)))
    return HttpRequest(verb, host, "/" + path.lstrip("/"), query, chance.choice(_HEADERS), body)


def is_http(made: HttpRequest) -> bool:
    """Whether a request is HTTP as it stands; else servers refuse it before anybody reads what it asks for."""
    return made.verb != _NO_VERB and made.path.isascii()


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
