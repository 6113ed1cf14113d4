"""Lists of projects that may connect."""

import pytest

from groundplan_policies.rules.network.projects import is_project


@pytest.mark.parametrize(
    "text", ["acme-ml", "projects/acme-ml", "123456789", "projects/123456789", "acme.test:portal", "a12345"]
)
def test_ids_and_numbers_are_projects(text: str) -> None:
    assert is_project(text)


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "acme-*",
        "projects/*",
        "folders/123456",
        "organizations/123456",
        "Acme-ML",
        "acme",
        "acme-ml-",
        "1acme-ml",
        "0",
        "acme-ml acme-keys",
        "acme-ml\n",
        "",
        "a" * 31,
    ],
)
def test_patterns_and_anything_wider_than_a_project_are_not(text: str) -> None:
    assert not is_project(text)
