"""Property values as Pulumi writes them: plain JSON, with markers for what is unknown, secret, or an asset.

The markers are Pulumi's own (sdk/go/common/resource/sig and sdk/go/common/resource/plugin/rpc.go). They are
spelt out here so that this package needs no Pulumi to read what Pulumi wrote.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias, TypeGuard

Value: TypeAlias = bool | int | float | str | Sequence["Value"] | Mapping[str, "Value"] | None
"""A property value: JSON as `json.loads` gives it, in which some strings and objects are markers."""

UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What stands in a document for a value that is known only after the deployment."""

_UNKNOWNS = (
    UNKNOWN,
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # a boolean
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # a number
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # an array
    "030794c1-ac77-496b-92df-f27374a8bd58",  # an asset
    "e48ece36-62e2-4504-bad9-02848725956a",  # an archive
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # an object
)
_UNKNOWN_PART = re.compile("|".join(_UNKNOWNS))
_UNKNOWN_LENGTH = len(UNKNOWN)

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key by which an object says that it is no plain object."""

SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the signature of secrets, no secret itself
"""The signature of a secret value."""

ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
"""The signature of an asset: a text, a file or an address."""

ARCHIVE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"
"""The signature of an archive of assets."""

REFERENCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
"""The signature of a reference to a resource."""

REDACTED: Final = "[secret]"
"""What `pulumi preview --json` prints in the place of a secret, and what the embedded engine keeps of one."""

_PLAIN_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


def redacted_secret() -> dict[str, Value]:
    """Give a secret in Pulumi's encoding, without what it holds."""
    return {SIGNATURE: SECRET, "ciphertext": REDACTED}


def is_unknown(value: Value) -> bool:
    """Whether a value, or a part of the text that it is, is known only after the deployment.

    A text that was put together around an unknown part is unknown as well: `projects/<unknown>/keys` cannot be judged.
    """
    # The length and the usual case are asked first: a search costs ten times as much.
    return (
        isinstance(value, str)
        and len(value) >= _UNKNOWN_LENGTH
        and (value == UNKNOWN or _UNKNOWN_PART.search(value) is not None)
    )


def split_unknown(text: str) -> tuple[str, str]:
    """Give what stands before the first unknown part of a text and after the last; twice the text if there is none."""
    parts = _UNKNOWN_PART.split(text)
    return parts[0], parts[-1]


def without_unknown(text: str) -> str:
    """Give a text with a question mark for each part of it that is known only after the deployment."""
    return _UNKNOWN_PART.sub("?", text)


def is_special(value: Value) -> TypeGuard[Mapping[str, Value]]:
    """Whether a value is a secret, an asset, an archive or a reference, and not a plain object."""
    return isinstance(value, dict) and SIGNATURE in value


def signature(value: Value) -> str:
    """Give the signature of a value: one of the constants of this module, or "" for plain JSON."""
    return str(value[SIGNATURE]) if is_special(value) else ""


def is_secret(value: Value) -> bool:
    """Whether a value is a secret, encrypted, redacted or in the clear."""
    return signature(value) == SECRET


def join_key(path: str, key: str) -> str:
    """Append a key to a property path, as Pulumi writes paths: `a.b`, or `a["b-c"]` for a key that is no plain word."""
    if not (key.isascii() and key.isidentifier()) and not _PLAIN_KEY.fullmatch(key):
        return f"{path}[{json.dumps(key, ensure_ascii=False)}]"
    return f"{path}.{key}" if path else key


def leaves(value: Value, path: str = "") -> Iterator[tuple[str, Value]]:
    """Walk to every value that holds no other, each with its property path.

    Secrets, assets and references count as one leaf: what is inside them is not to be walked into. An empty object
    or array is a leaf too, since that it is empty can matter. The order is that of the document.
    """
    stack: list[tuple[str, Value]] = [(path, value)]
    while stack:
        here, node = stack.pop()
        if isinstance(node, dict) and node and SIGNATURE not in node:
            stack.extend((join_key(here, key), child) for key, child in reversed(tuple(node.items())))
        elif isinstance(node, list) and node:
            stack.extend((f"{here}[{index}]", node[index]) for index in range(len(node) - 1, -1, -1))
        else:
            yield here, node


def contains_unknown(value: Value) -> bool:
    """Whether any leaf of a value is unknown."""
    return any(is_unknown(leaf) for _, leaf in leaves(value))


def contains_secret(value: Value) -> bool:
    """Whether any leaf of a value is a secret."""
    return any(is_secret(leaf) for _, leaf in leaves(value))
