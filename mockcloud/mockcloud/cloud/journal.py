"""What happened: every call, and every change."""

from collections import deque
from typing import Final, NamedTuple

MOST_CALLS: Final = 10_000
"""Calls that are kept; older ones are forgotten. Changes are kept all."""


class Called(NamedTuple):
    """A call that was answered.

    Attributes:
        number: From 1.
        at: When, in virtual time, as a stamp.
        caller: Who, as IAM names them.
        method: Full id of the method.
        name: What it was about.
        project: Id of the project; "" for none.
        status: HTTP status of the answer.
        message: What was refused and why; "" for none.
        door: By which door it came.
        agent: What the client says that it is.
    """

    number: int
    at: str
    caller: str
    method: str
    name: str
    project: str
    status: int
    message: str
    door: str
    agent: str


class Changed(NamedTuple):
    """A change of a resource.

    Attributes:
        number: From 1.
        at: When, in virtual time, as a stamp.
        caller: Who, as IAM names them; "" for the cloud itself.
        method: Full id of the method; "" for the cloud itself.
        api: API of the resource.
        name: Full name of the resource.
        what: `create`, `update`, `delete`, `policy`.
    """

    number: int
    at: str
    caller: str
    method: str
    api: str
    name: str
    what: str


class Violation(NamedTuple):
    """What a rule in dry run would have refused.

    Attributes:
        rule: `organisation policy` or `service perimeter`.
        policy: What was violated: the constraint, the perimeter.
        method: Full id of the method.
        name: What it was about.
        caller: Who, as IAM names them.
        reason: What was wrong.
    """

    rule: str
    policy: str
    method: str
    name: str
    caller: str
    reason: str


class Journal:
    """The journal of one cloud.

    Args:
        era: How often the cloud was emptied before: its calls and changes are counted anew each time.
    """

    def __init__(self, era: int = 0) -> None:
        self.era = era
        self.calls: deque[Called] = deque(maxlen=MOST_CALLS)
        self.changes: list[Changed] = []
        self.violations: deque[Violation] = deque(maxlen=MOST_CALLS)
        self._count = 0

    def next_call(self) -> int:
        """Give the number of the next call."""
        self._count += 1
        return self._count

    def violate(self, violation: Violation) -> None:
        """Note what a rule in dry run would have refused."""
        self.violations.append(violation)

    def change(self, *, at: str, caller: str, method: str, api: str, name: str, what: str) -> None:
        """Note a change."""
        self.changes.append(Changed(len(self.changes) + 1, at, caller, method, api, name, what))
