"""Which controls read which properties of a type: what an option that hides a property takes away."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.index import OPTIONS_FAMILY
from groundplan_policies.engine.look import matches
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.reads import covers
from groundplan_policies.engine.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Reader:
    """A control that reads a property.

    Attributes:
        control: Its id.
        path: The property's path without indices.
        secret: What it says of a secret in that place.
    """

    control: str
    path: Path
    secret: Verdict


class Readers:
    """The controls that are asked, by what they read. Those on options, of the family BYP, do not count.

    Args:
        controls: The controls that are asked.
    """

    def __init__(self, controls: Iterable[Control]) -> None:
        self._controls = tuple(each for each in controls if each.family != OPTIONS_FAMILY)
        self._found: dict[str, tuple[Reader, ...]] = {}

    def of(self, type_token: str) -> tuple[Reader, ...]:
        """Give every control that reads a property of a type, once for each property, in the order of the controls."""
        found = self._found.get(type_token)
        if found is None:
            found = self._found[type_token] = tuple(
                Reader(control.id, Path(read.path), read.secret)
                for control in self._controls
                for read in control.reads
                if ":" not in read.path and matches(read.type, type_token)
            )
        return found

    def covered(self, type_token: str, entries: Collection[str]) -> tuple[Reader, ...]:
        """Give the controls that read what entries of an option such as `ignoreChanges` take in.

        Args:
            type_token: The type.
            entries: Property paths as Pulumi writes them, with indices and wildcards.
        """
        return tuple(each for each in self.of(type_token) if any(covers(entry, each.path.text) for entry in entries))


def names(readers: Iterable[Reader]) -> str:
    """Give the ids of controls for a message, each once: `IAM-01, IAM-02`."""
    return ", ".join(dict.fromkeys(each.control for each in readers))
