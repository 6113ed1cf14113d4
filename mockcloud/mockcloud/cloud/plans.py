"""What happens by itself as time passes: an operation ends, a job starts and succeeds.

Plans are data, so that they can be kept and restored.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Plan:
    """One thing that will happen.

    Attributes:
        at: When.
        order: Place among those of the same moment: first planned, first done.
        api: API of the resource that it happens to.
        name: Full name of the resource. If it is gone by then, nothing happens.
        event: Which of the service's events.
        data: What the event needs to know.
    """

    at: datetime
    order: int
    api: str
    name: str
    event: str
    data: Mapping[str, Any] = field(default_factory=dict, compare=False)


class Plans:
    """The plans of one cloud."""

    def __init__(self) -> None:
        self._due: list[Plan] = []
        self._count = 0

    def __iter__(self) -> Iterator[Plan]:
        return iter(sorted(self._due))

    @property
    def count(self) -> int:
        """How many there ever were."""
        return self._count

    def refill(self, plans: Iterable[Plan], count: int) -> None:
        """Take plans that were kept, of so many that there ever were."""
        self._due, self._count = sorted(plans), count

    def add(self, at: datetime, api: str, name: str, event: str, data: Mapping[str, Any]) -> Plan:
        """Plan something."""
        self._count += 1
        plan = Plan(at, self._count, api, name, event, data)
        heapq.heappush(self._due, plan)
        return plan

    def pop_until(self, moment: datetime) -> Plan | None:
        """Take the next plan that is due by a moment; None for none."""
        if self._due and self._due[0].at <= moment:
            return heapq.heappop(self._due)
        return None

    def of(self, api: str, name: str) -> list[Plan]:
        """Give the plans for a resource, in their order."""
        return sorted(each for each in self._due if (each.api, each.name) == (api, name))

    def cancel(self, api: str, name: str) -> None:
        """Forget the plans for a resource."""
        self._due = [each for each in self._due if (each.api, each.name) != (api, name)]
        heapq.heapify(self._due)

    def snapshot(self) -> "Plans":
        """Give a copy."""
        copy = Plans()
        copy._due, copy._count = list(self._due), self._count
        return copy
