"""What a check is given beside the resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.levels import Loosening
from groundplan_policies.engine.opened import Opened
from groundplan_policies.engine.parameters import Parameters

if TYPE_CHECKING:
    from groundplan_policies.engine.control import Control
    from groundplan_policies.engine.readers import Readers


@dataclass(frozen=True)
class Context:
    """What a check is given beside the resource.

    Attributes:
        graph: The whole deployment, indexed.
        parameters: The settings of the tier that decide verdicts.
        complete: Whether the document holds the whole stack.
        gaps: Why it does not, for messages.
        settings_changes: Where the settings ask less than the tier that they extend.
        waived_urns: The URNs that waivers name.
        asked: The controls that are asked; None for every one of this package.
        as_of: The day for which dates are judged; None where nobody has said, which is the case for no check of a user.
        opened: What was found at the documents that reviews and agreements refer to, by their `uri` as it is written
            there. One that is not among them was not looked for: it is known by what is said of it alone.
    """

    graph: Graph
    parameters: Parameters = field(default_factory=Parameters)
    complete: bool = True
    gaps: Sequence[str] = ()
    settings_changes: Sequence[Loosening] = ()
    waived_urns: frozenset[str] = frozenset()
    asked: Sequence[Control] | None = None
    as_of: date | None = None
    opened: Mapping[str, Opened] = field(default_factory=dict)

    @cached_property
    def readers(self) -> Readers:
        """Which of the controls that are asked read which properties."""
        from groundplan_policies.engine.readers import Readers
        from groundplan_policies.engine.registry import all_controls

        return Readers(all_controls().values() if self.asked is None else self.asked)
