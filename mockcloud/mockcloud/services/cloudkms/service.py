"""The service, and the words of its paths."""

from typing import Final

from mockcloud.services.service import Service

API: Final = "cloudkms"
KEYS: Final = "projects.locations.keyRings.cryptoKeys"
VERSIONS: Final = f"{KEYS}.cryptoKeyVersions"

SERVICE: Final = Service(API)
