"""Bodies held to the schemas of a description: names, types, enumerations.

A body is accepted as Google's front end reads JSON: camelCase or snake_case, whole numbers as text or number,
enumerations by name or number, null as absent. What it takes comes back in one spelling, so that the rest of the house
sees camelCase and names only. Fields that are for output alone are dropped, as Google drops them.
"""

import base64
import binascii
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from mockcloud.discovery.names import camel

Numbers = Callable[[str, str], Mapping[int, str]]
"""From a schema and one of its fields to what the numbers of the enumeration mean."""


class Violation(NamedTuple):
    """What is wrong with one field.

    Attributes:
        field: Its path: `endpoint.encryption_spec` as the client spelt it; "" for the body as a whole.
        description: What is wrong, in the words of Google's front end.
    """

    field: str
    description: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a schema, ready to be held to.

    Attributes:
        name: Name in camelCase.
        type: `string`, `integer`, `number`, `boolean`, `object`, `any`; `array` is told by `repeated`.
        format: `int64`, `byte`, `google-datetime`, …; "" for none.
        ref: Name of the schema of an object; "" for none.
        repeated: Whether it is a list.
        mapped: Whether it is a map from text to what the rest says.
        enum: Names of the enumeration; empty for none.
        read_only: Whether only the service sets it.
    """

    name: str
    type: str
    format: str = ""
    ref: str = ""
    repeated: bool = False
    mapped: bool = False
    enum: tuple[str, ...] = ()
    read_only: bool = False


_WHOLE: Final = {
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
}
_INTEGER: Final = re.compile(r"-?\d+")
_DURATION: Final = re.compile(r"-?\d+(\.\d{1,9})?s")
_NAMED_NUMBERS: Final = frozenset({"NaN", "Infinity", "-Infinity"})


class Schemas:
    """The schemas of a description.

    Args:
        description: The description.
        numbers: What the numbers of enumerations mean; by default their place in the description.
    """

    def __init__(self, description: Mapping[str, Any], numbers: Numbers | None = None) -> None:
        self._raw: Mapping[str, Mapping[str, Any]] = description.get("schemas", {})
        self._fields: dict[str, Mapping[str, Field]] = {}
        self._numbers = numbers

    def __contains__(self, schema: str) -> bool:
        return schema in self._raw

    def fields(self, schema: str) -> Mapping[str, Field]:
        """Give the fields of a schema by name; none for one that is not described."""
        found = self._fields.get(schema)
        if found is None:
            raw = self._raw.get(schema, {}).get("properties", {})
            found = {name: _field(name, each) for name, each in raw.items()}
            self._fields[schema] = found
        return found

    def is_open(self, schema: str) -> bool:
        """Whether a schema takes any member, such as the value of a Struct."""
        raw = self._raw.get(schema)
        return raw is None or ("properties" not in raw and raw.get("type", "object") in {"object", "any"})

    def accept(
        self, schema: str, body: object, *, keep_read_only: bool = False
    ) -> tuple[dict[str, Any], list[Violation]]:
        """Read a body.

        Args:
            schema: Name of its schema.
            body: The JSON.
            keep_read_only: Whether fields for output are kept; for messages that are no request.

        Returns:
            The body in one spelling, and what is wrong with it. What is wrong is left out.
        """
        violations: list[Violation] = []
        reading = _Reading(self, violations, keep_read_only=keep_read_only)
        found = reading.message(schema, body, "")
        return found if isinstance(found, dict) else {}, violations

    def number_names(self, schema: str, field: Field) -> Mapping[int, str]:
        """Give what the numbers of an enumeration mean."""
        if self._numbers is not None:
            found = self._numbers(schema, field.name)
            if found:
                return found
        return dict(enumerate(field.enum))


def _field(name: str, raw: Mapping[str, Any]) -> Field:
    inner = raw
    repeated = raw.get("type") == "array"
    if repeated:
        inner = raw.get("items", {})
    additional = inner.get("additionalProperties")
    mapped = additional is not None and "$ref" not in inner
    if mapped:
        inner = additional
    of_list = mapped and inner.get("type") == "array"
    if of_list:
        inner = {"type": "any"}
    return Field(
        name=name,
        type="object" if "$ref" in inner else inner.get("type", "any"),
        format=inner.get("format", ""),
        ref=inner.get("$ref", ""),
        repeated=repeated,
        mapped=mapped,
        enum=tuple(inner.get("enum", ())),
        read_only=bool(raw.get("readOnly")),
    )


class _Reading:
    """One reading of one body."""

    def __init__(self, schemas: Schemas, violations: list[Violation], *, keep_read_only: bool) -> None:
        self._schemas = schemas
        self._violations = violations
        self._keep = keep_read_only

    def message(self, schema: str, body: object, path: str) -> object:
        if not isinstance(body, dict):
            self._wrong(path, f"Invalid value at '{path}' (type.googleapis.com/{schema}), {_shown(body)}")
            return None
        fields = self._schemas.fields(schema)
        if not fields and self._schemas.is_open(schema):
            return body
        found: dict[str, Any] = {}
        for key, value in body.items():
            field = fields.get(key) or fields.get(camel(key))
            here = f"{path}.{key}" if path else key
            if field is None:
                # `@type` says of which type a message of any type is.
                if key.startswith("@"):
                    found[key] = value
                    continue
                where = f" at '{path}'" if path else ""
                self._wrong(path, f'Invalid JSON payload received. Unknown name "{key}"{where}: Cannot find field.')
            elif value is not None and (self._keep or not field.read_only):
                taken = self._value(schema, field, value, here)
                if taken is not None:
                    found[field.name] = taken
        return found

    def _value(self, schema: str, field: Field, value: object, path: str) -> object:
        if field.repeated:
            if not isinstance(value, list):
                # Google's front end takes one value for a list of one.
                value = [value]
            taken = [self._entry(schema, field, each, f"{path}[{at}]") for at, each in enumerate(value)]
            return [each for each in taken if each is not None]
        return self._entry(schema, field, value, path)

    def _entry(self, schema: str, field: Field, value: object, path: str) -> object:
        if not field.mapped:
            return self._scalar(schema, field, value, path)
        if not isinstance(value, dict):
            self._wrong(path, f"Invalid value at '{path}' (Map), {_shown(value)}")
            return None
        return {key: self._scalar(schema, field, each, f"{path}.{key}") for key, each in value.items()}

    def _scalar(self, schema: str, field: Field, value: object, path: str) -> object:  # noqa: PLR0911 - one return a type
        if field.ref:
            return self.message(field.ref, value, path)
        if field.enum:
            return self._enum(schema, field, value, path)
        if field.type == "boolean":
            if isinstance(value, bool):
                return value
            if value in {"true", "false"}:
                return value == "true"
            return self._refuse(path, "TYPE_BOOL", value)
        if field.type == "integer" or field.format in _WHOLE:
            return self._integer(field, value, path)
        if field.type == "number":
            return self._number(field, value, path)
        if field.type == "string":
            return self._text(field, value, path)
        return value

    def _enum(self, schema: str, field: Field, value: object, path: str) -> object:
        if isinstance(value, str) and value in field.enum:
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            name = self._schemas.number_names(schema, field).get(value)
            if name is not None:
                return name
        return self._refuse(path, schema, value)

    def _integer(self, field: Field, value: object, path: str) -> object:
        low, high = _WHOLE.get(field.format or "int32", _WHOLE["int64"])
        number: int | None = None
        if isinstance(value, int) and not isinstance(value, bool):
            number = value
        elif isinstance(value, str) and _INTEGER.fullmatch(value):
            number = int(value)
        elif isinstance(value, float) and value.is_integer():
            number = int(value)
        if number is None or not low <= number <= high:
            return self._refuse(path, f"TYPE_{(field.format or 'int32').upper()}", value)
        return str(number) if field.type == "string" else number

    def _number(self, field: Field, value: object, path: str) -> object:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        if isinstance(value, str):
            if value in _NAMED_NUMBERS:
                return value
            try:
                number = float(value)
            except ValueError:
                number = math.nan
            if math.isfinite(number):
                return number
        return self._refuse(path, f"TYPE_{(field.format or 'double').upper()}", value)

    def _text(self, field: Field, value: object, path: str) -> object:
        if not isinstance(value, str):
            return self._refuse(path, "TYPE_STRING", value)
        if field.format == "byte" and not _is_base64(value):
            return self._refuse(path, "TYPE_BYTES", value)
        if field.format == "google-datetime" and not _is_timestamp(value):
            self._wrong(
                path, f"Invalid value at '{path}' (type.googleapis.com/google.protobuf.Timestamp), {_shown(value)}"
            )
            return None
        if field.format == "google-duration" and not _DURATION.fullmatch(value):
            self._wrong(
                path, f"Invalid value at '{path}' (type.googleapis.com/google.protobuf.Duration), {_shown(value)}"
            )
            return None
        return value

    def _refuse(self, path: str, kind: str, value: object) -> None:
        self._wrong(path, f"Invalid value at '{path}' ({kind}), {_shown(value)}")

    def _wrong(self, path: str, description: str) -> None:
        self._violations.append(Violation(path, description))


def _shown(value: object) -> str:
    """Show what was given; what is long is cut, as an answer must not grow with what was sent."""
    text = f'"{value}"' if isinstance(value, str) else str(value)
    most = 100
    return text if len(text) <= most else text[:most] + "…"


def _is_base64(value: str) -> bool:
    try:
        base64.b64decode(value.replace("-", "+").replace("_", "/") + "=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _is_timestamp(value: str) -> bool:
    # Python reads six digits of a second, Google writes up to nine.
    shortened = re.sub(r"(\.\d{6})\d+", r"\1", value)
    try:
        return datetime.fromisoformat(shortened).tzinfo is not None
    except ValueError:
        return False
