"""Data classes: how sensitive data is, and what follows from that."""

from __future__ import annotations

import enum

from groundplan.core import tables


class DataClass(enum.StrEnum):
    """A class of data, from the laxest to the strictest; the value is the ``classification`` label."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"
    PERSONAL = "personal"
    HEALTH = "health"

    @property
    def rank(self) -> int:
        """Place in the order of strictness, 0 for the laxest."""
        return list(DataClass).index(self)

    @property
    def is_restricted(self) -> bool:
        """Whether the class asks for the measures of restricted data."""
        return bool(self._row()["restricted"])

    @property
    def is_personal(self) -> bool:
        """Whether the class is about people, so that the data must expire."""
        return bool(self._row()["personal"])

    @property
    def delete_after_days(self) -> int | None:
        """Days after which data of the class is deleted, or None where it is kept."""
        return self._days("delete_after_days")

    @property
    def noncurrent_days(self) -> int | None:
        """Days for which an old version of an object is kept."""
        return self._days("noncurrent_days")

    @property
    def cold_after_days(self) -> int | None:
        """Days after which an object moves to a colder storage class, or None where it does not."""
        return self._days("cold_after_days")

    @property
    def erasure_days(self) -> int | None:
        """Days after which what was deleted is gone from every hidden copy, or None where nothing is promised."""
        return self._days("erasure_days")

    def _row(self) -> dict[str, object]:
        row: dict[str, object] = tables.load("data_classes")["classes"][self.value]
        return row

    def _days(self, key: str) -> int | None:
        days = self._row().get(key)
        return days if isinstance(days, int) else None
