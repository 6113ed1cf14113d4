"""What the engine will do with each resource: read from the document of `pulumi preview --json`."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from groundplan_cli.changes import ABSENT, Absent, PropertyChange
from groundplan_cli.errors import Error
from groundplan_policies.engine import Value
from groundplan_policies.engine.values import REDACTED, redacted_secret

UNCHANGED: Final = frozenset({"same", "read", "refresh"})
"""What changes nothing in the cloud."""

_ALIKE: Final = {
    "create-replacement": "replace",
    "delete-replaced": "replace",
    "read-replacement": "read",
    "import-replacement": "import",
    "discard-replaced": "discard",
    "remove-pending-replace": "replace",
    "remove": "forget",
}
"""Steps that are parts of another, or that have a plainer word."""

_KEYS = re.compile(r'\["([^"]*)"\]|\[(\d+)\]|([^.\[\]]+)')


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one resource.

    Attributes:
        urn: The resource.
        type: Its type.
        op: `create`, `update`, `replace`, `delete`, `import`, `read`, `same`, …
        properties: What changes in it.
        reasons: Properties that make it be replaced.
        protected: Whether it is protected, as the state has it.
    """

    urn: str
    type: str
    op: str
    properties: tuple[PropertyChange, ...] = ()
    reasons: tuple[str, ...] = ()
    protected: bool = False

    @property
    def changes(self) -> bool:
        """Whether anything happens to it in the cloud or in the state."""
        return self.op not in UNCHANGED


def read_steps(raw: Mapping[str, Value]) -> tuple[Step, ...]:
    """Read the steps. A replacement, which the engine shows in parts, is one."""
    found: dict[str, Step] = {}
    for each in _objects(raw.get("steps")):
        step = _step(each)
        before = found.get(step.urn)
        if before is None or before.op in UNCHANGED or (step.op == "replace" and step.properties):
            found[step.urn] = step
    return tuple(found.values())


def counted(steps: tuple[Step, ...]) -> Counter[str]:
    """Count resources by what happens to them. The stack itself is no resource to a reader."""
    return Counter(step.op for step in steps if step.type != "pulumi:pulumi:Stack")


def read_preview(text: str) -> dict[str, Value]:
    """Read what `pulumi preview --json` printed.

    Raises:
        Error: It is no JSON object.
    """
    try:
        # Some versions print messages before the document.
        raw = json.loads(text[text.index("{") :])
    except ValueError:
        raw = None
    if not isinstance(raw, dict):
        raise Error(
            "The engine's preview cannot be read",
            given="no JSON on its standard output",
            allowed="the document of pulumi preview --json",
            remedy="run `pulumi preview --json` yourself to see what it says",
        )
    return raw


def _step(raw: Mapping[str, Value]) -> Step:
    old, new = as_object(raw.get("oldState")), as_object(raw.get("newState"))
    op = str(raw.get("op", ""))
    op = _ALIKE.get(op, op)
    details = as_object(raw.get("detailedDiff"))
    paths = list(details) or ([] if op == "same" else [str(each) for each in as_list(raw.get("diffReasons"))])
    reasons = [str(each) for each in as_list(raw.get("replaceReasons"))]
    reasons = [path for path, each in details.items() if "replace" in str(as_object(each).get("kind"))] or reasons
    state = old or new
    return Step(
        urn=str(raw.get("urn", "")),
        type=str(state.get("type", "")),
        op=op,
        properties=tuple(_change(path, as_object(details.get(path)), old, new) for path in paths),
        reasons=tuple(reasons),
        protected=state.get("protect") is True,
    )


def _change(
    path: str, detail: Mapping[str, Value], old: Mapping[str, Value], new: Mapping[str, Value]
) -> PropertyChange:
    """Find the values of a property that changes. What was asked is compared, or what was there."""
    place = "inputs" if detail.get("inputDiff", True) else "outputs"
    before = _value(old.get(place), path)
    after = _value(new.get("inputs"), path)
    return PropertyChange(path, before, after)


def _value(inside: Value, path: str) -> Value | Absent:
    """Give the value at a property path as Pulumi writes it: `boxes[0].labels["a.b"]`."""
    found: Value = inside
    for quoted, index, name in _KEYS.findall(path):
        if index and isinstance(found, list) and int(index) < len(found):
            found = found[int(index)]
        elif isinstance(found, dict) and (key := index or quoted or name) in found:
            found = found[key]
        else:
            return ABSENT
    return redacted_secret() if found == REDACTED else found


def _objects(value: Value) -> Iterator[Mapping[str, Value]]:
    return (each for each in as_list(value) if isinstance(each, dict))


def as_object(value: Value) -> Mapping[str, Value]:
    """Give an object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value: Value) -> list[Value]:
    """Give a list, an empty one for anything else."""
    return value if isinstance(value, list) else []
