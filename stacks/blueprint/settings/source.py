"""Where a setting stands: the file of a stack and the line of a key in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

Place = tuple[str | int, ...]


class Source:
    """The settings file of a stack, for messages only: the values come from Pulumi's configuration."""

    def __init__(self, path: Path, text: str, namespace: str) -> None:
        """Take the file's path as messages show it, its text, and the project's name before the colon of a key."""
        self.path = path
        self._lines = dict(_lines(text, namespace))

    @classmethod
    def of_stack(cls, project_root: Path, stack: str, namespace: str) -> Source | None:
        """Return a stack's file in a Pulumi project, or None where the settings come from elsewhere."""
        declared = project_root / "Pulumi.yaml"
        project = yaml.safe_load(declared.read_text(encoding="utf-8")) if declared.is_file() else {}
        path = project_root / project.get("stackConfigDir", ".") / f"Pulumi.{stack}.yaml"
        if not path.is_file():
            return None
        return cls(path.relative_to(project_root), path.read_text(encoding="utf-8"), namespace)

    def line(self, place: Sequence[str | int]) -> int | None:
        """Return the line of a key, or of the nearest part above it that the file has."""
        for length in range(len(place), 0, -1):
            found = self._lines.get(tuple(place[:length]))
            if found is not None:
                return found
        return None

    def show(self, place: Sequence[str | int]) -> str:
        """Return ``file:line`` of a key, or the file where it has no such key."""
        line = self.line(place)
        return f"{self.path}:{line}" if line else str(self.path)


def _lines(text: str, namespace: str) -> Iterator[tuple[Place, int]]:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        return
    for key, value in root.value:
        if key.value == "config" and isinstance(value, yaml.MappingNode):
            for name, setting in value.value:
                top = str(name.value).removeprefix(f"{namespace}:")
                yield (top,), name.start_mark.line + 1
                yield from _walk(setting, (top,))


def _walk(node: yaml.Node, place: Place) -> Iterator[tuple[Place, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*place, str(key.value))
            yield inner, key.start_mark.line + 1
            yield from _walk(value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            inner = (*place, index)
            yield inner, value.start_mark.line + 1
            yield from _walk(value, inner)
