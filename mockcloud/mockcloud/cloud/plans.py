"""What happens by itself as time passes: an operation ends, a job starts and succeeds.

Plans are data, so that they can be kept and restored.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from mockcloud.cloud.store import Undo


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
        # What is cancelled stays in the heap until its turn comes, and is passed over then: `_of` says what counts.
        self._heap: list[tuple[datetime, int, Plan]] = []
        self._of: dict[tuple[str, str], dict[int, Plan]] = {}
        self._count = 0
        self.undo: Undo | None = None

    def __iter__(self) -> Iterator[Plan]:
        return iter(sorted(plan for plans in self._of.values() for plan in plans.values()))

    @property
    def count(self) -> int:
        """How many there ever were."""
        return self._count

    def refill(self, plans: Iterable[Plan], count: int) -> None:
        """Take plans that were kept, of so many that there ever were."""
        self._heap, self._of, self._count = [], {}, count
        for plan in plans:
            self._put(plan)

    def add(self, at: datetime, api: str, name: str, event: str, data: Mapping[str, Any]) -> Plan:
        """Plan something."""
        self._count += 1
        plan = Plan(at, self._count, api, name, event, data)
        if self.undo is not None:
            self.undo.append(lambda: self.drop(plan))
        self._put(plan)
        return plan

    def drop(self, plan: Plan) -> None:
        """Forget one plan."""
        self._of.get((plan.api, plan.name), {}).pop(plan.order, None)

    def bring_back(self, plans: Iterable[Plan]) -> None:
        """Take plans again that were cancelled."""
        for plan in plans:
            self._put(plan)

    def _put(self, plan: Plan) -> None:
        heapq.heappush(self._heap, (plan.at, plan.order, plan))
        self._of.setdefault((plan.api, plan.name), {})[plan.order] = plan

    def pop_until(self, moment: datetime) -> Plan | None:
        """Take the next plan that is due by a moment; None for none."""
        while self._heap and self._heap[0][0] <= moment:
            _, order, plan = heapq.heappop(self._heap)
            key = (plan.api, plan.name)
            plans = self._of.get(key, {})
            if plans.pop(order, None) is not None:
                if self.undo is not None:
                    self.undo.append(partial(self.bring_back, [plan]))
                if not plans:
                    del self._of[key]
                return plan
        return None

    @property
    def next_at(self) -> datetime | None:
        """When the next plan is due; None where there is none."""
        while self._heap:
            at, order, plan = self._heap[0]
            if order in self._of.get((plan.api, plan.name), {}):
                return at
            heapq.heappop(self._heap)
        return None

    def of(self, api: str, name: str) -> list[Plan]:
        """Give the plans for a resource, in their order."""
        return sorted(self._of.get((api, name), {}).values())

    def cancel(self, api: str, name: str) -> None:
        """Forget the plans for a resource."""
        plans = self._of.pop((api, name), None)
        if plans and self.undo is not None:
            kept = list(plans.values())
            self.undo.append(lambda: self.bring_back(kept))

    def snapshot(self) -> "Plans":
        """Give a copy."""
        copy = Plans()
        copy.refill(self, self._count)
        return copy
