"""Between protobuf messages and the JSON that the cloud speaks."""

from collections.abc import Mapping
from typing import Any, TypeVar

from google.api.httpbody_pb2 import HttpBody
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError, SerializeToJsonError
from google.protobuf.message import Message

from mockcloud.cloud.errors import invalid
from mockcloud.discovery.names import camel

SomeMessage = TypeVar("SomeMessage", bound=Message)


def to_json(message: Message) -> dict[str, Any]:
    """Write a message as JSON: fields that are not set are left out.

    Raises:
        ApiError: 400: it holds what has no JSON, such as a message of a type that nobody knows.
    """
    try:
        return _written(message)
    except SerializeToJsonError:
        return _with_masks(message)
    except (TypeError, ValueError) as error:
        raise invalid(f"The request cannot be read: {error}") from None


def _written(message: Message) -> dict[str, Any]:
    written: dict[str, Any] = MessageToDict(message)
    return written


def _with_masks(message: Message) -> dict[str, Any]:
    """Write a message whose field masks name what is no field, such as a key of a map with capitals in it."""
    bare = type(message)()
    bare.CopyFrom(message)
    masks = {}
    for field, value in message.ListFields():
        if isinstance(value, FieldMask):
            masks[field.json_name] = ",".join(_camel_path(path) for path in value.paths)
            bare.ClearField(field.name)
    try:
        return {**_written(bare), **masks}
    except (SerializeToJsonError, TypeError, ValueError) as error:
        raise invalid(f"The request cannot be read: {error}") from None


def _camel_path(path: str) -> str:
    return ".".join(camel(part) if part == part.lower() else part for part in path.split("."))


def from_json(kind: type[SomeMessage], body: Mapping[str, Any]) -> SomeMessage:
    """Read JSON as a message. What the message has no place for is left out: the client does not know it."""
    message = kind()
    try:
        ParseDict(dict(body), message, ignore_unknown_fields=True)
    except ParseError:
        message = kind()
        _take_what_fits(message, body)
    return message


def _take_what_fits(message: Message, body: Mapping[str, Any]) -> None:
    """Read field by field, so that one that does not fit takes no other with it."""
    fields = {name: field for field in message.DESCRIPTOR.fields for name in (field.json_name, field.name)}
    for name, value in body.items():
        field = fields.get(name)
        if field is None:
            continue
        alone = type(message)()
        try:
            ParseDict({name: value}, alone, ignore_unknown_fields=True)
        except ParseError:
            inner = getattr(message, field.name)
            if not isinstance(inner, Message) and isinstance(value, list) and field.message_type is not None:
                for each in value:
                    if isinstance(each, Mapping):
                        _take_what_fits(inner.add(), each)
            elif isinstance(inner, Message) and isinstance(value, Mapping) and not _is_known(inner):
                inner.SetInParent()
                _take_what_fits(inner, value)
        else:
            message.MergeFrom(alone)


def _is_known(message: Message) -> bool:
    """Whether JSON has a form of its own for a message, such as text for a moment."""
    return message.DESCRIPTOR.full_name.startswith("google.protobuf.")


def media(content: bytes, content_type: str) -> HttpBody:
    """Give media as the message that stands for a whole HTTP body."""
    return HttpBody(content_type=content_type, data=content)
