"""Labels inside Google's limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groundplan.core.validation import Checks

_MAX_LABELS = 60  # Google allows 64 a resource; groundplan adds up to four of its own.


def check_labels(
    checks: Checks, field: str, labels: Mapping[str, str], *, beside: Mapping[str, str] | None = None
) -> None:
    """Record what Google would refuse in labels, of which there are some ``beside`` these already.

    Source: "Requirements for labels", Resource Manager documentation: keys of 1 to 63 lower-case letters, digits,
    underscores and hyphens, first a letter; values of 0 to 63 of the same, anything first; 64 labels a resource.
    """
    if not isinstance(labels, Mapping):
        checks.instance(field, labels, Mapping, "a mapping of label keys to values")
        return
    checks.that(
        len({**(beside or {}), **labels}) <= _MAX_LABELS,
        field,
        "has too many labels",
        given=len({**(beside or {}), **labels}),
        allowed=f"at most {_MAX_LABELS}, with the environment's own",
        do="drop some labels",
    )
    for key, value in labels.items():
        checks.matches(
            f"{field}[{key!r}]",
            key,
            r"[a-z][a-z0-9_-]{0,62}",
            "a key of 1 to 63 lower-case letters, digits, _ and -, first a letter",
            "rename the label",
        )
        checks.matches(
            f"{field}[{key!r}]",
            value,
            r"[a-z0-9_-]{0,63}",
            "a value of up to 63 lower-case letters, digits, _ and -",
            f"write it as {slug(str(value))!r}",
        )


def slug(text: str) -> str:
    """Return text as a label value can hold it: lower case, other characters as hyphens, at most 63."""
    return re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-")[:63].strip("-")
