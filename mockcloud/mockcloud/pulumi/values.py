"""Property values as documents have them: plain JSON, with markers for what JSON cannot say.

Source of the markers: pulumi `sdk/go/common/resource/sig` and `sdk/go/common/resource/plugin/rpc.go`.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

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

REDACTED: Final = "[secret]"
"""What a document keeps of a secret."""

_PLAIN_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


def redacted_secret() -> dict[str, Value]:
    """Give a secret in Pulumi's encoding, without what it holds."""
    return {SIGNATURE: SECRET, "ciphertext": REDACTED}


def secret(value: Value) -> dict[str, Value]:
    """Give a value in Pulumi's encoding of secrets, as the wire has it."""
    return {SIGNATURE: SECRET, "value": value}


def is_unknown(value: object) -> bool:
    """Whether a value is known only after the deployment."""
    return value == UNKNOWN


def plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Take the mark off a secret."""
    if isinstance(value, dict) and value.get(SIGNATURE) == SECRET:
        return plain(value.get("value"))
    return value


def join_key(path: str, key: str) -> str:
    """Append a key to a property path as Pulumi writes paths: `a.b`, or `a["b-c"]` for a key that is no plain word."""
    if not _PLAIN_KEY.fullmatch(key):
        return f"{path}[{json.dumps(key, ensure_ascii=False)}]"
    return f"{path}.{key}" if path else key


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


def from_document(value: Value) -> Value:
    """Turn secrets as an exported stack writes them into secrets as the wire has them.

    `plaintext` (`pulumi stack export --show-secrets`) is JSON. Of a `ciphertext` nobody
    knows the value; an unknown one would make everything beside it unknown too, so a placeholder stands for it.
    """
    if isinstance(value, list):
        return [from_document(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get(SIGNATURE) == SECRET and "value" not in value:
        text = value.get("plaintext")
        plain: Value = json.loads(text) if isinstance(text, str) else REDACTED
        return {SIGNATURE: SECRET, "value": plain}
    return {key: from_document(item) for key, item in value.items()}
