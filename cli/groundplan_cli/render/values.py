"""One property value on one line. Secrets never show, whether the document holds them encrypted or in the clear."""

import json

from groundplan_cli.text import clip, plain
from groundplan_policies.engine.values import (
    ARCHIVE,
    ASSET,
    REFERENCE,
    SECRET,
    UNKNOWN,
    Value,
    is_special,
    is_unknown,
    signature,
)

LATER = "known after apply"


def show(value: Value, width: int = 80) -> str:
    """Show a value within a width in characters."""
    if isinstance(value, str):
        return LATER if value == UNKNOWN else clip(json.dumps(_later(plain(value)), ensure_ascii=False), width)
    if is_special(value):
        return clip(_special(value), width)
    return clip(plain(json.dumps(reveal(value), ensure_ascii=False)), width)


def reveal(value: Value) -> Value:
    """Give a value as plain JSON in which each marker is words, for showing."""
    if isinstance(value, str):
        return f"({LATER})" if value == UNKNOWN else _later(value)
    if is_special(value):
        return f"({_special(value)})"
    if isinstance(value, dict):
        return {key: reveal(each) for key, each in value.items()}
    if isinstance(value, list):
        return [reveal(each) for each in value]
    return value


def _later(text: str) -> str:
    return text.replace(UNKNOWN, f"({LATER})") if is_unknown(text) else text


def _special(value: Value) -> str:
    kind = signature(value)
    fields = value if isinstance(value, dict) else {}
    if kind == SECRET:
        return "secret"
    if kind == REFERENCE:
        return f"resource {plain(str(fields.get('urn', '')))}"
    what = {ASSET: "asset", ARCHIVE: "archive"}.get(kind, "value")
    where = next((f" {fields[key]}" for key in ("path", "uri") if key in fields), "")
    return plain(f"{what}{where}")
