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


def jurisdiction(region: str) -> str:
    """Return the location value group that organisation policies use for a region's continent.

    Source: "Defining resource locations", Resource Manager documentation, 2026-11.
    """
    continent = region.split("-", 1)[0]
    return {"europe": "in:eu-locations", "us": "in:us-locations", "asia": "in:asia-locations"}.get(
        continent, f"in:{region}-locations"
    )
