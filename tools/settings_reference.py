"""Writes the reference of a stack's settings from the schema that editors use, so that each is described once."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.construct_catalog import ROOT

SCHEMA = ROOT / "stacks" / "settings.schema.json"
_REFERENCE = "#/$defs/"

Node = Mapping[str, object]


def settings_page(schema: Path = SCHEMA) -> str:
    """Return the page as Markdown: the settings of a stack, then each section that they are made of."""
    document = _node(json.loads(schema.read_text(encoding="utf-8")))
    config = _node(_node(document["properties"])["config"])
    sections = _node(document["$defs"])
    lines = ["# Settings", "", "What may stand under `config:` in the settings file of an environment.", ""]
    lines += _table(config, sections)
    for name in sorted(sections):
        section = _node(sections[name])
        lines += ["", f"## {name}", "", _text(section.get("description", ""))]
        if "properties" in section:
            lines += ["", *_table(section, sections)]
        elif "enum" in section:
            lines += ["", f"One of {_type(section)}."]
    return "\n".join([*lines, ""])


def _table(section: Node, sections: Node) -> Iterator[str]:
    """Yield a table of the properties of an object; one without a text of its own has that of its section."""
    required = section.get("required", [])
    yield from ("| setting | value | by default | what it is |", "|---|---|---|---|")
    for name, value in _node(section["properties"]).items():
        setting = _node(value)
        needed = isinstance(required, list) and name in required
        default = "must be given" if needed else _default(setting)
        named = _node(sections.get(str(setting.get("$ref", "")).removeprefix(_REFERENCE), {}))
        text = _text(setting.get("description", named.get("description", "")))
        yield f"| `{name}` | {_type(setting)} | {default} | {text} |"


def _default(setting: Node) -> str:
    value = setting.get("default")
    return "" if value is None else f"`{json.dumps(value)}`"


def _type(setting: Node) -> str:
    """Describe which values a setting takes."""
    if "$ref" in setting:
        name = str(setting["$ref"]).removeprefix(_REFERENCE)
        return f"[{name}](#{name.lower()})"
    several = setting.get("anyOf", setting.get("oneOf"))
    if several is not None:
        kinds = [_type(kind) for kind in _nodes(several) if kind.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    choices = [setting["const"]] if "const" in setting else setting.get("enum")
    if isinstance(choices, list):
        return ", ".join(f"`{choice}`" for choice in choices)
    return _collection(setting)


def _collection(setting: Node) -> str:
    """Describe a list, a mapping from names, or a plain value."""
    kind = str(setting.get("type", "anything"))
    if kind == "array":
        return f"list of {_type(_node(setting.get('items', {})))}"
    if kind == "object":
        values = setting.get("additionalProperties")
        return f"by name: {_type(values) if isinstance(values, Mapping) else 'anything'}"
    return kind


def _text(description: object) -> str:
    """Return a description as one line that fits into a table."""
    return " ".join(str(description).split()).replace("|", "&#124;").replace("<", "&lt;")


def _node(value: object) -> Node:
    if not isinstance(value, Mapping):
        message = f"the schema has {value!r} where an object is expected"
        raise TypeError(message)
    return value


def _nodes(value: object) -> list[Node]:
    return [_node(one) for one in value] if isinstance(value, list) else []
