"""Answers for stack references: the outputs of other stacks, from settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mockcloud.doors.embedded.errors import StackReferenceNotAnswered
from mockcloud.pulumi.values import SECRET, SIGNATURE, Value, from_document

STACK_REFERENCE: Final = "pulumi:pulumi:StackReference"


@dataclass(frozen=True, slots=True)
class StackReferences:
    """Knows the outputs of other stacks.

    Attributes:
        organization: The organisation of the running stack, which a shorter name leaves out.
        project: The project of the running stack, likewise.
        outputs: Name of a stack -> its outputs. Secrets stand in them as an exported stack has them.
    """

    organization: str
    project: str
    outputs: Mapping[str, Mapping[str, Value]]

    def read(self, name: str) -> Value:
        """Give what the real engine answers for a stack reference.

        Raises:
            StackReferenceNotAnswered: Nothing says what the stack's outputs are.
        """
        known = {self._full(known): outputs for known, outputs in self.outputs.items()}
        if self._full(name) not in known:
            raise StackReferenceNotAnswered(
                f"The program reads the outputs of the stack {name!r}, and nothing says what they are",
                given=f"outputs of {', '.join(sorted(self.outputs)) or 'no stack'}",
                allowed="a stack whose outputs are given",
                remedy=f"give them: in a file for `--answers`, under `stackReferences` and {name}, or in Python as "
                f"stack_references={{{name!r}: {{'output': 'value'}}}}",
            )
        outputs = from_document(dict(known[self._full(name)]))
        secret: list[Value] = [
            key for key, value in sorted(dict(known[self._full(name)]).items()) if _has_secret(value)
        ]
        return {"name": name, "outputs": outputs, "secretOutputNames": secret}

    def _full(self, name: str) -> str:
        """Give a stack's name with its organisation and project."""
        parts = name.split("/")
        return "/".join([*(self.organization, self.project)[: 3 - len(parts)], *parts])


def _has_secret(value: Value) -> bool:
    if isinstance(value, dict):
        return value.get(SIGNATURE) == SECRET or any(_has_secret(item) for item in value.values())
    return isinstance(value, list) and any(_has_secret(item) for item in value)
