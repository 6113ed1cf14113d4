"""Tiers: three that ship, one's own that extends one, and which way each setting is stricter."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

import groundplan as gp
from groundplan.core import tables
from groundplan.core.tiers import SHIPPED, TierDefaults


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_tier_has_every_setting(name: str) -> None:
    tier = gp.Tier.named(name)
    assert (tier.name, tier.base, tier.deviations) == (name, name, ())
    for field in fields(TierDefaults):
        assert getattr(tier.defaults, field.name) is not None


def test_the_table_and_the_class_have_the_same_settings() -> None:
    assert set(tables.load("tiers")["tiers"]["learner"]) == {field.name for field in fields(TierDefaults)}


def test_regulated_goes_through_team_to_learner() -> None:
    assert gp.Tier.LEARNER.defaults.log_retention_days == 30
    assert gp.Tier.TEAM.defaults.log_retention_days == 90
    assert gp.Tier.REGULATED.defaults.log_retention_days == 400
    assert gp.Tier.REGULATED.defaults.soft_delete_days == gp.Tier.TEAM.defaults.soft_delete_days


def stricter(setting: str) -> str:
    return str(next(f.metadata["stricter"] for f in fields(TierDefaults) if f.name == setting))


def as_numbers(setting: str) -> list[float]:
    """Return the setting of the three tiers, the stricter the higher."""
    sign = {"true": 1, "higher": 1, "false": -1, "lower": -1}[stricter(setting)]
    return [sign * float(getattr(gp.Tier.named(name).defaults, setting)) for name in SHIPPED]


@pytest.mark.parametrize("setting", [f.name for f in fields(TierDefaults) if f.metadata["stricter"] != "neither"])
def test_no_tier_is_laxer_than_the_one_before(setting: str) -> None:
    assert as_numbers(setting) == sorted(as_numbers(setting))


def own(**settings: Any) -> gp.Tier:
    return gp.Tier.extending("team", name="acme", settings=settings)


def test_a_tier_of_ones_own_changes_what_it_says_and_nothing_else() -> None:
    tier = own(notebook_idle_minutes=30)
    assert (tier.name, tier.base) == ("acme", "team")
    assert tier.defaults == replace(gp.Tier.TEAM.defaults, notebook_idle_minutes=30)
    (deviation,) = tier.deviations
    assert (deviation.setting, deviation.base, deviation.value) == ("notebook_idle_minutes", 60, 30)


def test_what_does_not_differ_is_no_deviation() -> None:
    assert own(notebook_idle_minutes=60).deviations == ()


@pytest.mark.parametrize(
    ("setting", "value", "loosens"),
    [
        ("customer_managed_keys", False, True),
        ("secure_web_proxy", True, False),
        ("nat", False, False),
        ("notebook_downloads", False, False),
        ("notebook_idle_minutes", 30, False),
        ("notebook_idle_minutes", 120, True),
        ("log_retention_days", 400, False),
        ("log_retention_days", 30, True),
        ("flow_log_sampling", 1.0, False),
        ("flow_log_sampling", 0.1, True),
        ("key_protection", "HSM", False),
        ("budget_thresholds", [0.5], True),
        ("accelerator_types", ["nvidia-l4"], True),
        ("accelerator_consumption", "spot", True),
        ("accelerator_quota_guard", False, True),
        ("accelerator_cap", 128, True),
    ],
)
def test_each_direction_is_ranked(setting: str, value: Any, loosens: bool) -> None:
    (deviation,) = own(**{setting: value}).deviations
    assert deviation.loosens is loosens


def test_software_keys_loosen_regulated() -> None:
    tier = gp.Tier.extending("regulated", name="acme", settings={"key_protection": "SOFTWARE", "nat": True})
    assert [(d.setting, d.loosens) for d in tier.deviations] == [("key_protection", True), ("nat", True)]


def test_a_list_and_a_whole_number_are_taken_as_the_setting_has_them() -> None:
    assert own(budget_thresholds=[0.8, 1.2]).defaults.budget_thresholds == (0.8, 1.2)
    sampling = own(flow_log_sampling=1).defaults.flow_log_sampling
    assert sampling == 1.0
    assert isinstance(sampling, float)


@pytest.mark.parametrize(
    ("settings", "field", "says"),
    [
        ({"notebook_idle_minute": 30}, "settings['notebook_idle_minute']", "did you mean notebook_idle_minutes?"),
        ({"zzz": 30}, "settings['zzz']", "choose one of the allowed values"),
        ({"nat": "yes"}, "settings['nat']", "true or false"),
        ({"nat": 1}, "settings['nat']", "true or false"),
        ({"log_retention_days": 0}, "settings['log_retention_days']", "a whole number of at least 1"),
        ({"log_retention_days": True}, "settings['log_retention_days']", "a whole number of at least 1"),
        ({"log_retention_days": 30.5}, "settings['log_retention_days']", "a whole number of at least 1"),
        ({"flow_log_sampling": 1.5}, "settings['flow_log_sampling']", "a share from 0 to 1"),
        ({"flow_log_sampling": "all"}, "settings['flow_log_sampling']", "a share from 0 to 1"),
        ({"flow_log_sampling": True}, "settings['flow_log_sampling']", "a share from 0 to 1"),
        ({"key_protection": "EXTERNAL"}, "settings['key_protection']", "SOFTWARE or HSM"),
        ({"key_protection": ["HSM"]}, "settings['key_protection']", "SOFTWARE or HSM"),
        ({"accelerator_consumption": "cheap"}, "settings['accelerator_consumption']", "flex_start or reserved"),
        ({"accelerator_types": ["nvidia-l5"]}, "settings['accelerator_types']", "nvidia-l4"),
        ({"accelerator_types": "nvidia-l4"}, "settings['accelerator_types']", "a list, empty for all"),
        ({"accelerator_types": [4]}, "settings['accelerator_types']", "a list, empty for all"),
        ({"accelerator_cap": 0}, "settings['accelerator_cap']", "a whole number of at least 1"),
        ({"budget_thresholds": 0.5}, "settings['budget_thresholds']", "a list of shares"),
        ({"budget_thresholds": [0]}, "settings['budget_thresholds']", "a list of shares"),
        ({"budget_thresholds": [True]}, "settings['budget_thresholds']", "a list of shares"),
        ({"budget_thresholds": ["half"]}, "settings['budget_thresholds']", "a list of shares"),
    ],
)
def test_bad_settings_are_refused(settings: dict[str, Any], field: str, says: str) -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        own(**settings)
    assert caught.value.problems[0].field == field
    assert says in str(caught.value)
    assert 'Tier "acme"' in str(caught.value)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(gp.ArgumentError, match="3 arguments cannot be used"):
        gp.Tier.extending("team", name="My Tier", settings={"nat": "yes", "zzz": 1})


def test_an_unknown_tier_names_those_there_are() -> None:
    with pytest.raises(
        gp.Error, match=r"no tier named 'regulatd'; nearest: regulated(?s:.*)allowed: learner, regulated, team"
    ):
        gp.Tier.named("regulatd")
    with pytest.raises(gp.Error, match="no tier named 'strict'"):
        gp.Tier.extending("strict", name="acme", settings={})
