"""From the engine's protocol to property values as documents hold them."""

from google.protobuf import struct_pb2

from groundplan_policies.engine.values import SECRET, SIGNATURE, Value, redacted_secret


def properties(struct: struct_pb2.Struct) -> dict[str, Value]:
    """Give the properties of a resource. Of a secret only that it is one is kept.

    The protocol knows only floating-point numbers. One without a fraction is a whole number in a document.
    """
    return {key: _value(each) for key, each in struct.fields.items()}


def _value(value: struct_pb2.Value) -> Value:
    match value.WhichOneof("kind"):
        case "string_value":
            return value.string_value
        case "bool_value":
            return value.bool_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "list_value":
            return [_value(each) for each in value.list_value.values]
        case "struct_value":
            found = properties(value.struct_value)
            return redacted_secret() if found.get(SIGNATURE) == SECRET else found
        case _:
            return None
