"""Paths are filled from values, and read back."""

import pytest

from mockcloud.pulumi.templates import Missing, fill, parse


@pytest.mark.parametrize(
    ("template", "values", "filled"),
    [
        ("projects/{project}/topics/{name}", {"project": "p", "name": "n"}, "projects/p/topics/n"),
        ("b/{bucket}/o/{%name}", {"bucket": "b", "name": "a/b c"}, "b/b/o/a%2Fb%20c"),
        ("zones/{zone}/x", {"zone": "projects/p/zones/europe-west4-a"}, "zones/europe-west4-a/x"),
        ("x?id={name}&force={force}", {"name": "a b"}, "x?id=a%20b"),
        ("x?force={force}", {"force": True}, "x?force=true"),
        ("x/{number}", {"number": 3.0}, "x/3"),
    ],
)
def test_a_template_is_filled(template: str, values: dict[str, object], filled: str) -> None:
    assert fill(template, values) == filled


def test_what_a_path_lacks_is_named() -> None:
    with pytest.raises(Missing) as error:
        fill("projects/{project}/topics/{name}", {"project": "p"})

    assert error.value.variable == "name"


@pytest.mark.parametrize(
    ("template", "text", "found"),
    [
        ("projects/{project}/topics/{name}", "projects/p/topics/n", {"project": "p", "name": "n"}),
        ("projects/{project}/topics/{name}", "projects/p/subscriptions/n", None),
        ("{parent}/entries/{name}", "projects/p/x/y/entries/e", {"parent": "projects/p/x/y", "name": "e"}),
        ("{name}-{name}", "a-a", {"name": "a"}),
        ("{name}-{name}", "a-b", None),
    ],
)
def test_variables_are_read_back(template: str, text: str, found: dict[str, str] | None) -> None:
    assert parse(template, text) == found
