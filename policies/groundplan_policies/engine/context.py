"""What a check is given beside the resource."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.levels import Loosening
from groundplan_policies.engine.parameters import Parameters


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
    """

    graph: Graph
    parameters: Parameters = field(default_factory=Parameters)
    complete: bool = True
    gaps: Sequence[str] = ()
    settings_changes: Sequence[Loosening] = ()
    waived_urns: frozenset[str] = frozenset()
