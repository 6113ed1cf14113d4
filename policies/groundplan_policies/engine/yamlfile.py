"""Reads YAML that people write, and remembers the line of everything in it, so that a message can say where."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TypeAlias, cast

import yaml

from groundplan_policies.engine.errors import Error

Data: TypeAlias = bool | int | float | str | date | Sequence["Data"] | Mapping[str, "Data"] | None
"""What a file holds."""

Place: TypeAlias = tuple[str | int, ...]
"""Keys and indices on the way to a value."""

_SHOWN = 12
"""How many names a message shows where none is near: as many as fit a line."""

_TOO_DEEP = "maximum nesting depth"
"""What libyaml says of more levels than it reads."""

_CORE = "tag:yaml.org,2002:"
_BOOLEAN = f"{_CORE}bool"
_TAGS = frozenset(f"{_CORE}{name}" for name in ("bool", "float", "int", "map", "null", "seq", "str", "timestamp"))


class FileError(Error):
    """A file that people write, such as settings or waivers, holds something that it may not."""


class _Loader(yaml.SafeLoader):
    """YAML without objects, in which only true and false are booleans: `off` is a level, and `no` a country."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - the name and the form are PyYAML's
        letter: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOLEAN]
        for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver(_BOOLEAN, re.compile("true|false", re.IGNORECASE), list("tTfF"))

_QuickLoader = cast(
    "type[_Loader]",
    type(
        "_QuickLoader",
        (getattr(yaml, "CSafeLoader", yaml.SafeLoader),),
        {"yaml_implicit_resolvers": _Loader.yaml_implicit_resolvers},
    ),
)
"""The same, by libyaml where PyYAML was built with it: for large files that programs wrote. Its messages are terser."""


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A file, read.

    Attributes:
        name: The name by which messages call it.
        data: The mapping that it holds.
        lines: Place of each value -> line, from 1.
        error: The class of the errors about it.
    """

    name: str
    data: Mapping[str, Data]
    lines: Mapping[Place, int]
    error: type[FileError]

    def at(self, place: Place) -> str:
        """Give `file:line` of a value; of what holds it, if it is not there itself."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.lines:
                return f"{self.name}:{self.lines[place[:length]]}"
        return f"{self.name}:1"

    def wrong(self, what: str, place: Place, given: str, allowed: str, remedy: str) -> FileError:
        """Make the error about a value."""
        return self.error(what, given=f"{given} ({self.at(place)})", allowed=allowed, remedy=remedy)

    def check_keys(self, place: Place, found: Iterable[str], known: Sequence[str], what: str) -> None:
        """Check that only known keys occur.

        Raises:
            FileError: Another one does. The message has the nearest that is known.
        """
        for key in found:
            if key not in known:
                raise self.wrong(
                    f"There is no such {what}",
                    (*place, key),
                    f"`{key}`",
                    nearest(key, known),
                    f"correct or remove the {what}",
                )

    def mapping(self, place: Place, value: Data, what: str) -> Mapping[str, Data]:
        """Give a value that must be a mapping; nothing counts as an empty one."""
        if value is None:
            return {}
        if isinstance(value, Mapping):
            return value
        raise self._of_another_type(place, value, what, "a mapping of keys to values")

    def sequence(self, place: Place, value: Data, what: str) -> Sequence[Data]:
        """Give a value that must be a list; nothing counts as an empty one."""
        if value is None:
            return ()
        if isinstance(value, list):
            return value
        raise self._of_another_type(place, value, what, "a list")

    def text(self, place: Place, value: Data, what: str) -> str:
        """Give a value that must be a text that is not empty."""
        if isinstance(value, str) and value.strip():
            return value.strip()
        raise self._of_another_type(place, value, what, "a text that is not empty")

    def texts(self, place: Place, value: Data, what: str) -> tuple[str, ...]:
        """Give a value that must be a list of texts."""
        return tuple(
            self.text((*place, index), each, what) for index, each in enumerate(self.sequence(place, value, what))
        )

    def day(self, place: Place, value: Data, what: str) -> date:
        """Give a value that must be a day; a time of day is refused, as it would need a time zone."""
        if type(value) is date:
            return value
        raise self._of_another_type(place, value, what, "a day as YYYY-MM-DD, without quotes")

    def _of_another_type(self, place: Place, value: Data, what: str, allowed: str) -> FileError:
        given = "nothing" if value is None else f"{type(value).__name__} {str(value)[:60]!r}"
        return self.wrong(f"The {what} is of another type", place, given, allowed, f"write {allowed} there")


def nearest(given: str, known: Iterable[str]) -> str:
    """Give the names that are nearest to one that does not exist, or else the first few."""
    names = {each.casefold(): each for each in sorted(known)}
    near = [names[each] for each in get_close_matches(given.casefold(), names, n=3, cutoff=0.5)]
    shown = near or list(names.values())[:_SHOWN]
    return ", ".join(shown) + (", …" if len(shown) < len(names) else "")


def read_yaml(path: Path, error: type[FileError], *, name: str = "") -> YamlFile:
    """Read a file.

    Args:
        path: The file.
        error: The class of the errors about it.
        name: The name by which messages call it; its path by default.

    Raises:
        FileError: It cannot be read, is no YAML or no mapping, has a key twice, or uses anchors or tags.
    """
    name = name or path.as_posix()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else "it is no UTF-8"
        raise error(
            "The file cannot be read",
            given=f"{name} ({why})",
            allowed="a YAML file that exists and may be read",
            remedy="check the path and the permissions",
        ) from None
    return parse_yaml(text, error, name=name)


def parse_yaml(text: str, error: type[FileError], *, name: str) -> YamlFile:
    """Read a text. See `read_yaml`."""
    file = YamlFile(name, {}, {}, error)
    with _explained(file):
        loader = _Loader(text)
        return _built(loader, loader.get_single_node(), file)


def parse_yaml_documents(text: str, error: type[FileError], *, name: str) -> tuple[YamlFile, ...]:
    """Read a text that a program wrote, of one document or several with `---` between them. See `read_yaml`."""
    file = YamlFile(name, {}, {}, error)
    found: list[YamlFile] = []
    with _explained(file):
        loader = _QuickLoader(text)
        while loader.check_node():
            found.append(_built(loader, loader.get_node(), file))
    return tuple(found)


@contextmanager
def _explained(file: YamlFile) -> Iterator[None]:
    """Turn what PyYAML says of a text into an error with four parts."""
    try:
        yield
    except yaml.YAMLError as problem:
        deep = _TOO_DEEP in str(getattr(problem, "problem", ""))
        raise (_too_deep(file) if deep else _no_yaml(file, problem)) from None
    except RecursionError:
        raise _too_deep(file) from None


def _built(loader: "_Loader", node: yaml.Node | None, file: YamlFile) -> YamlFile:
    lines: dict[Place, int] = {(): 1}
    whole = replace(file, lines=lines)
    data = None if node is None else _Builder(loader, whole, lines).build(node, ())
    return replace(whole, data=whole.mapping((), data, "file"))


class _Builder:
    """Turns nodes into values, and notes where each stands."""

    def __init__(self, loader: _Loader, file: YamlFile, lines: dict[Place, int]) -> None:
        self._loader = loader
        self._file = file
        self._lines = lines
        self._seen: set[int] = set()

    def build(self, node: yaml.Node, place: Place) -> Data:
        self._lines.setdefault(place, node.start_mark.line + 1)
        # An alias is the same node again. A few of them can stand for a text of any size.
        if id(node) in self._seen and not isinstance(node, yaml.ScalarNode):
            raise self._refused(place, "an alias", "repeat what it stands for")
        if node.tag not in _TAGS:
            raise self._refused(place, "a value with a tag", "write a plain value")
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, place))
        if isinstance(node, yaml.SequenceNode):
            return [self.build(each, (*place, index)) for index, each in enumerate(node.value)]
        return self._scalar(node, place)

    def _pairs(self, node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, Data]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
            here = (*place, key)
            if key in seen:
                self._lines[here] = key_node.start_mark.line + 1
                raise self._refused(here, f"the key `{key}` twice", "keep one of the two")
            self._lines[here] = key_node.start_mark.line + 1
            if key_node.tag == f"{_CORE}merge" or not key:
                raise self._refused(here, "a key that is no plain text", "write a plain key")
            seen.add(key)
            yield key, self.build(value_node, here)

    def _scalar(self, node: yaml.Node, place: Place) -> Data:
        try:
            value: Data = self._loader.construct_object(node)
        except ValueError:
            raise self._refused(place, "a day or number that does not exist", "correct it") from None
        return value

    def _refused(self, place: Place, given: str, remedy: str) -> FileError:
        return self._file.wrong("The file holds what it may not", place, given, "plain YAML, each key once", remedy)


def _too_deep(file: YamlFile) -> FileError:
    return file.wrong("The file is nested too deeply", (), "YAML", "a few levels", "write it flatter")


def _no_yaml(file: YamlFile, problem: yaml.YAMLError) -> FileError:
    mark = getattr(problem, "problem_mark", None)
    line = f"{file.name}:{mark.line + 1}" if mark is not None else file.name
    said = str(getattr(problem, "problem", "") or "it cannot be read")
    return file.error("The file is no YAML", given=f"{said} ({line})", allowed="plain YAML", remedy="correct that line")
