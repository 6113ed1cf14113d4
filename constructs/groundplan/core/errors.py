"""What goes wrong, in four parts: what failed, what was given, what is allowed, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

_LISTED: Final = 12


class Error(pulumi.RunError):
    """Root of every error that groundplan raises on purpose.

    Pulumi prints a ``RunError`` of a program as its message alone, without a traceback.
    """


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with what a caller gave."""

    field: str
    """The argument at fault, as the caller wrote it (``cidr``, ``columns[2].type``)."""
    fault: str
    """What is wrong, as a sentence without a full stop."""
    given: str
    """The value given, printable; never a secret."""
    allowed: str
    """What would have been accepted."""
    remedy: str
    """What to do next."""

    def lines(self) -> list[str]:
        """The problem as indented lines of a report."""
        return [
            f"  {self.field}: {self.fault}",
            f"    given:   {self.given}",
            f"    allowed: {self.allowed}",
            f"    do:      {self.remedy}",
        ]


class ArgumentError(Error):
    """Everything that is wrong with one construct's arguments, in one message."""

    def __init__(self, where: str, problems: Sequence[Problem]) -> None:
        """Take the place (``Network "core"``) and at least one problem."""
        self.where = where
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{where}: {count} argument{'s' if count > 1 else ''} cannot be used"
        super().__init__("\n".join([head, *(line for p in self.problems for line in p.lines())]))


class LookupFailure(Error):
    """A name that a table does not have, with the nearest that it has."""

    def __init__(self, what: str, given: str, allowed: Iterable[str], remedy: str) -> None:
        """Take the kind of name, the name given, those known, and what to do about it."""
        self.given = given
        known = sorted(allowed)
        near = nearest(given, known)
        hint = f"; nearest: {near}" if near else ""
        listed = ", ".join(known[:_LISTED]) + (f" and {len(known) - _LISTED} more" if len(known) > _LISTED else "")
        super().__init__(f"no {what} named {given!r}{hint}\n  allowed: {listed}\n  do:      {remedy}")


def nearest(given: str, known: Iterable[str]) -> str | None:
    """Return the known name most like ``given``, or None where none is like it."""
    found = difflib.get_close_matches(given, list(known), n=1, cutoff=0.6)
    return found[0] if found else None
