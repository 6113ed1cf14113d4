"""Bodies held to the schemas of a description: names, types, enumerations.

A body is accepted as Google's front end reads JSON: camelCase or snake_case, whole numbers as text or number,
enumerations by name or number, null as absent. What it takes comes back in one spelling, so that the rest of the house
sees camelCase and names only. Fields that are for output alone are dropped, as Google drops them.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from mockcloud.discovery.fields import Field, field_of, inline_of
from mockcloud.discovery.names import camel
from mockcloud.discovery.numbers import names_of
from mockcloud.discovery.scalars import Unfit, shown

__all__ = ["Field", "Schemas", "Violation", "unfit"]

_DEEPEST: Final = 100
"""Messages in messages that are read, as in protocol buffers."""
_SCALARS: Final = frozenset({"string", "integer", "number", "boolean"})


class Violation(NamedTuple):
    """What is wrong with one field.

    Attributes:
        field: Its path in the request, as gRPC has it: `endpoint.encryption_spec`; "" for the request as a whole.
        description: What is wrong, in the words of Google's front end.
    """

    field: str
    description: str


class Schemas:
    """The schemas of a description.

    Args:
        description: The description.
    """

    def __init__(self, description: Mapping[str, Any]) -> None:
        self.api: str = description.get("name", "")
        self._raw: dict[str, Mapping[str, Any]] = dict(description.get("schemas", {}))
        self._fields: dict[str, Mapping[str, Field]] = {}
        self._spellings: dict[str, dict[str, Field]] = {}

    def __contains__(self, schema: str) -> bool:
        return schema in self._raw

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._raw))

    def fields(self, schema: str) -> Mapping[str, Field]:
        """Give the fields of a schema by name; none for one that is not described."""
        found = self._fields.get(schema)
        if found is None:
            found = {}
            for name, each in self._raw.get(schema, {}).get("properties", {}).items():
                inline = f"{schema}.{name}"
                message = inline_of(each)
                if message is not None:
                    self._raw[inline] = message
                found[name] = field_of(name, each, inline)
            self._fields[schema] = found
        return found

    def field(self, schema: str, spelling: str) -> Field | None:
        """Give a field by its name in camelCase or snake_case, or None."""
        known = self._spellings.get(schema)
        if known is None:
            known = self._spellings[schema] = dict(self.fields(schema))
        found = known.get(spelling)
        if found is None:
            found = known.get(camel(spelling))
            if found is not None:
                known[spelling] = found
        return found

    def of_type(self, type_name: str) -> str:
        """Give the schema of a message by its full name, with or without the front of a URL; "" where there is none.

        Descriptions flatten packages into names: `GoogleCloudAiplatformV1Endpoint`. Those of other APIs are bare.
        """
        parts = type_name.rpartition("/")[2].split(".")
        flat = "".join(part[:1].upper() + part[1:] for part in parts)
        return next((each for each in (flat, parts[-1]) if each in self._raw), "")

    def is_open(self, schema: str) -> bool:
        """Whether a schema takes any member, such as the value of a Struct."""
        raw = self._raw.get(schema)
        return raw is None or ("properties" not in raw and raw.get("type", "object") in {"object", "any"})

    def accept(
        self, schema: str, body: object, *, keep_read_only: bool = False, keep_null: bool = False, within: str = ""
    ) -> tuple[dict[str, Any], list[Violation]]:
        """Read a body.

        Args:
            schema: Name of its schema.
            body: The JSON.
            keep_read_only: Whether fields for output are kept; for messages that are no request.
            keep_null: Whether null is kept, since it clears a field; else it is as absent.
            within: Field of the request that the body stands for; "" where it is the whole request.

        Returns:
            The body in one spelling, and what is wrong with it. What is wrong is left out.
        """
        reading = _Reading(self, keep_read_only=keep_read_only, keep_null=keep_null)
        found = reading.message(schema, body, within, 0)
        return found if isinstance(found, dict) else {}, reading.violations

    def number_names(self, schema: str, field: Field) -> Mapping[int, str]:
        """Give what the numbers of an enumeration mean."""
        del schema
        return names_of(self.api, field.enum)


class _Reading:
    """One reading of one body."""

    def __init__(self, schemas: Schemas, *, keep_read_only: bool, keep_null: bool) -> None:
        self.violations: list[Violation] = []
        self._schemas = schemas
        self._keep = keep_read_only
        self._null = keep_null

    def message(self, schema: str, body: object, path: str, depth: int) -> object:
        if not isinstance(body, dict) or depth > _DEEPEST:
            self._no_message(schema, body, path, depth)
            return None
        if not self._schemas.fields(schema) and self._schemas.is_open(schema):
            return body
        found: dict[str, Any] = {}
        for key, value in body.items():
            field = self._schemas.field(schema, key)
            if field is None:
                self._unknown(found, key, value, path)
            elif field.takes_any_text and isinstance(value, str):
                found[field.name] = value
            elif value is None:
                if self._null and not field.read_only:
                    found[field.name] = None
            elif self._keep or not field.read_only:
                taken = self._value(field, value, f"{path}.{field.proto_name}" if path else field.proto_name, depth)
                if taken is not None:
                    found[field.name] = taken
        return found

    def _unknown(self, found: dict[str, Any], key: str, value: object, path: str) -> None:
        if key.startswith("@"):
            # `@type` says of which type a message of any type is.
            found[key] = value
            return
        where = f" at '{path}'" if path else ""
        self._wrong(path, f"Invalid JSON payload received. Unknown name {shown(key)}{where}: Cannot find field.")

    def _value(self, field: Field, value: object, path: str, depth: int) -> object:
        if field.repeated:
            if not isinstance(value, list):
                # Google's front end takes one value for a list of one.
                value = [value]
            taken = [self._entry(field, each, f"{path}[{at}]", depth) for at, each in enumerate(value)]
            return [each for each in taken if each is not None]
        return self._entry(field, value, path, depth)

    def _entry(self, field: Field, value: object, path: str, depth: int) -> object:
        if not field.mapped:
            if isinstance(value, list) and not field.repeated and (field.ref or field.type in _SCALARS):
                self._not_repeated(path)
                return None
            return self._one(field, value, path, depth)
        if not isinstance(value, dict):
            self._wrong(path, f"Invalid value at '{path}' (Map), {shown(value)}")
            return None
        # The front end counts the entries of a map, and does not name them.
        return {
            key: None if each is None and self._null else self._one(field, each, f"{path}[{at}].value", depth)
            for at, (key, each) in enumerate(value.items())
        }

    def _one(self, field: Field, value: object, path: str, depth: int) -> object:
        if field.ref:
            return self.message(field.ref, value, path, depth + 1)
        if field.enum and isinstance(value, int) and not isinstance(value, bool):
            value = names_of(self._schemas.api, field.enum).get(value, value)
        try:
            return field.read(value)
        except Unfit as error:
            self._wrong(path, unfit(error, path, value))
            return None

    def _no_message(self, schema: str, body: object, path: str, depth: int) -> None:
        if depth > _DEEPEST and isinstance(body, dict):
            self._wrong(path, f"Message too deep. Max recursion depth reached for key '{path[-100:]}'.")
        elif depth:
            self._wrong(path, f"Invalid value at '{path}' (type.googleapis.com/{schema}), {shown(body)}")
        else:
            self._wrong("", 'Invalid JSON payload received. Unknown name "": Root element must be a message.')

    def _not_repeated(self, path: str) -> None:
        above, _, name = path.rpartition(".")
        where = f" at '{above}'" if above else ""
        what = "Proto field is not repeating, cannot start list."
        self._wrong(above, f"Invalid JSON payload received. Unknown name {shown(name)}{where}: {what}")

    def _wrong(self, path: str, description: str) -> None:
        self.violations.append(Violation(path, description))


def unfit(error: Unfit, path: str, value: object) -> str:
    """Say in the words of Google's front end that a value is not of its type."""
    if error.pattern:
        return f"Invalid value for field '{path}': {shown(value)}. Must be a match of regex '{error.pattern}'"
    return f"Invalid value at '{path}' ({error.kind}), {shown(value)}"
