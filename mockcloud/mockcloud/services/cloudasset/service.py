"""The service, and resources as assets."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from mockcloud.cloud.access.attributes import described
from mockcloud.cloud.access.hierarchy import container_of, containers, numbered
from mockcloud.cloud.access.tags import full_name
from mockcloud.cloud.call import Call
from mockcloud.cloud.mentions import keys
from mockcloud.cloud.store import Record
from mockcloud.discovery.documents import apis
from mockcloud.services.service import Service

API: Final = "cloudasset"
SERVICE = Service(API, modelled=False)

_NO_ASSETS: Final = frozenset({"operations", "tagBindings", "deletedServiceAccounts", "billingInfo", "services"})
"""Collections whose resources are no assets."""
_OWN: Final = frozenset({API, "serviceusage", "oauth2", "sts"})


@dataclass(frozen=True, slots=True)
class Asset:
    """A resource, as the inventory has it.

    Attributes:
        record: The resource.
        name: Full resource name: `//aiplatform.googleapis.com/projects/1/…`.
        type: `aiplatform.googleapis.com/Dataset`.
        above: Project, folders and organisation in which it is, the nearest first, with the project's number.
    """

    record: Record
    name: str
    type: str
    above: tuple[str, ...]

    @property
    def location(self) -> str:
        """Where it is; `global` where that is not said."""
        parts = self.record.name.split("/")
        places = ("locations", "zones", "regions")
        stated = next((parts[at + 1] for at, part in enumerate(parts[:-1]) if part in places), "")
        return stated or str(self.record.body.get("location", "global")).lower()


def assets(call: Call, scope: str) -> Iterator[Asset]:
    """Give the assets of a project, folder or organisation, those of one service beside one another."""
    cloud = call.cloud
    for record in cloud.store:
        words = record.parent.split("/")
        if (
            record.api in _OWN
            or record.api not in apis()
            or words[-1] in _NO_ASSETS
            or record.name.startswith("policies/")
        ):
            continue
        above = list(containers(cloud, container_of(cloud, record.api, record.name)))
        if scope in above:
            kind, _ = described(cloud, record.api, record.name)
            shown = tuple(numbered(cloud, each) for each in above)
            yield Asset(record, asset_name(call, record), kind, shown)


def asset_name(call: Call, record: Record) -> str:
    """Give the full resource name of a resource."""
    if record.api == "storage" and record.name.startswith("b/"):
        return f"//storage.googleapis.com/{record.name.removeprefix('b/')}"
    return full_name(call.cloud, (record.api, record.name))


def is_of_type(asset: Asset, asked: list[str]) -> bool:
    """Whether an asset is of one of the types that are asked for; none stands for all, `.*` at an end for any."""
    return not asked or any(
        asset.type == each or (each.endswith(".*") and asset.type.startswith(each[:-2])) for each in asked
    )


def several(call: Call, parameter: str) -> list[str]:
    """Give a query parameter that may come several times."""
    value: Any = call.query.get(parameter, [])
    return [value] if isinstance(value, str) else list(value)


def key_of(asset: Asset) -> list[str]:
    """Give the keys with which a resource says that it is encrypted."""
    return [] if asset.record.api == "cloudkms" else list(dict.fromkeys(keys(asset.record.body)))
