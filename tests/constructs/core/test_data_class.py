"""Data classes: their order, and what follows from each."""

from __future__ import annotations

import pytest

import groundplan as gp
from groundplan.core import tables


def test_the_order_is_from_the_laxest_to_the_strictest() -> None:
    assert [c.rank for c in gp.DataClass] == list(range(6))
    assert gp.DataClass.PUBLIC.rank < gp.DataClass.CONFIDENTIAL.rank < gp.DataClass.HEALTH.rank


def test_the_table_has_every_class() -> None:
    assert set(tables.load("data_classes")["classes"]) == {c.value for c in gp.DataClass}


@pytest.mark.parametrize("data_class", list(gp.DataClass))
def test_data_about_people_is_restricted_and_expires(data_class: gp.DataClass) -> None:
    if data_class.is_personal:
        assert data_class.is_restricted
        assert data_class.delete_after_days is not None
    else:
        assert data_class.delete_after_days is None


@pytest.mark.parametrize("data_class", list(gp.DataClass))
def test_what_is_not_used_gets_cold_before_it_is_deleted(data_class: gp.DataClass) -> None:
    assert data_class.cold_after_days is None or data_class.cold_after_days < (data_class.delete_after_days or 9999)


def test_the_stricter_the_shorter_old_versions_are_kept() -> None:
    days = [c.noncurrent_days or 0 for c in gp.DataClass]
    assert days == sorted(days, reverse=True)
    assert min(days) > 0
