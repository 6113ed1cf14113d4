"""Lists of objects: prefixes, delimiters, ranges, globs, versions, pages."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.paging import MOST, page_size
from mockcloud.cloud.store import Body, Record
from mockcloud.services.storage import buckets, names
from mockcloud.services.storage.objects import show
from mockcloud.services.storage.service import API, SERVICE

_BATCH: Final = 1000


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a list asks for."""

    prefix: str
    delimiter: str
    start: str
    end: str
    glob: re.Pattern[str] | None
    trailing: bool


@SERVICE.method("objects.list")
def list_(call: Call) -> Answer | Body:
    """Give a page of a bucket's objects, and of the prefixes that a delimiter makes of their names."""
    bucket = buckets.found(call)
    pattern = call.text("matchGlob")
    asked = _Asked(
        prefix=call.text("prefix"),
        delimiter=call.text("delimiter"),
        start=call.text("startOffset"),
        end=call.text("endOffset"),
        glob=glob(pattern) if pattern else None,
        trailing=call.flag("includeTrailingDelimiter"),
    )
    size = page_size(call) if call.query.get("maxResults") else MOST
    items: list[dict[str, Any]] = []
    prefixes: dict[str, None] = {}
    last = token = _read_token(call.text("pageToken"))
    more = False
    for name, record in _entries(call, bucket, asked, token):
        if record is None and name in prefixes:
            continue
        if len(items) + len(prefixes) >= size:
            more = True
            break
        last = name if record is None else _key(record)
        if record is None:
            prefixes[name] = None
        if record is not None:
            items.append(show(call, bucket, record))
    return {
        "kind": "storage#objects",
        **({"items": items} if items else {}),
        **({"prefixes": list(prefixes)} if prefixes else {}),
        **({"nextPageToken": base64.b64encode(last.encode(errors="surrogatepass")).decode()} if more else {}),
    }


def _entries(call: Call, bucket: Record, asked: _Asked, token: str) -> Iterator[tuple[str, Record | None]]:
    """Give names behind a token, in order: with the object, or with None for a prefix."""
    for record in _records(call, bucket, asked, token):
        name = record.body["name"]
        if asked.end and name >= asked.end:
            return
        if name < asked.start or _key(record) <= token or (asked.glob and not asked.glob.fullmatch(name)):
            continue
        rest = name[len(asked.prefix) :]
        at = rest.find(asked.delimiter) if asked.delimiter else -1
        if at < 0:
            yield name, record
            continue
        prefix = asked.prefix + rest[: at + len(asked.delimiter)]
        if prefix > token:
            yield prefix, None
        if asked.trailing and name == prefix:
            yield name, record


def _key(record: Record) -> str:
    """Give what a page token remembers: the name, and among generations the generation."""
    return record.id


def _records(call: Call, bucket: Record, asked: _Asked, token: str) -> Iterator[Record]:
    """Give the objects whose names begin with the prefix, in order."""
    if call.flag("softDeleted"):
        now = stamp(call.cloud.clock.now)
        deleted = call.cloud.store.page(API, names.soft_deleted(bucket.id))
        yield from _sorted(each for each in deleted if _of(each, asked) and each.body["hardDeleteTime"] > now)
    elif call.flag("versions"):
        both = [each for of in (names.live, names.noncurrent) for each in call.cloud.store.page(API, of(bucket.id))]
        yield from _sorted(each for each in both if _of(each, asked))
    else:
        first = max(asked.prefix, asked.start)
        after = max(token, _just_before(first)) if first else token
        collection = names.live(bucket.id)
        while batch := call.cloud.store.page(API, collection, after=after, size=_BATCH):
            for each in batch:
                if not _of(each, asked):
                    return
                yield each
            after = batch[-1].id


def _of(record: Record, asked: _Asked) -> bool:
    return str(record.body["name"]).startswith(asked.prefix)


def _sorted(records: Iterator[Record]) -> list[Record]:
    return sorted(records, key=lambda each: (each.body["name"], int(each.body["generation"])))


def _just_before(text: str) -> str:
    """Give a text that sorts before another one and behind all that sorts before that."""
    last = ord(text[-1])
    return text[:-1] + (chr(last - 1) + "\U0010ffff" if last else "")


def _read_token(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode(errors="surrogatepass")
    except (binascii.Error, ValueError):
        raise invalid("Invalid page token.", reason="invalid") from None


@lru_cache(maxsize=256)
def glob(text: str) -> re.Pattern[str]:
    """Read a glob: `*` within a folder, `**` through folders, `?`, `[a-z]`, `{a,b}`.

    Raises:
        ApiError: It is none.
    """
    found, at, depth = [], 0, 0
    while at < len(text):
        letter = text[at]
        if text.startswith("**", at):
            # `**/` also stands for no folder at all.
            found.append("(?:.*/)?" if text.startswith("**/", at) else ".*")
            at += 3 if text.startswith("**/", at) else 2
            continue
        close = text.find("]", at + 2) if letter == "[" else -1
        if close > 0:
            inner = text[at + 1 : close]
            negated = "^" if inner[0] in "!^" else ""
            found.append(f"[{negated}{re.escape(inner[1:] if negated else inner).replace(chr(92) + '-', '-')}]")
            at = close
        elif letter == "{":
            depth += 1
            found.append("(?:")
        elif letter == "}" and depth:
            depth -= 1
            found.append(")")
        else:
            found.append(
                {"*": "[^/]*", "?": "[^/]"}.get(letter) or ("|" if letter == "," and depth else re.escape(letter))
            )
        at += 1
    try:
        return re.compile("".join(found), re.DOTALL)
    except re.error:
        raise invalid(f"Invalid glob: '{text}'.", reason="invalid") from None
