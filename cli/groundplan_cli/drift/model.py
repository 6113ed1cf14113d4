"""What a look for drift found."""

from dataclasses import dataclass, field

from groundplan_cli.changes import PropertyChange
from groundplan_policies.engine import Resource
from groundplan_policies.engine.results import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A change that a log of the cloud tells of.

    Attributes:
        at: When, as a stamp (RFC 3339).
        by: Who: an e-mail address, or a member as IAM names it; "" where the log does not say.
        method: By which method.
        agent: By which client, as it calls itself; "" where the log does not say.
    """

    at: str
    by: str
    method: str
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What a log says of a resource.

    Attributes:
        events: Changes that did not come from the engine, since it last changed the resource; the oldest first.
        silence: Why there is nothing; "" where there is something.
    """

    events: tuple[Event, ...] = ()
    silence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drifted:
    """A resource that is not as the state says.

    Attributes:
        resource: As the state has it.
        gone: Whether it is not there any more.
        changes: The properties that differ.
        history: Since when, and by whom.
        breaks: Findings of the guardrails that come with it.
    """

    resource: Resource
    gone: bool = False
    changes: tuple[PropertyChange, ...] = ()
    history: History = field(default_factory=History)
    breaks: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A resource that could not be compared.

    Attributes:
        resource: As the state has it.
        reason: Why.
        refused: Whether the cloud refused. Else nothing here knows its type.
    """

    resource: Resource
    reason: str
    refused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a look found.

    Attributes:
        stack: What was looked at.
        cloud: Where.
        looked: How many resources were compared.
        drifted: Those that differ, in the order of the state.
        unread: Those that could not be compared.
        undecided: Properties that cannot be compared: the state has them encrypted.
        elsewhere: Findings of the guardrails that come with the drift, about resources that have not drifted.
    """

    stack: str
    cloud: str
    looked: int
    drifted: tuple[Drifted, ...]
    unread: tuple[Unread, ...]
    undecided: int
    elsewhere: tuple[Finding, ...] = ()

    @property
    def exit_code(self) -> int:
        """What a command ends with: 1 if anything drifted, or was refused; else 0."""
        return int(bool(self.drifted or any(each.refused for each in self.unread)))
