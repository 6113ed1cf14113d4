"""Messages held to schemas.

Avro in JSON is checked field by field. Binary messages are taken as they are, and a protocol buffer in JSON is only
held to being JSON.
"""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.pubsub.service import API

_PRIMITIVES: Final[Mapping[str, tuple[type, ...]]] = {
    "null": (type(None),),
    "boolean": (bool,),
    "int": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "bytes": (str,),
    "string": (str,),
}
_COMPLEX: Final = frozenset({"record", "enum", "array", "map", "fixed"})
_MESSAGE: Final = re.compile(r"\bmessage\s+[A-Za-z_]\w*\s*\{")


def hold_definition(schema: Body) -> None:
    """Hold the definition of a schema to its language.

    Raises:
        ApiError: It is none.
    """
    definition = schema.get("definition", "")
    kind = schema.get("type", "TYPE_UNSPECIFIED")
    if kind == "TYPE_UNSPECIFIED" or not definition:
        raise _wrong("type and definition must be set")
    if kind == "PROTOCOL_BUFFER":
        if not _MESSAGE.search(definition) or definition.count("{") != definition.count("}"):
            raise _wrong("it has no message, or its braces do not match")
        return
    try:
        _hold_avro(json.loads(definition), set())
    except (ValueError, RecursionError):
        raise _wrong("it is no Avro schema in JSON") from None


def _wrong(why: str) -> ApiError:
    return invalid(f"Invalid schema definition: {why}.", Violation("schema.definition", why))


def _hold_avro(found: Any, names: set[str]) -> None:  # noqa: ANN401 - JSON of any shape
    """Hold an Avro schema to its form; names of records may come again."""
    if isinstance(found, str):
        if found not in _PRIMITIVES and found not in names:
            raise ValueError(found)
    elif isinstance(found, list):
        for each in found:
            _hold_avro(each, names)
    elif isinstance(found, dict) and found.get("type") in _COMPLEX:
        if found["type"] in {"record", "enum", "fixed"}:
            names.add(str(found["name"]) if "name" in found else _no_name())
        for each in found["fields"] if found["type"] == "record" and isinstance(found.get("fields"), list) else []:
            _hold_avro(each["type"] if isinstance(each, dict) and "type" in each else None, names)
        inner = {"array": "items", "map": "values"}.get(found["type"])
        if inner:
            _hold_avro(found.get(inner), names)
    elif isinstance(found, dict):
        _hold_avro(found.get("type"), names)
    else:
        raise ValueError(str(found))


def _no_name() -> str:
    raise ValueError("a named type without a name")


def hold_messages(cloud: Cloud, topic: Record, messages: list[dict[str, Any]]) -> None:
    """Hold messages to their topic's schema, where it has one.

    Raises:
        ApiError: One does not fit.
    """
    settings = topic.body.get("schemaSettings", {})
    record = cloud.store.get(API, settings["schema"]) if settings.get("schema") else None
    if record is not None:
        for each in messages:
            hold_message(record.body, settings.get("encoding", "JSON"), each.get("data", ""))


def hold_message(schema: Body, encoding: str, data: str) -> None:
    """Hold one message to a schema.

    Raises:
        ApiError: It does not fit.
    """
    if encoding == "BINARY":
        return
    try:
        value = json.loads(base64.b64decode(data + "==="))
    except (ValueError, RecursionError):
        raise _unfit("the message is not JSON") from None
    if schema["type"] == "AVRO":
        definition = json.loads(schema["definition"])
        if not _fits(definition, value, _named(definition, {})):
            raise _unfit("the message does not fit the schema")


def _unfit(why: str) -> ApiError:
    return invalid(f"Invalid data in message: {why}.", Violation("message", why), reason="badRequest")


def _named(schema: Any, found: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - JSON of any shape
    """Give the named types of a schema."""
    if isinstance(schema, list):
        for each in schema:
            _named(each, found)
    elif isinstance(schema, dict):
        if "name" in schema and schema.get("type") in _COMPLEX:
            found[schema["name"]] = schema
        for each in schema.get("fields", []):
            _named(each.get("type"), found)
        for key in ("items", "values", "type"):
            _named(schema.get(key), found)
    return found


def _fits(schema: Any, value: Any, names: Mapping[str, Any]) -> bool:  # noqa: ANN401, PLR0911 - JSON; a return a type
    """Whether a value in Avro's JSON form is one of a type. A value of a union may be bare or say its type."""
    if isinstance(schema, list):
        if any(_fits(each, value, names) for each in schema):
            return True
        tagged = isinstance(value, dict) and len(value) == 1
        return tagged and any(_fits(each, next(iter(value.values())), names) for each in schema)
    if isinstance(schema, str):
        if schema in names:
            return _fits(names[schema], value, names)
        # In Python a boolean is an integer, in Avro it is not.
        return isinstance(value, _PRIMITIVES[schema]) and (schema == "boolean" or not isinstance(value, bool))
    kind = schema["type"]
    if kind == "record":
        fields = {each["name"]: each for each in schema.get("fields", [])}
        return (
            isinstance(value, dict)
            and value.keys() <= fields.keys()
            and all(
                _fits(each["type"], value[name], names) if name in value else "default" in each
                for name, each in fields.items()
            )
        )
    if kind == "enum":
        return value in schema.get("symbols", [])
    if kind == "array":
        return isinstance(value, list) and all(_fits(schema["items"], each, names) for each in value)
    if kind == "map":
        return isinstance(value, dict) and all(_fits(schema["values"], each, names) for each in value.values())
    return isinstance(value, str) if kind == "fixed" else _fits(kind, value, names)
