"""What is made once in a run of a program, however many constructs ask for it."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar, cast

import pulumi

T = TypeVar("T")

_RUNS: Final[weakref.WeakKeyDictionary[pulumi.Resource, dict[Hashable, Any]]] = weakref.WeakKeyDictionary()


def once(key: Hashable, make: Callable[[], T]) -> T:
    """Return what ``make`` returned the first time that this run asked for ``key``.

    A run is known by its root stack resource, so programs that run in one process, one after another or at the
    same time, share nothing.
    """
    root = pulumi.runtime.get_root_resource()
    if root is None:
        raise RuntimeError("groundplan constructs are made while a Pulumi program runs, and none is running")
    made = _RUNS.setdefault(root, {})
    if key not in made:
        made[key] = make()
    return cast("T", made[key])


def ledger(key: Hashable) -> list[Any]:
    """Return the run's list of that name, empty at first."""
    return once(("ledger", key), list)
