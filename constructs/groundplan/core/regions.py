"""Regions of Google Cloud and their zones, from one table."""

from __future__ import annotations

import functools
import re
from typing import Final

from groundplan.core import tables

REGION_PATTERN: Final = re.compile(r"^[a-z]+-[a-z]+[0-9]{1,2}$")


@functools.cache
def regions() -> dict[str, tuple[str, ...]]:
    """Return each known region with its zones, in Google's order."""
    table = tables.load("regions")
    return {name: tuple(f"{name}-{letter}" for letter in letters) for name, letters in table["regions"].items()}


def region_of(zone: str) -> str:
    """Return the region that a zone's name says it is in (``europe-west4-a`` -> ``europe-west4``)."""
    return zone.rsplit("-", 1)[0]


_OUTSIDE_THE_UNION: Final = ("europe-west2", "europe-west6")  # London and Zurich


def jurisdiction(region: str) -> str:
    """Return the group of locations that an organisation policy allows for a region: the law's, else the region's own.

    Source: "Restricting resource locations", Resource Manager documentation, 2026-11: ``in:eu-locations`` holds the
    regions inside the European Union, and every region has a group of its own.
    """
    if region.startswith("europe-") and region not in _OUTSIDE_THE_UNION:
        return "in:eu-locations"
    return "in:us-locations" if region.startswith("us-") else f"in:{region}-locations"


# Multi-regions, and the group of regions that each covers.
_COVERED: Final = {"EU": "in:eu-locations", "US": "in:us-locations"}


def holds(location: str, region: str) -> bool:
    """Whether a region is in a location: the same region, or a multi-region (``EU``, ``US``) around it."""
    return location.upper() == region.upper() or _COVERED.get(location.upper()) == jurisdiction(region.lower())
