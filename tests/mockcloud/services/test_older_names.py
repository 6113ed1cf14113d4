"""Names that leave the location out."""

import pytest

from mockcloud.services.older_names import with_location


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("projects/p/builds/1", "projects/p/locations/global/builds/1"),
        ("projects/p/builds", "projects/p/locations/global/builds"),
        ("organizations/7/builds/1", "organizations/7/locations/global/builds/1"),
        ("projects/p/locations/eu/builds/1", "projects/p/locations/eu/builds/1"),
        ("projects/p/others/1", "projects/p/others/1"),
        ("projects/p", "projects/p"),
        ("things/a/builds/1", "things/a/builds/1"),
    ],
)
def test_the_location_that_is_meant_is_put_in(name: str, wanted: str) -> None:
    assert with_location(name, "global", {"builds"}) == wanted


def test_by_default_every_collection_has_an_older_form() -> None:
    assert with_location("projects/p/others/1", "us") == "projects/p/locations/us/others/1"
    assert with_location("projects/p/locations/eu/others/1", "us") == "projects/p/locations/eu/others/1"
