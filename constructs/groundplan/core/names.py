"""Names inside Google's limits: deterministic, readable, shortened with a stable digest."""

from __future__ import annotations

import functools
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from groundplan.core import tables
from groundplan.core.errors import LookupFailure

_DIGEST_LENGTH: Final = 6
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

    def accepts(self, name: str) -> bool:
        """Whether Google takes the name as it is."""
        return self.min <= len(name) <= self.max and re.fullmatch(self.pattern, name) is not None


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
    )


def digest(text: str, length: int = _DIGEST_LENGTH) -> str:
    """Return the first hexadecimal digits of the text's SHA-256: the same text, the same digits, for ever."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def cloud_name(kind: str, *parts: str) -> str:
    """Return the parts joined as a name of the kind.

    Characters that the kind does not have become its separator. A name that is too long keeps its beginning and
    ends in a digest of the whole, so that two long names stay different and each stays the same.
    """
    rule = limit(kind)
    whole = rule.separator.join(part for part in parts if part)
    text = re.sub(f"[^{rule.allowed}]+", rule.separator or "", whole.lower())
    if len(text) > rule.max:
        keep = rule.max - _DIGEST_LENGTH - len(rule.separator)
        text = f"{text[:keep].rstrip('-_.')}{rule.separator}{digest(whole)}"
    if not rule.accepts(text):
        raise LookupFailure(
            f"{kind} name that can be made of",
            whole,
            [f"{rule.min} to {rule.max} characters matching {rule.pattern}"],
            "change the construct's name or the environment's prefix",
        )
    return text
