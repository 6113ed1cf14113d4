"""Property values on Pulumi's wire and in its documents.

On the wire a property is a protobuf value with markers for what JSON cannot say; in a document it is JSON with almost
the same markers. Source of the markers: pulumi `sdk/go/common/resource/sig` and `sdk/go/common/resource/plugin/rpc.go`.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from google.protobuf import struct_pb2

from mockcloud.doors.embedded.assets import hash_archive, hash_asset

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"
"""A property value in a document: JSON, in which some strings and objects are markers."""

UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""A value that is known only after the deployment."""

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key by which an object says that it is no plain object."""

SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the signature of secrets, no secret itself
ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"
REFERENCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
"""A value that says which resources it was made of. On the wire only: documents have no such thing."""

REDACTED: Final = "[secret]"
"""What a document keeps of a secret."""

_PLAIN_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


def redacted_secret() -> dict[str, Value]:
    """Give a secret in Pulumi's encoding, without what it holds."""
    return {SIGNATURE: SECRET, "ciphertext": REDACTED}


def join_key(path: str, key: str) -> str:
    """Append a key to a property path as Pulumi writes paths: `a.b`, or `a["b-c"]` for a key that is no plain word."""
    if not _PLAIN_KEY.fullmatch(key):
        return f"{path}[{json.dumps(key, ensure_ascii=False)}]"
    return f"{path}.{key}" if path else key


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


def leaves(value: Value, path: str) -> Iterator[tuple[str, Value]]:
    """Walk to every value that holds no other, each with its property path. Markers and empty containers count."""
    if isinstance(value, dict) and value and SIGNATURE not in value:
        for key, item in value.items():
            yield from leaves(item, join_key(path, key))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, f"{path}[{index}]")
    else:
        yield path, value


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


def from_document(value: Value) -> Value:
    """Turn secrets as an exported stack writes them into secrets as the wire has them.

    `plaintext` (`pulumi stack export --show-secrets`) is JSON. Of a `ciphertext` the value is unknown.
    """
    if isinstance(value, list):
        return [from_document(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get(SIGNATURE) == SECRET and "value" not in value:
        text = value.get("plaintext")
        plain: Value = json.loads(text) if isinstance(text, str) else UNKNOWN
        return {SIGNATURE: SECRET, "value": plain}
    return {key: from_document(item) for key, item in value.items()}


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
