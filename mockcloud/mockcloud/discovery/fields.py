"""Fields of messages and parameters of methods, as a description tells them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from mockcloud.discovery.names import snake
from mockcloud.discovery.scalars import Read, reader

_INPUT_ONLY: Final = re.compile(
    r"(?:\w+\. |' ?)*\[?input[ -]only\b|.*(?:@InputOnly|\bwrite-only\b)", re.IGNORECASE | re.DOTALL
)
"""What descriptions say of what is sent and never given back, mostly first: no member says so, as `readOnly` does."""


@dataclass(frozen=True, eq=False)
class Field:
    """A field of a schema, or a query parameter, ready to be held to.

    Attributes:
        name: Name in camelCase.
        type: `string`, `integer`, `number`, `boolean`, `object`, `any`; `array` is told by `repeated`.
        format: `int64`, `byte`, `google-datetime`, …; "" for none.
        ref: Name of the schema of an object; "" for none.
        repeated: Whether it is a list.
        mapped: Whether it is a map from text to what the rest says.
        enum: Names of the enumeration; empty for none.
        read_only: Whether only the service sets it.
        input_only: Whether the service never gives it back, as its description says in words.
        pattern: What a text must match whole; "" for anything.
        default: What a resource has where nobody sets it, such as its kind; "" for nothing.
        required: Ids of the methods that ask for it, with the API's name.
    """

    name: str
    type: str
    format: str = ""
    ref: str = ""
    repeated: bool = False
    mapped: bool = False
    enum: tuple[str, ...] = ()
    read_only: bool = False
    input_only: bool = False
    pattern: str = ""
    default: str = ""
    required: frozenset[str] = frozenset()

    @cached_property
    def proto_name(self) -> str:
        """Name in snake_case, as errors have it."""
        return snake(self.name)

    @cached_property
    def takes_any_text(self) -> bool:
        """Whether any text is a value of it, and comes back as it is: most fields are so."""
        restricted = self.repeated or self.mapped or self.read_only or self.format or self.enum or self.pattern
        return self.type == "string" and not self.ref and not restricted

    @cached_property
    def read(self) -> Read:
        """What reads one value of it that is no message."""
        return reader(self.type, self.format, self.enum, self.pattern)


def field_of(name: str, raw: Mapping[str, Any], inline: str = "") -> Field:
    """Read a field.

    Args:
        name: Its name.
        raw: What the description says.
        inline: Name under which a message that is described in place goes, if it is one.
    """
    inner = raw
    repeated = raw.get("type") == "array"
    if repeated:
        inner = raw.get("items", {})
    mapped = "additionalProperties" in inner and "$ref" not in inner
    if mapped:
        inner = inner["additionalProperties"]
    if mapped and inner.get("type") == "array":
        inner = {"type": "any"}
    ref = inner.get("$ref", inline if "properties" in inner else "")
    return Field(
        name=name,
        type="object" if ref else inner.get("type", "any"),
        format=inner.get("format", ""),
        ref=ref,
        repeated=repeated,
        mapped=mapped,
        enum=tuple(inner.get("enum", ())),
        read_only=bool(raw.get("readOnly")),
        input_only=_INPUT_ONLY.match(raw.get("description", "")) is not None,
        pattern=inner.get("pattern", ""),
        default=raw.get("default", "") if raw.get("type") == "string" else "",
        required=frozenset(raw.get("annotations", {}).get("required", ())),
    )


def inline_of(raw: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Give the message that a field describes in place; None where it describes none."""
    inner: dict[str, Any] = dict(raw.get("items", raw) if raw.get("type") == "array" else raw)
    described: dict[str, Any] = inner.get("additionalProperties", inner)
    return described if "properties" in described else None
