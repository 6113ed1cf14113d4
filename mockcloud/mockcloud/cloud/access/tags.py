"""Tags: which values a resource has, its own and those from above it."""

from typing import TYPE_CHECKING

from mockcloud.cloud.access.hierarchy import Place, numbered
from mockcloud.cloud.projects import API
from mockcloud.cloud.store import Record

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud


def full_name(cloud: "Cloud", place: Place) -> str:
    """Give the full resource name under which tags are bound: `//cloudresourcemanager.googleapis.com/projects/1`."""
    api, name = place
    return f"//{api}.googleapis.com/{numbered(cloud, name) if api == API else name}"


class EffectiveTags:
    """The tags of one resource.

    Args:
        cloud: The cloud.
        places: The resource and everything above it, the resource first: what is nearer counts.
    """

    def __init__(self, cloud: "Cloud", places: list[Place]) -> None:
        self._cloud = cloud
        self._places = places
        self._values: dict[str, Record] | None = None

    @property
    def values(self) -> dict[str, Record]:
        """Tag key (`tagKeys/1`) -> the value that counts."""
        if self._values is None:
            self._values = {}
            bindings = self._cloud.store.page(API, "tagBindings")
            bound: dict[str, list[Record]] = {}
            for each in bindings:
                bound.setdefault(each.body["parent"], []).append(each)
            for place in self._places if bound else ():
                for binding in bound.get(full_name(self._cloud, place), ()):
                    value = self._cloud.store.get(API, binding.body["tagValue"])
                    if value is not None:
                        self._values.setdefault(value.body["parent"], value)
        return self._values

    def tag(self, key: str) -> str | None:
        """Give the short name of the value for a key: `123456/env`, or `tagKeys/1`."""
        value = self._value(key)
        return None if value is None else str(value.body["shortName"])

    def tag_id(self, key: str) -> str | None:
        """Give the permanent id of the value for a key: `tagValues/2`."""
        value = self._value(key)
        return None if value is None else value.name

    def _value(self, key: str) -> Record | None:
        for identifier, value in self.values.items():
            record = self._cloud.store.get(API, identifier)
            if key == identifier or (record is not None and record.body.get("namespacedName") == key):
                return value
        return None
