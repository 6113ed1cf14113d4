"""Fingerprints of what a control read: a waiver lapses when they change."""

import hashlib
import json
import re
from collections.abc import Iterator
from functools import lru_cache

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.look import matches
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.reads import read_options, read_paths
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value, is_secret, is_unknown, leaves, without_unknown
from groundplan_policies.engine.verdicts import Outcome

LENGTH = 32
"""Hexadecimal digits of a fingerprint."""

_HUMP = re.compile(r"(?<!^)([A-Z])")
_path = lru_cache(maxsize=4096)(Path)


def fingerprint(control: Control, resource: Resource | None, outcome: Outcome, graph: Graph) -> str:
    """Give the fingerprint of a finding.

    It is made of the verdict, of the places at fault, and of every property and option of the resource that the
    control states to read; for a finding on the stack as a whole, of every resource of the types that it reads.
    A value that is not yet known counts by the resources that it comes from; of a secret counts that it is one. So a
    finding has one fingerprint on every machine, but may have another before a deployment than after it.
    """
    looked_at = [resource] if resource is not None else _of_types_read(control, graph)
    content = [
        control.id,
        str(outcome.verdict),
        sorted([each.path, each.shown] for each in outcome.reasons),
        [
            [each.type, each.name if resource is None else "", *_what_is_read(control, each, graph)]
            for each in looked_at
        ],
    ]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def _of_types_read(control: Control, graph: Graph) -> list[Resource]:
    types = {each.type for each in control.reads}
    return sorted(
        (
            each
            for token, found in graph.by_token.items()
            if any(matches(type_, token) for type_ in types)
            for each in found
        ),
        key=lambda each: each.urn,
    )


def _what_is_read(control: Control, resource: Resource, graph: Graph) -> Iterator[object]:
    for path in read_paths(control, resource.type):
        try:
            yield from _values(resource, path, graph)
        except RecursionError:
            yield [path, "nested too deeply"]
    for option in read_options(control, resource.type):
        yield [option, _option(resource, option, graph)]


def _values(resource: Resource, path: str, graph: Graph) -> Iterator[list[object]]:
    for reading in _path(path).read(resource):
        if reading.state in {State.KNOWN, State.UNKNOWN}:
            for place, leaf in leaves(reading.value, reading.path):
                yield [place, *_leaf(resource, place, leaf, graph)]
        else:
            yield [reading.path, reading.state.name]


def _leaf(resource: Resource, place: str, leaf: Value, graph: Graph) -> list[object]:
    if is_secret(leaf):
        return [State.SECRET.name]
    if is_unknown(leaf):
        origins = sorted(graph.document.origins(resource.urn, place))
        return [State.UNKNOWN.name, without_unknown(str(leaf)), *origins]
    return [State.KNOWN.name, leaf]


def _option(resource: Resource, option: str, graph: Graph) -> object:
    kind, _, name = option.partition(":")
    if kind == "request":
        return graph.document.member.requests.get(resource.urn, {}).get(name)
    return getattr(resource, _HUMP.sub(r"_\1", name).lower(), None)
