"""Whether a place is inside of those that an agreement allows."""

from collections.abc import Collection
from typing import Final

from groundplan_policies.rules.data.places import region

_CONTINENTS: Final = {"eu": "europe-", "us": "us-", "asia": "asia-"}
"""Multi-region -> how the names of regions in it begin."""
_OUTSIDE: Final = frozenset({"europe-west2", "europe-west6"})
"""Regions on the continent, but not in the European Union: London and Zürich (cloud.google.com/about/locations)."""


def is_inside(place: str, allowed: Collection[str]) -> bool:
    """Whether a region, zone or multi-region is one of the allowed, or a region of an allowed multi-region."""
    here, wanted = region(place), {each.lower() for each in allowed}
    if here in wanted:
        return True
    begins = tuple(start for name, start in _CONTINENTS.items() if name in wanted)
    return bool(begins) and here.startswith(begins) and here not in _OUTSIDE
