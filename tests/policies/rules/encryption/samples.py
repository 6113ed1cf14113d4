"""Keys and resources with keys, as the tests of encryption need them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.policies.rules.harness import R, put, urn

PLACE = "europe-west4"
NAME = "projects/acme-keys/locations/europe-west4/keyRings/main/cryptoKeys/data"
"""A key of a project that the settings of the tests allow."""

FOREIGN = NAME.replace("acme-keys", "elsewhere")
RING = R("kms.KeyRing", {"project": "own", "location": PLACE, "name": "main"}, "ring")
KEY = R("kms.CryptoKey", {"name": "data", "keyRing": f"projects/own/locations/{PLACE}/keyRings/main"}, "key")
OWN = f"projects/own/locations/{PLACE}/keyRings/main/cryptoKeys/data"
KEY_URN, RING_URN = urn("kms.CryptoKey", "key"), urn("kms.KeyRing", "ring")


def keyed(uses: Mapping[str, str], value: str = NAME, **more: Any) -> list[R]:
    """Make a resource of each type of a table, with a key at the path that the table says."""
    return [R(type_, put(more, path, value), f"it-{index}") for index, (type_, path) in enumerate(uses.items())]
