"""Enumerations as numbers, which clients ask for with `$alt=json;enum-encoding=int`."""

from collections.abc import Mapping
from typing import Any

from mockcloud.discovery.fields import Field
from mockcloud.discovery.numbers import numbers_of
from mockcloud.discovery.schemas import Schemas


def numbered(body: object, schemas: Schemas, schema: str) -> Any:  # noqa: ANN401 - JSON, as it came
    """Give a message with the numbers of its enumerations.

    Args:
        body: The message.
        schemas: Schemas of the API's version.
        schema: Its schema; what is not described stays as it is.
    """
    if not isinstance(body, Mapping):
        return body
    if "@type" in body:
        schema = schemas.of_type(str(body["@type"]))
    fields = schemas.fields(schema) if schema else {}
    found: dict[str, Any] = {}
    for key, value in body.items():
        field = fields.get(key)
        if field is not None:
            found[key] = _field(value, schemas, field)
        else:
            found[key] = numbered(value, schemas, "")
    return found


def _field(value: object, schemas: Schemas, field: Field) -> object:
    if isinstance(value, list):
        return [_field(each, schemas, field) for each in value]
    if field.mapped and isinstance(value, Mapping):
        if "@type" in value:
            return numbered(value, schemas, "")  # a message of any type, such as what an operation ends with
        return {key: _one(each, schemas, field) for key, each in value.items()}
    return _one(value, schemas, field)


def _one(value: object, schemas: Schemas, field: Field) -> object:
    if field.enum:
        return numbers_of(schemas.api, field.enum).get(value, value) if isinstance(value, str) else value
    return numbered(value, schemas, field.ref) if isinstance(value, Mapping) else value
