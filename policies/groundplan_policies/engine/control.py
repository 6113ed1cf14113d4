"""A control: what is asked for, why, what mends it, and the functions that look."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.looseness import ParameterValue
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, Verdict

Check: TypeAlias = Callable[[Resource, Context], Outcome]
"""Looks at one resource."""

StackCheck: TypeAlias = Callable[[Context], Iterator[tuple[Resource | None, Outcome]]]
"""Looks at the whole deployment: an outcome for each resource that it says something about, None for the stack as a
whole. What it yields nothing for it has nothing to say about."""


class Evidence(StrEnum):
    """What stands behind a pass of the control."""

    CONFIGURATION = "configuration"
    """The property that the cloud obeys was read."""
    GRAPH = "graph"
    """Several resources were read together."""
    DECLARATION = "declaration"
    """Somebody says so: labels, descriptions, settings. A pass is never more than a declaration."""


class Coverage(StrEnum):
    """How much of a clause a control meets."""

    FULL = "full"
    PARTIAL = "partial"
    EVIDENCE = "evidence"
    """For frameworks that are law, or about what people do: a pass is evidence for some of the clause, no more."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a framework that a control meets, or helps to meet.

    Attributes:
        framework: Id of the framework: the name of its file in `frameworks/`, such as `cis-gcp-5.0`.
        clause: Number of the clause there, such as `4.9`.
        coverage: How much of it.
        missing: What of the clause the control does not see; "" for full coverage.
        needs: Parameter of the settings -> the loosest value with which the control meets the clause.
    """

    framework: str
    clause: str
    coverage: Coverage
    missing: str = ""
    needs: tuple[tuple[str, ParameterValue], ...] = ()


def full(framework: str, clause: str, **needs: ParameterValue) -> Clause:
    """Say that a control meets a clause.

    Args:
        framework: Id of the framework.
        clause: Number of the clause.
        needs: The loosest values of parameters with which that is so: `key_rotation_days=90`.
    """
    return Clause(framework, clause, Coverage.FULL, needs=tuple(needs.items()))


def partial(framework: str, clause: str, missing: str, **needs: ParameterValue) -> Clause:
    """Say that a control meets a clause but for what is missing. See `full`."""
    return Clause(framework, clause, Coverage.PARTIAL, missing, tuple(needs.items()))


def evidence(framework: str, clause: str, missing: str, **needs: ParameterValue) -> Clause:
    """Say that a pass of a control is evidence for a clause, and what it does not show.

    It is for frameworks that claim no more than evidence: see `claim` in their files.
    """
    return Clause(framework, clause, Coverage.EVIDENCE, missing, tuple(needs.items()))


@dataclass(frozen=True, slots=True)
class Read:
    """A property that a control reads, with the verdict for every way in which it can be missing.

    A test holds each control to what it states here. Where the verdict depends on other properties, it is the one for
    a resource that is in order but for this property.

    Attributes:
        type: Short name of the resource type, such as `storage.Bucket`; `*` for every type that the control reads.
        path: Property path without indices.
        absent: Verdict where it is not there.
        empty: Verdict for an empty block, list or text in its place.
        wrong: Verdict for a value of another type, such as a text in the place of a boolean.
        secret: Verdict for a secret in its place.
        unknown: Verdict for a value that is known only after the deployment, and whose source nobody names.
    """

    type: str
    path: str
    absent: Verdict = Verdict.FAIL
    empty: Verdict = Verdict.FAIL
    wrong: Verdict = Verdict.INDETERMINATE
    secret: Verdict = Verdict.INDETERMINATE
    unknown: Verdict = Verdict.INDETERMINATE

    @classmethod
    def aside(cls, type_: str, path: str) -> "Read":
        """State a property that decides nothing by itself: whatever is wrong with it, the others decide."""
        return cls(
            type_,
            path,
            absent=Verdict.PASS,
            empty=Verdict.PASS,
            wrong=Verdict.PASS,
            secret=Verdict.PASS,
            unknown=Verdict.PASS,
        )


@dataclass(frozen=True, kw_only=True)
class Control:
    """A control.

    Attributes:
        id: Such as `NET-01`: the family, and the number in it. Never given to another control.
        title: What holds where the control passes, as a short sentence.
        why: What can happen otherwise, and what was decided where the matter is open.
        remedy: The construct or the property that mends it.
        ask: What a person has to look at or ask for, since no document shows it; "" where a pass leaves nothing open.
            Every control that can be declared has one.
        severity: How bad it is.
        evidence: What stands behind a pass.
        objectives: Ids of the objectives that it teaches, such as `6.2`.
        clauses: Clauses of frameworks.
        reads: Every property that the checks read.
        checks: Short name of a resource type -> the check for it. A name may hold `*`: `*IamMember` is every type whose
            name ends so, in any case of letters.
        stack: The check of the whole deployment, if there is one. It may stand beside `checks`, which then look at
            single resources; no resource may get an outcome from both.
        settings: Names of the parameters of the settings that decide the verdict.
        waivable: Whether a waiver may silence it. Controls of the family BYP can never be waived.
    """

    id: str
    title: str
    why: str
    remedy: str
    severity: Severity
    ask: str = ""
    evidence: Evidence = Evidence.CONFIGURATION
    objectives: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    reads: tuple[Read, ...] = ()
    checks: Mapping[str, Check] = field(default_factory=dict)
    stack: StackCheck | None = None
    settings: tuple[str, ...] = ()
    waivable: bool = True

    @property
    def family(self) -> str:
        """The family, such as `NET`."""
        return self.id.partition("-")[0]
