"""Regions, zones, and the locations of each API."""

from functools import cache, lru_cache

from mockcloud.services.catalogues.tables import table


@lru_cache(maxsize=1)
def regions() -> tuple[str, ...]:
    """Give the regions, sorted."""
    return tuple(sorted(table("places")))


@cache
def zones_of(region: str) -> tuple[str, ...]:
    """Give the zones of a region; none for what is no region."""
    entry = table("places").get(region, {})
    return tuple(f"{region}-{letter}" for letter in entry.get("letters", ""))


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Give the zones of all regions, sorted."""
    return tuple(sorted(zone for region in regions() for zone in zones_of(region)))


def region_of(zone: str) -> str:
    """Give the region of a zone: its name less the last part."""
    return zone.rpartition("-")[0]


def auto_range(region: str) -> str:
    """Give the range of the subnet that an auto mode network has in a region; "" where it has none."""
    found: str = table("places").get(region, {}).get("range", "")
    return found


@cache
def locations(api: str) -> tuple[str, ...]:
    """Give the locations of an API, sorted."""
    entry = table("locations").get(api, {})
    found = set(entry.get("regions", regions())) | set(entry.get("multi", ()))
    if entry.get("global"):
        found.add("global")
    if entry.get("zones"):
        found |= set(zones())
        if api == "tpu":
            found |= set(table("tpus")["zones"])
    return tuple(sorted(found))
