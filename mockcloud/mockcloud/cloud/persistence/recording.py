"""State that remembers what of it changed, so that only that is written."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from mockcloud.cloud.plans import Plan, Plans
from mockcloud.cloud.store import Record, Store


class RecordingStore(Store):
    """A store that remembers which resources changed.

    Args:
        store: The one whose place it takes.
    """

    def __init__(self, store: Store) -> None:
        vars(self).update(vars(store))
        self.touched: set[tuple[str, str]] = set()

    def put(self, record: Record) -> Record:
        """Add or replace a resource, and remember it."""
        self.touched.add((record.api, record.name))
        return super().put(record)

    def delete(self, api: str, name: str) -> Record | None:
        """Remove a resource, and remember it."""
        self.touched.add((api, name))
        return super().delete(api, name)


class RecordingPlans(Plans):
    """Plans that remember which came and which went, by their order.

    Args:
        plans: Those whose place they take.
    """

    def __init__(self, plans: Plans) -> None:
        vars(self).update(vars(plans))
        self.came: dict[int, Plan] = {}
        self.went: set[int] = set()

    def add(self, at: datetime, api: str, name: str, event: str, data: Mapping[str, Any]) -> Plan:
        """Plan something, and remember it."""
        plan = super().add(at, api, name, event, data)
        self.came[plan.order] = plan
        return plan

    def pop_until(self, moment: datetime) -> Plan | None:
        """Take the next plan that is due, and remember that it is gone."""
        plan = super().pop_until(moment)
        if plan is not None:
            self._gone(plan)
        return plan

    def cancel(self, api: str, name: str) -> None:
        """Forget the plans for a resource, and remember that they are gone."""
        for plan in self.of(api, name):
            self._gone(plan)
        super().cancel(api, name)

    def drop(self, plan: Plan) -> None:
        """Forget one plan, and remember that it is gone."""
        self._gone(plan)
        super().drop(plan)

    def bring_back(self, plans: Iterable[Plan]) -> None:
        """Take plans again, and remember that they are there."""
        for plan in plans:
            if plan.order in self.went:
                self.went.discard(plan.order)
            else:
                self.came[plan.order] = plan
            super().bring_back([plan])

    def _gone(self, plan: Plan) -> None:
        if self.came.pop(plan.order, None) is None:
            self.went.add(plan.order)


class RecordingCounts(Counter[str]):
    """Counts that remember which of them changed.

    Args:
        counts: Those whose place they take.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.touched: set[str] = set()
        super().__init__(counts)
        self.touched.clear()

    def __setitem__(self, kind: str, count: int) -> None:
        self.touched.add(kind)
        super().__setitem__(kind, count)
