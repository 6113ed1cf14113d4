"""A framework: its clauses, and who checked them against what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from groundplan_policies.engine.yamlfile import FileError


class FrameworkError(FileError):
    """A framework that does not exist, or whose file says something that it may not."""


class Seen(StrEnum):
    """How much of a clause the controls can see in a program."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


class Claim(StrEnum):
    """What is claimed of a clause for which everything passes."""

    MET = "met"
    """That the program meets it, as far as controls see it: the framework is about configuration."""
    EVIDENCE = "evidence"
    """That there is evidence for it, and no more: the framework is law, or about what people do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What the clauses were checked against.

    Attributes:
        name: What was read, so that others find it.
        read: The day on which it was read.
    """

    name: str
    read: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A clause of a framework.

    Attributes:
        number: Its number there.
        title: What it asks for, in our own words.
        coverage: How much of it the controls can see.
        missing: What of it they do not see, or why they see nothing of it; "" if they see all.
        verified: What its number, and the controls that claim it, were checked against; None if nobody did.
    """

    number: str
    title: str
    coverage: Seen
    missing: str
    verified: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """A framework.

    Attributes:
        id: Its id, which is the name of its file, such as `cis-gcp-5.0`.
        title: Its name and version.
        publisher: Who publishes it.
        claim: What is claimed of a clause for which everything passes.
        scope: Which of its clauses are listed.
        clauses: They, in its own order.
    """

    id: str
    title: str
    publisher: str
    claim: Claim = Claim.MET
    scope: str
    clauses: Sequence[Requirement]

    @property
    def heading(self) -> str:
        """What a report calls its clauses: nobody shall take evidence for more."""
        return f"Evidence for {self.title}" if self.claim is Claim.EVIDENCE else self.title
