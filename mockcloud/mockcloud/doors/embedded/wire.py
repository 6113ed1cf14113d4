"""Property values on Pulumi's wire, and how they become document values.

On the wire a property is a protobuf value with almost the markers of a document.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from google.protobuf import struct_pb2

from mockcloud.doors.embedded.assets import hash_archive, hash_asset
from mockcloud.pulumi.values import (
    ARCHIVE,
    ASSET,
    REFERENCE,
    SECRET,
    SIGNATURE,
    UNKNOWN,
    Value,
    join_key,
    leaves,
    redacted_secret,
)

OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
"""A value that says which resources it was made of. On the wire only: documents have no such thing."""


@dataclass(slots=True)
class Decoder:
    """Turns wire values into document values.

    Attributes:
        provenance: Filled while decoding: property path of a leaf -> URNs of the resources that it was made of.
        on_secret: Called with the plain value of each secret, before it is dropped.
        met_outputs: Whether there were output values among what was decoded.
    """

    on_secret: Callable[[Value], None]
    provenance: dict[str, list[str]] = field(default_factory=dict)
    met_outputs: bool = False

    def properties(self, struct: struct_pb2.Struct) -> dict[str, Value]:
        """Decode a bag of properties."""
        fields = struct.fields
        return {key: self.value(fields[key], join_key("", key)) for key in sorted(fields)}

    def value(self, value: struct_pb2.Value, path: str) -> Value:
        """Decode one value that stands at a property path."""
        match value.WhichOneof("kind"):
            case "string_value":
                return value.string_value
            case "number_value":
                number = value.number_value
                # Go prints a whole number without a fraction, whatever its type was in the program.
                return int(number) if number.is_integer() else number
            case "bool_value":
                return value.bool_value
            case "list_value":
                items = value.list_value.values
                return [self.value(item, f"{path}[{index}]") for index, item in enumerate(items)]
            case "struct_value":
                return self._object(value.struct_value, path)
            case _:
                return None

    def _object(self, struct: struct_pb2.Struct, path: str) -> Value:
        fields = struct.fields
        if SIGNATURE in fields:
            return self._special(struct, fields[SIGNATURE].string_value, path)
        return {key: self.value(fields[key], join_key(path, key)) for key in sorted(fields)}

    def _special(self, struct: struct_pb2.Struct, signature: str, path: str) -> Value:
        fields = struct.fields
        if signature == OUTPUT:
            return self._output(struct, path)
        if signature == SECRET:
            # What is inside counts as one leaf, so its provenance is the leaf's.
            inner = Decoder(self.on_secret)
            self.on_secret(inner.value(fields["value"], path))
            self.met_outputs |= inner.met_outputs
            self._remember(path, [urn for urns in inner.provenance.values() for urn in urns])
            return redacted_secret()
        if signature == REFERENCE:
            identity = self.value(fields["id"], path) if "id" in fields else None
            reference: dict[str, Value] = {SIGNATURE: REFERENCE, "urn": self.value(fields["urn"], path)}
            if identity is not None:
                # The real engine writes an id that is not known yet as an empty one.
                reference["id"] = "" if identity == UNKNOWN else identity
            return {**reference, "packageVersion": ""}
        plain = {key: self.value(fields[key], path) for key in sorted(fields)}
        if signature == ASSET:
            return _without_none({**plain, "hash": hash_asset(plain)})
        if signature == ARCHIVE:
            return _without_none({**plain, "hash": hash_archive(plain)})
        return plain

    def _output(self, struct: struct_pb2.Struct, path: str) -> Value:
        fields, self.met_outputs = struct.fields, True
        decoded = self.value(fields["value"], path) if "value" in fields else UNKNOWN
        urns = [item.string_value for item in fields["dependencies"].list_value.values]
        for leaf, _ in leaves(decoded, path):
            self._remember(leaf, urns)
        if "secret" in fields and fields["secret"].bool_value:
            self.on_secret(decoded)
            return redacted_secret()
        return decoded

    def _remember(self, path: str, urns: Sequence[str]) -> None:
        if urns:
            self.provenance[path] = sorted({*self.provenance.get(path, ()), *urns})


def _without_none(value: Mapping[str, Value]) -> dict[str, Value]:
    return {key: item for key, item in value.items() if item is not None}


def lower_outputs(value: struct_pb2.Value) -> None:
    """Replace output values, in place, by what they hold: a plain value, a secret or the unknown marker."""
    match value.WhichOneof("kind"):
        case "struct_value":
            fields = value.struct_value.fields
            if SIGNATURE in fields and fields[SIGNATURE].string_value == OUTPUT:
                _lower_one(value)
            for key in list(value.struct_value.fields) if value.WhichOneof("kind") == "struct_value" else ():
                lower_outputs(value.struct_value.fields[key])
        case "list_value":
            for item in value.list_value.values:
                lower_outputs(item)
        case _:
            pass


def _lower_one(value: struct_pb2.Value) -> None:
    fields = value.struct_value.fields
    secret = "secret" in fields and fields["secret"].bool_value
    inner = struct_pb2.Value(string_value=UNKNOWN)
    if "value" in fields:
        inner.CopyFrom(fields["value"])
    lower_outputs(inner)
    if secret:
        wrap_secret(inner)
    value.CopyFrom(inner)


def wrap_secret(value: struct_pb2.Value) -> None:
    """Mark a wire value, in place, as a secret."""
    wrapped = struct_pb2.Value()
    wrapped.struct_value.fields[SIGNATURE].string_value = SECRET
    wrapped.struct_value.fields["value"].CopyFrom(value)
    value.CopyFrom(wrapped)


def to_wire(value: Value) -> struct_pb2.Value:
    """Encode a plain JSON value, in which markers may stand, for the wire."""
    wire = struct_pb2.Value()
    match value:
        case None:
            wire.null_value = struct_pb2.NULL_VALUE
        case bool():
            wire.bool_value = value
        case int() | float():
            wire.number_value = value
        case str():
            wire.string_value = value
        case list():
            wire.list_value.values.extend(to_wire(item) for item in value)
        case dict():
            wire.struct_value.SetInParent()
            for key, item in value.items():
                wire.struct_value.fields[key].CopyFrom(to_wire(item))
    return wire


def from_struct(struct: struct_pb2.Struct) -> dict[str, Any]:
    """Read properties. Output values become what they hold: a plain value, a secret or the unknown marker."""
    return {name: _plain_value(value) for name, value in struct.fields.items()}


def to_struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """Write properties."""
    return to_wire(dict(values)).struct_value


def _plain_value(value: struct_pb2.Value) -> Any:  # noqa: ANN401 - JSON
    match value.WhichOneof("kind"):
        case "string_value":
            return value.string_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [_plain_value(item) for item in value.list_value.values]
        case "struct_value":
            return _plain_object(value.struct_value)
        case _:
            return None


def _plain_object(struct: struct_pb2.Struct) -> Any:  # noqa: ANN401 - JSON
    found = from_struct(struct)
    if found.get(SIGNATURE) != OUTPUT:
        return found
    held = found.get("value", UNKNOWN)
    return {SIGNATURE: SECRET, "value": held} if found.get("secret") else held
