"""Regions: their zones, and the group of locations that the law of each is about."""

from __future__ import annotations

import pytest

from groundplan.core.regions import REGION_PATTERN, jurisdiction, region_of, regions


def test_every_zone_is_in_its_region() -> None:
    for region, zones in regions().items():
        assert REGION_PATTERN.fullmatch(region)
        assert zones
        assert {region_of(zone) for zone in zones} == {region}


@pytest.mark.parametrize(
    ("region", "group"),
    [
        ("europe-west4", "in:eu-locations"),
        ("europe-west2", "in:europe-west2-locations"),
        ("europe-west6", "in:europe-west6-locations"),
        ("us-central1", "in:us-locations"),
        ("asia-east1", "in:asia-east1-locations"),
    ],
)
def test_a_region_is_under_one_law(region: str, group: str) -> None:
    assert jurisdiction(region) == group
