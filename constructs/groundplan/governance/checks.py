"""Checks that reviews and agreements share: on names, and on days."""

from __future__ import annotations

from collections.abc import Sequence

from groundplan.core.validation import Checks


def check_named(checks: Checks, field: str, values: Sequence[object], what: str) -> None:
    """Require at least one value, and each once."""
    checks.that(
        values,
        field,
        f"names no {what}",
        given="nothing",
        allowed=f"at least one {what}",
        do="say it, so that it can be held against what is built",
    )
    checks.unique(field, map(str, values), what)


def check_days(checks: Checks, holder: object, first: str, last: str) -> None:
    """Require two days, the one before the other."""
    begins, ends = (checks.day(field, getattr(holder, field)) for field in (first, last))
    if begins is not None and ends is not None:
        checks.that(
            begins < ends,
            last,
            f"is not after {first}",
            given=f"{ends.isoformat()}, with {first} {begins.isoformat()}",
            allowed="a later day",
            do="choose a day after it",
        )
