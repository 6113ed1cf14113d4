"""Names inside Google's limits: deterministic, readable, shortened with a stable digest."""

from __future__ import annotations

import functools
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from groundplan.core import tables
from groundplan.core.errors import ArgumentError, LookupFailure, Problem

_DIGEST_LENGTH: Final = 6
_DIGITS: Final = "0-9"
LOGICAL_NAME: Final = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"


@dataclass(frozen=True, kw_only=True)
class NameLimit:
    """What Google allows in the name of one kind of thing."""

    kind: str
    """The kind, a key of ``data/name_limits.yaml``."""
    min: int
    """Fewest characters."""
    max: int
    """Most characters."""
    pattern: str
    """Regular expression that the whole name matches."""
    allowed: str
    """Body of the character class of what may stand anywhere."""
    separator: str
    """What joins the parts of a name."""
    reserved: tuple[str, ...] = ()
    """Beginnings that Google keeps for itself."""
    forbidden: tuple[str, ...] = ()
    """What may not occur anywhere."""

    def accepts(self, name: str) -> bool:
        """Whether Google takes the name as it is."""
        return (
            self.min <= len(name) <= self.max
            and re.fullmatch(self.pattern, name) is not None
            and not name.startswith(self.reserved)
            and not any(text in name for text in self.forbidden)
        )

    def __str__(self) -> str:
        """Say in words what is allowed."""
        words = f"{self.min} to {self.max} characters matching {self.pattern}"
        if self.reserved:
            words += f", not beginning with {' or '.join(self.reserved)}"
        if self.forbidden:
            words += f", without {' or '.join(self.forbidden)}"
        return words


@functools.cache
def limit(kind: str) -> NameLimit:
    """Return the limits of a kind of name; an unknown kind raises ``LookupFailure``."""
    kinds = tables.load("name_limits")["kinds"]
    if kind not in kinds:
        raise LookupFailure("kind of name", kind, kinds, "add the kind to data/name_limits.yaml")
    row = kinds[kind]
    return NameLimit(
        kind=kind,
        min=row["min"],
        max=row["max"],
        pattern=row["pattern"],
        allowed=row["allowed"],
        separator=row["separator"],
        reserved=tuple(row.get("reserved", ())),
        forbidden=tuple(row.get("forbidden", ())),
    )


def digest(text: str, length: int = _DIGEST_LENGTH) -> str:
    """Return the first hexadecimal digits of the text's SHA-256: the same text, the same digits, for ever."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def cloud_name(kind: str, *parts: str) -> str:
    """Return the parts joined as a name of the kind; what Google keeps for itself raises ``ArgumentError``.

    Characters that the kind does not have become its separator. A name that is too long keeps its beginning and
    ends in a digest of the whole, so that two long names stay different and each stays the same; one that is too
    short gets the digest as well. A kind that knows only digits is named by the digest alone.
    """
    rule = limit(kind)
    whole = rule.separator.join(part for part in parts if part)
    text = _digits(whole, rule.max) if rule.allowed == _DIGITS else _text(whole, rule)
    if not rule.accepts(text):
        problem = Problem(
            "name",
            f"gives a {kind.replace('_', ' ')} name that Google refuses",
            text or whole,
            str(rule),
            "change the construct's name or the environment's prefix",
        )
        raise ArgumentError(f'Name "{whole}"', [problem])
    return text


def _digits(whole: str, length: int) -> str:
    """Return a number of so many digits, the first not zero."""
    low = 10 ** (length - 1)
    return str(low + int(digest(whole, 64), 16) % (9 * low))


def _text(whole: str, rule: NameLimit) -> str:
    text = re.sub(f"[^{rule.allowed}]+", rule.separator, whole.lower())
    if rule.separator:
        text = text.strip(rule.separator)
    if rule.min <= len(text) <= rule.max:
        return text
    keep = rule.max - _DIGEST_LENGTH - len(rule.separator)
    return f"{text[:keep].rstrip('-_. ')}{rule.separator}{digest(whole)}"
