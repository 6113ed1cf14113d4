"""Projects by id and by number."""

import pytest

from mockcloud.simulator import new_cloud


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("projects/{number}/locations/l/x/1", "projects/acme/locations/l/x/1"),
        ("projects/acme/locations/l", "projects/acme/locations/l"),
        ("projects/{number}", "projects/acme"),
        ("projects/7/x", "projects/7/x"),
        ("folders/{number}/x", "folders/{number}/x"),
        ("thing", "thing"),
        ("projects", "projects"),
        ("", ""),
    ],
)
def test_names_hold_a_projects_id(name: str, wanted: str) -> None:
    cloud = new_cloud()
    cloud.projects.ensure("acme")
    number = cloud.projects.number_of("acme")
    assert cloud.projects.by_id(name.format(number=number)) == wanted.format(number=number)
