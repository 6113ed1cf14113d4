"""The graph of data: nodes that hold, carry or use it, and edges along which it goes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Final, TypeAlias

from groundplan_policies.engine.resource import Resource


class Role(StrEnum):
    """What a node does with data."""

    STORE = "store"
    """It holds data: a bucket, a dataset, a table."""
    FEATURES = "features"
    """It serves data as features: a feature group, a view, an online store."""
    IDENTITY = "identity"
    """An account. What it may read, it may write wherever it may write."""
    WORK = "work"
    """It runs as an account, and nothing says that it trains: a job, a service, a notebook."""
    TRAINING = "training"
    """It trains models: a training pool, a pipeline on a schedule, a machine with accelerators for it."""
    SCAN = "scan"
    """A job that looks for personal data."""
    INDEX = "index"
    ENDPOINT = "endpoint"
    AGENT = "agent"
    SEARCH = "search"


SERVING: Final = frozenset({Role.INDEX, Role.ENDPOINT, Role.AGENT, Role.SEARCH})
"""Where data, or what was learnt of it, reaches whoever asks."""


class Kind(StrEnum):
    """Why data goes along an edge."""

    REFERENCE = "reference"
    """A property of one names the other."""
    GRANT = "grant"
    """IAM lets an account read or write."""
    RUNS_AS = "runs as"
    """The work runs as the account."""
    ACTS_AS = "acts as"
    """One account may become the other, so whatever the other reads, it reads."""
    DEIDENTIFY = "de-identification"
    """A job writes a copy without what identifies people."""
    DECLARED = "declared"
    """A construct says so: an endpoint's models are trained there. Nothing in the cloud tells it."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node.

    Attributes:
        key: The URN; of an account that this document does not hold, its identity: `serviceAccount:` and its address.
        role: What it does with data.
        resource: The resource; None for an account that this document does not hold.
    """

    key: str
    role: Role
    resource: Resource | None


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge: what is in the source can come to be in the target.

    Attributes:
        source: Key of the node that the data comes from.
        target: Key of the node that it goes to.
        kind: Why.
        through: URN of the resource that makes it so: a grant, a job, or one of the two ends.
        sure: Whether it is known. Where a name or a role is not known yet, data may flow or may not.
        masked: Whether personal columns are masked on the way, by tags whose values the reader may not see.
    """

    source: str
    target: str
    kind: Kind
    through: str
    sure: bool = True
    masked: bool = False


Way: TypeAlias = tuple[Edge, ...]
"""Edges that follow on one another."""


class Flow:
    """The graph of a deployment's data."""

    def __init__(self, nodes: Mapping[str, Node], edges: Iterable[Edge]) -> None:
        self.nodes = MappingProxyType(dict(nodes))
        """The nodes by their keys, in the order of the document."""
        self.edges: tuple[Edge, ...] = tuple(dict.fromkeys(edges))
        """The edges, each once."""

    def of(self, *roles: Role) -> Iterator[Node]:
        """Give the nodes of some roles, in the order of the document."""
        return (each for each in self.nodes.values() if each.role in roles)

    @cached_property
    def _out(self) -> Mapping[str, tuple[Edge, ...]]:
        return _by(self.edges, lambda edge: edge.source)

    @cached_property
    def _into(self) -> Mapping[str, tuple[Edge, ...]]:
        return _by(self.edges, lambda edge: edge.target)

    def into(self, key: str) -> tuple[Edge, ...]:
        """Give the edges that end at a node."""
        return self._into.get(key, ())

    def out(self, key: str) -> tuple[Edge, ...]:
        """Give the edges that begin at a node."""
        return self._out.get(key, ())

    def upstream(self, key: str, follow: Callable[[Edge], bool] = lambda _: True) -> Mapping[str, Way]:
        """Give everything from which data comes to a node, each with the shortest way from there to the node.

        Args:
            key: The node.
            follow: Whether to go along an edge.
        """
        return self._reach(key, self.into, lambda edge: edge.source, follow, upwards=True)

    def downstream(self, key: str, follow: Callable[[Edge], bool] = lambda _: True) -> Mapping[str, Way]:
        """Give everything to which data goes from a node, each with the shortest way there. See `upstream`."""
        return self._reach(key, self.out, lambda edge: edge.target, follow, upwards=False)

    @staticmethod
    def _reach(
        start: str,
        edges: Callable[[str], tuple[Edge, ...]],
        end: Callable[[Edge], str],
        follow: Callable[[Edge], bool],
        *,
        upwards: bool,
    ) -> Mapping[str, Way]:
        found: dict[str, Way] = {start: ()}
        waiting = deque([start])
        while waiting:
            here = waiting.popleft()
            for edge in edges(here):
                there = end(edge)
                if there not in found and follow(edge):
                    found[there] = (edge, *found[here]) if upwards else (*found[here], edge)
                    waiting.append(there)
        del found[start]
        return found


def _by(edges: Iterable[Edge], key: Callable[[Edge], str]) -> Mapping[str, tuple[Edge, ...]]:
    found: dict[str, list[Edge]] = {}
    for edge in edges:
        found.setdefault(key(edge), []).append(edge)
    return {each: tuple(listed) for each, listed in found.items()}
