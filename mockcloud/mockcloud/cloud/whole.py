"""Calls and events that happen whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mockcloud.cloud.store import Undo

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud


@dataclass(slots=True)
class Doing:
    """Something that a cloud does, as long as it may still be taken back.

    Attributes:
        cloud: The cloud.
        noted: How many changes its journal had before.
        undo: What takes the changes back, the last one first.
    """

    cloud: "Cloud"
    noted: int
    undo: Undo = field(default_factory=list)

    def take_back(self) -> None:
        """Take back what was done until now."""
        _watch(self.cloud, None)
        while self.undo:
            self.undo.pop()()
        del self.cloud.journal.changes[self.noted :]


@contextmanager
def whole(cloud: "Cloud") -> Iterator[Doing]:
    """Let what is done inside happen whole or not at all: if it fails, resources, policies and plans are as before.

    One inside of another is taken back by itself, and with the other one if that fails later. State of a service beyond
    resources is its own affair: it refuses before it changes something.
    """
    outer = cloud.store.undo
    doing = Doing(cloud, len(cloud.journal.changes))
    _watch(cloud, doing.undo)
    try:
        yield doing
    except BaseException:
        doing.take_back()
        raise
    else:
        if outer is not None:
            outer.extend(doing.undo)
    finally:
        _watch(cloud, outer)


def _watch(cloud: "Cloud", undo: Undo | None) -> None:
    cloud.store.undo = cloud.store.policies.undo = cloud.plans.undo = undo
