"""What the engine tells while it works: which resource it begins, ends or fails with, and what it says of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from pulumi.automation import EngineEvent

from groundplan_policies.engine import Value

_COLOURS = re.compile(r"<\{%[^%]*%\}>|\x1b\[[0-9;]*m")
"""Marks of colours in the engine's messages, as it writes them before and after it has turned them into escapes."""


class Kind(Enum):
    """What happens."""

    BEGINS = auto()
    ENDS = auto()
    FAILS = auto()
    SAYS = auto()


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens.

    Attributes:
        kind: What happens.
        urn: The resource; "" for a message about none.
        type: Its type.
        op: What the engine does with it, such as `create` or `delete-replaced`.
        severity: Of a message: `error`, `warning`, `info`; "" for others.
        text: The message.
        inputs: What the resource is asked to be, where it begins; secrets are masked.
    """

    kind: Kind
    urn: str = ""
    type: str = ""
    op: str = ""
    severity: str = ""
    text: str = ""
    inputs: Mapping[str, Value] = field(default_factory=dict)

    @property
    def is_made_by_engine(self) -> bool:
        """Whether it is about a provider that the engine makes where the program names none."""
        return self.type.startswith("pulumi:providers:") and self.urn.rpartition("::")[2].startswith("default")


def read_event(event: EngineEvent) -> Event | None:
    """Give what happens, None if it is nothing for a reader."""
    for kind, found in (
        (Kind.BEGINS, event.resource_pre_event),
        (Kind.ENDS, event.res_outputs_event),
        (Kind.FAILS, event.res_op_failed_event),
    ):
        if found is not None:
            step = found.metadata
            inputs = dict(step.new.inputs or {}) if step.new is not None else {}
            return Event(kind, step.urn, step.type, str(getattr(step.op, "value", step.op)), inputs=inputs)
    said = event.diagnostic_event
    if said is None or said.ephemeral or said.severity not in {"error", "warning", "info", "info#err"}:
        return None
    text = _COLOURS.sub("", said.message).strip()
    return Event(Kind.SAYS, said.urn or "", severity=said.severity.partition("#")[0], text=text) if text else None
