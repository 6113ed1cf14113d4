"""Reads YAML as Pulumi's own reader does: only `true` and `false` are booleans, and a date is a text."""

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Final

import yaml

from mockcloud.doors.embedded.errors import InvalidProject


class _Loader(yaml.SafeLoader):
    """The safe loader with the core schema of YAML 1.2 for plain words, which refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:  # noqa: FBT001, FBT002 - as the loader has it
        """Refuse a repeated key: whichever of the two values counted, its reader might have seen the other."""
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(None, None, f"key {key.value} stands twice", key.start_mark)
                seen.add(key.value)
        found: dict[Hashable, object] = super().construct_mapping(node, deep=deep)
        return found


_Loader.yaml_implicit_resolvers = {}
_WORDS: Final = (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("merge", r"<<", "<"),
)
for _tag, _pattern, _first in _WORDS:
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), ["" if c == "\0" else c for c in _first]
    )


def read_mapping(path: Path) -> dict[str, object]:
    """Read a file that holds a mapping.

    Raises:
        InvalidProject: It cannot be read, or holds something else. The message names the line.
    """
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        try:
            loaded: object = loader.get_single_data()
        finally:
            loader.dispose()
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidProject(
            f"{path.name} cannot be read",
            given=" ".join(str(error).split()),
            allowed="a YAML file in UTF-8",
            remedy=f"mend {path}",
        ) from error
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise InvalidProject(
            f"{path.name} holds no mapping",
            given=type(loaded).__name__,
            allowed="keys and values, such as `name: my-project`",
            remedy=f"mend {path}",
        )
    return {str(key): value for key, value in loaded.items()}
