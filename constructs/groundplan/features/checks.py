"""Checks that the constructs of the area share."""

from __future__ import annotations

from collections.abc import Mapping

from groundplan.core import names
from groundplan.core.data_class import DataClass
from groundplan.core.regions import REGION_PATTERN
from groundplan.core.validation import Checks
from groundplan.features.legacy import check_not_legacy


def check_class(checks: Checks, data_class: object, sources: Mapping[str, DataClass]) -> None:
    """Record where data would be of a laxer class than what it comes from, by the short names of the sources."""
    if not checks.instance("data_class", data_class, DataClass, "a DataClass, such as DataClass.INTERNAL"):
        return
    for label, source in sources.items():
        checks.that(
            isinstance(data_class, DataClass) and data_class.rank >= source.rank,
            "data_class",
            f"is laxer than that of {label}, which the values come from",
            given=data_class,
            allowed=", ".join(known.value for known in DataClass if known.rank >= source.rank),
            do=f"say DataClass.{source.name}, or leave it out",
        )


def check_id(checks: Checks, field: str, value: object, kind: str) -> None:
    """Record whether something that was there before can have the id, which is no full name."""
    if check_not_legacy(checks, field, value):
        checks.that(
            isinstance(value, str) and names.limit(kind).accepts(value),
            field,
            f"is no id of a {kind.replace('_', ' ')}",
            given=value,
            allowed=str(names.limit(kind)),
            do="leave out projects/… and everything before the last /",
        )


def check_region(checks: Checks, region: object) -> None:
    """Require a region."""
    checks.matches("region", region, REGION_PATTERN.pattern, "a region such as europe-west4", "name it")
