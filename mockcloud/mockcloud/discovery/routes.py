"""From an HTTP method and a path to the method of an API."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import unquote

from mockcloud.discovery.methods import Method


class Match(NamedTuple):
    """A method, and what its path's variables stand for, decoded."""

    method: Method
    variables: Mapping[str, str]


@dataclass(slots=True)
class _Node:
    """A place in the tree of paths: by word, or by any one segment."""

    words: dict[str, "_Node"] = field(default_factory=dict)
    variable: "_Node | None" = None
    methods: dict[tuple[str, str], Method] = field(default_factory=dict)
    tails: dict[tuple[str, str], Method] = field(default_factory=dict)
    """Methods whose last variable, which leads here, takes all segments that are left."""


class Routes:
    """The paths of one version of an API.

    Args:
        methods: Its methods.
    """

    def __init__(self, methods: Iterable[Method]) -> None:
        self._roots: dict[str, _Node] = {}
        self.by_id: dict[str, Method] = {}
        for method in methods:
            self.by_id.setdefault(method.id, method)
            node = self._roots.setdefault(method.prefix, _Node())
            for segment in method.segments:
                node = _step(node, segment)
            node.methods.setdefault((method.http, method.verb), method)
            if method.tail:
                node.tails.setdefault((method.http, method.verb), method)

    def match(self, http: str, path: str) -> Match | None:
        """Find the method.

        Args:
            http: `GET`, `POST`, …
            path: The path as it was sent, percent-encoded, without the first slash and the query. Behind the name of a
                collection there may be a slash, as Google's provider writes it for GKE Hub.
        """
        found = self._match(http, path)
        if found is not None or not path.endswith("/"):
            return found
        found = self._match(http, path.removesuffix("/"))
        return found if found is not None and not found.method.segments[-1].startswith("{") else None

    def _match(self, http: str, path: str) -> Match | None:
        for prefix, root in self._roots.items():
            if prefix and not path.startswith(prefix + "/"):
                continue
            segments = path[len(prefix) + 1 :].split("/") if prefix else path.split("/")
            *front, last = segments
            head, colon, verb = last.rpartition(":")
            # A name may itself hold a colon, so what has one is tried both ways, the verb first.
            tries = [((*front, head), verb), (tuple(segments), "")] if colon else [(tuple(segments), "")]
            for look in (_find, _find_tail):
                for parts, wanted in tries:
                    method = look(root, parts, 0, (http, wanted))
                    if method is not None:
                        return Match(method, _variables(method, parts))
        return None


def _step(node: _Node, segment: str) -> _Node:
    if segment.startswith("{"):
        if node.variable is None:
            node.variable = _Node()
        return node.variable
    return node.words.setdefault(segment, _Node())


_ENCODED_SLASH: Final = re.compile("%2[fF]")


def _decoded_name(part: str) -> str:
    """Decode a segment of a name, but for a slash: it would become another segment."""
    return "%2F".join(unquote(each) for each in _ENCODED_SLASH.split(part))


def _find(node: _Node, parts: tuple[str, ...], at: int, wanted: tuple[str, str]) -> Method | None:
    """Go down the tree; a word comes before a variable."""
    if at == len(parts):
        return node.methods.get(wanted)
    part = parts[at]
    word = node.words.get(part)
    if word is not None:
        found = _find(word, parts, at + 1, wanted)
        if found is not None:
            return found
    if node.variable is not None and part:
        return _find(node.variable, parts, at + 1, wanted)
    return None


def _find_tail(node: _Node, parts: tuple[str, ...], at: int, wanted: tuple[str, str]) -> Method | None:
    """Go down the tree to a variable that takes all that is left, as deep down as there is one."""
    if at == len(parts):
        return None
    below = (node.words.get(parts[at]), node.variable if parts[at] else None)
    for each in below:
        found = _find_tail(each, parts, at + 1, wanted) if each is not None else None
        if found is not None:
            return found
    return node.variable.tails.get(wanted) if node.variable is not None and all(parts[at:]) else None


def _variables(method: Method, parts: tuple[str, ...]) -> dict[str, str]:
    last = len(method.segments) - 1
    parts = (*parts[:last], "/".join(parts[last:]))
    decode = _decoded_name if method.reserved else unquote
    return {
        segment[1:-1]: decode(part) if "%" in part else part
        for segment, part in zip(method.segments, parts, strict=True)
        if segment.startswith("{")
    }
