"""What compute offers: regions, zones, machine types, disk types, accelerators. The catalogues answer."""

from collections.abc import Callable
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.ids import steady
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body
from mockcloud.services import catalogues
from mockcloud.services.catalogues.machines import offered
from mockcloud.services.catalogues.tables import table
from mockcloud.services.compute import lists
from mockcloud.services.compute.api import SERVICE
from mockcloud.services.compute.errors import missing
from mockcloud.services.compute.links import link, short
from mockcloud.services.compute.standard import versioned


def _base(call: Call, collection: str, place: str, name: str) -> dict[str, Any]:
    full = (
        f"projects/{call.project}/{place}/{collection}/{name}"
        if place
        else f"projects/{call.project}/{collection}/{name}"
    )
    return {
        "kind": f"compute#{collection.removesuffix('s')}",
        "id": steady(f"{collection}/{place}/{name}", 19),
        "creationTimestamp": "1969-12-31T16:00:00.000-08:00",
        "name": name,
        "selfLink": link(full),
    }


def _region(call: Call, name: str) -> dict[str, Any]:
    zones = [link(f"projects/{call.project}/zones/{each}") for each in catalogues.zones_of(name)]
    others = (("DISKS_TOTAL_GB", 40960.0), ("IN_USE_ADDRESSES", 69.0), ("STATIC_ADDRESSES", 8.0))
    quotas = [
        *call.cloud.quotas.of_region(call.project, name),
        *({"metric": metric, "limit": limit, "usage": 0.0} for metric, limit in others),
    ]
    return {**_base(call, "regions", "", name), "description": name, "status": "UP", "zones": zones, "quotas": quotas}


def _zone(call: Call, name: str) -> dict[str, Any]:
    region = link(f"projects/{call.project}/regions/{catalogues.region_of(name)}")
    return {**_base(call, "zones", "", name), "description": name, "status": "UP", "region": region}


def _machine(call: Call, place: str, name: str) -> dict[str, Any]:
    found = catalogues.machine_type(name)
    if found is None:
        raise missing(f"projects/{call.project}/{place}/machineTypes/{name}")
    gpus = [{"guestAcceleratorType": found.gpu, "guestAcceleratorCount": found.gpus}] if found.gpu else []
    return {
        **_base(call, "machineTypes", place, name),
        "description": f"{found.vcpus} vCPUs, {found.memory / 1024:g} GB RAM",
        "guestCpus": found.vcpus,
        "memoryMb": found.memory,
        "isSharedCpu": found.shared,
        "maximumPersistentDisks": 16 if found.shared else 128,
        "maximumPersistentDisksSizeGb": "3072" if found.shared else "263168",
        "zone": short(place),
        **({"accelerators": gpus} if gpus else {}),
    }


def _accelerator(call: Call, place: str, name: str) -> dict[str, Any]:
    found = catalogues.accelerators()[name]
    return {
        **_base(call, "acceleratorTypes", place, name),
        "description": found.description,
        "maximumCardsPerInstance": found.most,
        "zone": link(f"projects/{call.project}/{place}"),
    }


def _disk_type(call: Call, place: str, name: str) -> dict[str, Any]:
    row = table("disks")[name]
    return {
        **_base(call, "diskTypes", place, name),
        "description": name,
        "validDiskSize": f"{row['least']}GB-{row['most']}GB",
        "defaultDiskSizeGb": str(row["usual"]),
        place.partition("/")[0][:-1]: link(f"projects/{call.project}/{place}"),
    }


_OF: Final[dict[str, tuple[Callable[[Call, str, str], dict[str, Any]], Callable[[str], list[str]]]]] = {
    "machineTypes": (_machine, lambda zone: [each for each in catalogues.machine_types() if offered(each, zone)]),
    "acceleratorTypes": (_accelerator, lambda zone: [each.name for each in catalogues.accelerators_in(zone)]),
    "diskTypes": (_disk_type, lambda _: list(table("disks"))),
}


@SERVICE.method("regions.list", "zones.list", "regionZones.list")
def places(call: Call) -> Answer | Body:
    """Give the regions, the zones, or the zones of one region."""
    if call.method.id == "regions.list":
        return _page(call, [_region(call, each) for each in catalogues.regions()])
    region = call.name.split("/")[3] if call.method.id == "regionZones.list" else ""
    return _page(call, [_zone(call, each) for each in (catalogues.zones_of(region) if region else catalogues.zones())])


@SERVICE.method("regions.get")
def region(call: Call) -> Answer | Body:
    """Give a region."""
    if short(call.name) not in catalogues.regions():
        raise missing(call.name)
    return versioned(call, _region(call, short(call.name)))


@SERVICE.method("zones.get")
def zone(call: Call) -> Answer | Body:
    """Give a zone."""
    if short(call.name) not in catalogues.zones():
        raise missing(call.name)
    return versioned(call, _zone(call, short(call.name)))


@SERVICE.method("machineTypes.list", "acceleratorTypes.list", "diskTypes.list", "regionDiskTypes.list")
def offers(call: Call) -> Answer | Body:
    """Give what a zone offers."""
    make, names = _OF[call.method.resource]
    place = "/".join(call.name.split("/")[2:4])
    return _page(call, [make(call, place, each) for each in names(short(place))])


@SERVICE.method("machineTypes.get", "acceleratorTypes.get", "diskTypes.get", "regionDiskTypes.get")
def offer(call: Call) -> Answer | Body:
    """Give one of the things that a zone offers."""
    make, names = _OF[call.method.resource]
    place, name = "/".join(call.name.split("/")[2:4]), short(call.name)
    custom = call.method.resource == "machineTypes" and "custom-" in name
    if name not in names(short(place)) and not custom:
        raise missing(call.name)
    return versioned(call, make(call, place, name))


@SERVICE.method("machineTypes.aggregatedList", "acceleratorTypes.aggregatedList", "diskTypes.aggregatedList")
def all_offers(call: Call) -> Answer | Body:
    """Give what all zones offer, by zone."""
    make, names = _OF[call.method.resource]
    keep = lists.filtered(call.text("filter"))
    rows = [
        (zone, made)
        for zone in catalogues.zones()
        for each in names(zone)
        if keep is None or keep({"name": each})
        for made in [make(call, f"zones/{zone}", each)]
    ]
    chosen, token = slice_page(call, rows)
    items: dict[str, dict[str, list[Body]]] = {}
    for zone, made in chosen:
        items.setdefault(f"zones/{zone}", {call.method.resource: []})[call.method.resource].append(made)
    kind = f"compute#{call.method.resource.removesuffix('s')}AggregatedList"
    return versioned(
        call, {"kind": kind, "id": call.name, "items": items, **({"nextPageToken": token} if token else {})}
    )


def _page(call: Call, rows: list[dict[str, Any]]) -> Body:
    keep = lists.filtered(call.text("filter"))
    chosen, token = slice_page(call, [each for each in rows if keep is None or keep(each)])
    return lists.answer(call, chosen, token)
