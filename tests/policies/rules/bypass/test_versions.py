"""Version ranges of plugins."""

import pytest

from groundplan_policies.rules.bypass.versions import release, within


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("10.2.0", (10, 2, 0)),
        ("v10.2.0", (10, 2, 0)),
        (" 0.0.1 ", (0, 0, 1)),
        ("10.2", None),
        ("10", None),
        ("", None),
        ("11.0.0-alpha.1", None),
        ("10.2.0+dirty", None),
        ("10.2.0.1", None),
        ("x10.2.0", None),
    ],
)
def test_a_release_has_three_numbers_and_nothing_else(text: str, version: tuple[int, int, int] | None) -> None:
    assert release(text) == version


@pytest.mark.parametrize(
    ("bounds", "inside"),
    [
        (">=10.0,<11", True),
        (" >= 10.2.0 , < 10.3 ", True),
        (">10.2.0", False),
        (">10.1", True),
        ("<10.2", False),
        ("<=10.2", True),
        ("<=10.1.9", False),
        ("==10.2", True),
        ("==10.2.0", True),
        ("==10", False),
        (">=10.2.1", False),
        (">=11", False),
        (">=9,<10", False),
        ("", None),
        ("10", None),
        (">=10,", None),
        ("~=10.2", None),
        (">=10.x", None),
        (">=10.2.0.0", None),
    ],
)
def test_bounds(bounds: str, inside: bool | None) -> None:
    assert within((10, 2, 0), bounds) is inside


def test_numbers_are_compared_as_numbers() -> None:
    assert within((10, 10, 0), ">=10.9") is True
    assert within((9, 0, 0), "<10") is True
