"""What conditions can ask about a call: the resource, the time, what the call would change."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from mockcloud.cloud.access.hierarchy import Place
from mockcloud.cloud.access.tags import EffectiveTags
from mockcloud.cloud.projects import API as RESOURCE_MANAGER
from mockcloud.discovery.names import singular

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

_BY_NUMBER: Final = frozenset({"secretmanager"})
"""APIs whose resources conditions know by the project's number
(https://cloud.google.com/iam/docs/conditions-resource-attributes)."""

_TYPES: Final[Mapping[str, str]] = {
    "storage/b": "Bucket",
    "storage/o": "Object",
    "secretmanager/versions": "SecretVersion",
    "cloudkms/cryptoKeyVersions": "CryptoKeyVersion",
}
"""Types whose name is not the singular of the collection."""


class ApiAttributes:
    """What stands for `api` in a condition.

    Args:
        values: The attributes of the call by name.
    """

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def attribute(self, name: str, default: object) -> object:
        """Give an attribute, or the default."""
        return self._values.get(name, default)


def variables(
    cloud: "Cloud", place: Place, lineage: list[Place], attributes: Mapping[str, object]
) -> Mapping[str, Any]:
    """Give what a condition of a policy can ask for.

    Args:
        cloud: The cloud.
        place: The resource.
        lineage: The resource and everything above it.
        attributes: Attributes of the call.
    """
    api, name = place
    kind, shown = described(cloud, api, name)
    return {
        "resource": {
            "name": shown,
            "type": kind,
            "service": f"{api}.googleapis.com",
            "tags": EffectiveTags(cloud, lineage),
        },
        "request": {"time": cloud.clock.now},
        "api": ApiAttributes(attributes),
    }


def described(cloud: "Cloud", api: str, name: str) -> tuple[str, str]:
    """Give type and name of a resource as conditions know them. A collection stands for what it lies in."""
    parts = name.split("/")
    if api == "storage" and parts[0] == "b":
        return _of_storage(parts)
    if len(parts) % 2:
        parts = parts[:-1]
    if len(parts) == 2 and parts[0] in {"projects", "folders", "organizations"}:  # noqa: PLR2004 - word and id
        api = RESOURCE_MANAGER
    if not parts:
        return "", ""
    collection = parts[-2]
    word = singular(collection)
    kind = _TYPES.get(f"{api}/{collection}", word[:1].upper() + word[1:])
    if api in _BY_NUMBER and parts[0] == "projects":
        parts = ["projects", cloud.projects.number_of(parts[1]), *parts[2:]]
    return f"{api}.googleapis.com/{kind}", "/".join(parts)


def _of_storage(parts: list[str]) -> tuple[str, str]:
    bucket = parts[1] if len(parts) > 1 else ""
    if len(parts) > 3 and parts[2] in {"o", "managedFolders", "folders"}:  # noqa: PLR2004 - bucket, word, name
        word = {"o": "objects"}.get(parts[2], parts[2])
        kind = {"o": "Object", "managedFolders": "ManagedFolder", "folders": "Folder"}[parts[2]]
        return f"storage.googleapis.com/{kind}", f"projects/_/buckets/{bucket}/{word}/{'/'.join(parts[3:])}"
    return "storage.googleapis.com/Bucket", f"projects/_/buckets/{bucket}"
