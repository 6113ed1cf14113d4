"""Blocks of a resource that several resource types have in common: in one type the whole, in another one of a list."""

from collections.abc import Iterator
from dataclasses import dataclass

from groundplan_policies.engine.paths import Reading, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value


@dataclass(frozen=True, slots=True)
class Block:
    """A block.

    Attributes:
        resource: The resource that it is, or that holds it.
        path: Where in the resource it stands, "" for the resource itself.
        value: What is there.
    """

    resource: Resource
    path: str
    value: Value

    def read(self, below: str) -> list[Reading]:
        """Give the values at a path below."""
        return read_value(self.value, self.path, below)

    def one(self, below: str) -> Reading:
        """Give the value at a path below that holds one."""
        return self.read(below)[0]


def blocks_of(resource: Resource, name: str) -> Iterator[Block]:
    """Give the blocks of a list that is a property of a resource; what is no list is its own only block."""
    value = resource.inputs.get(name)
    if isinstance(value, list):
        yield from (Block(resource, f"{name}[{index}]", each) for index, each in enumerate(value))
    elif value is not None:
        yield Block(resource, name, value)
