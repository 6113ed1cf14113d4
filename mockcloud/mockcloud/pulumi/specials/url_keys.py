"""Keys for signed URLs: of each, what it is a key of has the name, and nobody gives the key back."""

from collections.abc import Mapping
from typing import Any

from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.translate import field_at


@special_row(
    "compute/backendBucketSignedUrlKey:BackendBucketSignedUrlKey",
    "compute/backendServiceSignedUrlKey:BackendServiceSignedUrlKey",
)
class UrlKey(Tabled):
    """Keys of a backend. The row's `self` names the backend."""

    def _read(self, place: Place, values: Mapping[str, Any]) -> dict[str, Any] | None:
        backend = super()._read(place, values)
        name = values.get("name")
        names = field_at(backend, ("cdnPolicy", "signedUrlKeyNames"))
        return {"keyName": name} if isinstance(names, list) and name in names else None
