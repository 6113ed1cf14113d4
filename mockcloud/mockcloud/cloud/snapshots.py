"""A cloud as it was at one moment, and the state of services that is more than resources."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mockcloud.cloud.plans import Plans
from mockcloud.cloud.store import Store


class Part(Protocol):
    """State of a service beyond resources, such as the rows of tables.

    One that is to survive a server's restart is a `persistence.LastingPart` too.
    """

    def snapshot(self) -> "Part":
        """Give a copy that later changes do not reach."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A cloud as it was at one moment.

    Attributes:
        store: Its resources.
        now: Its time.
        plans: What was to happen.
        counts: Ids given by kind.
        parts: State of services beyond resources.
    """

    store: Store
    now: datetime
    plans: Plans
    counts: Mapping[str, int]
    parts: Mapping[str, Part]
