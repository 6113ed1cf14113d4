"""Which change of a parameter asks less."""

import pytest

from groundplan_policies.engine.looseness import ParameterValue, is_looser
from groundplan_policies.engine.parameters import Looser, Parameters


@pytest.mark.parametrize(
    ("name", "tight", "loose"),
    [
        ("key_rotation_days", 90, 91),  # higher
        ("audit_retention_days", 400, 399),  # lower
        ("allowed_regions", ("a",), ("a", "b")),  # more entries
        ("allowed_regions", (), ("b",)),
        ("restricted_classes", ("a", "b"), ("a",)),  # fewer entries
        ("discovery_elsewhere", False, True),  # true
        ("pipeline_components", {"a": "training"}, {"a": "training", "b": "other"}),  # more entries of a mapping
        ("residency", True, False),  # false
    ],
)
def test_one_way_is_looser_and_the_other_is_not(name: str, tight: ParameterValue, loose: ParameterValue) -> None:
    assert is_looser(name, tight, loose)
    assert not is_looser(name, loose, tight)
    assert not is_looser(name, tight, tight)
    assert not is_looser(name, loose, loose)


def test_other_entries_are_looser_both_ways_where_some_come_and_some_go() -> None:
    assert is_looser("allowed_regions", ("a",), ("b",))
    assert is_looser("restricted_classes", ("a",), ("b",))


def test_another_role_of_a_component_is_looser_both_ways() -> None:
    assert is_looser("pipeline_components", {"a": "training"}, {"a": "other"})
    assert is_looser("pipeline_components", {"a": "other"}, {"a": "training"})
    assert not is_looser("pipeline_components", {"a": "other"}, {"a": "other"})


def test_any_change_of_a_pattern_is_looser() -> None:
    assert is_looser("owner_pattern", "a", "b")
    assert not is_looser("owner_pattern", "a", "a")


def test_a_first_value_is_no_loosening_and_none_in_its_place_is_one() -> None:
    for name in Parameters.describe():
        assert not is_looser(name, None, ("x",))
        assert not is_looser(name, None, None)
        assert is_looser(name, ("x",), None)


def test_every_direction_occurs() -> None:
    assert {looser for _, looser in Parameters.describe().values()} == set(Looser)
