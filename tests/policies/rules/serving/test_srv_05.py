"""SRV-05: filters of harmful content are complete."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.serving.srv_05 import CONTROL
from tests.policies.rules.harness import outcome, secret, stated_verdicts, verdict
from tests.policies.rules.serving.armor import TEMPLATE, changed

FILTERS = "filterConfig.raiSettings.raiFilters"
ALL = ("SEXUALLY_EXPLICIT", "HATE_SPEECH", "HARASSMENT", "DANGEROUS")

test_stated_verdicts = stated_verdicts(CONTROL, [TEMPLATE])


def filters(*types: object, level: object = "LOW_AND_ABOVE") -> list[dict[str, Any]]:
    return [{"filterType": each, "confidenceLevel": level} for each in types]


@pytest.mark.parametrize("left", ALL)
def test_each_kind_is_needed(left: str) -> None:
    found = outcome(CONTROL, changed(TEMPLATE, FILTERS, filters(*(each for each in ALL if each != left))))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.message) for each in found.reasons] == [(FILTERS, f"lacks {left}")]


@pytest.mark.parametrize("level", ["LOW_AND_ABOVE", "MEDIUM_AND_ABOVE"])
def test_the_levels_that_find_more_than_the_certain_pass(level: str) -> None:
    assert verdict(CONTROL, changed(TEMPLATE, FILTERS, filters(*ALL, level=level))) is Verdict.PASS


@pytest.mark.parametrize(
    ("level", "shown"), [("HIGH", "HIGH"), ("", ""), (None, ""), ("low_and_above", "low_and_above")]
)
def test_a_level_that_finds_only_the_certain_fails_at_its_place(level: str | None, shown: str) -> None:
    given = [*filters(*ALL), {"filterType": "DANGEROUS", "confidenceLevel": level}]
    found = outcome(CONTROL, changed(TEMPLATE, FILTERS, given))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(f"{FILTERS}[4].confidenceLevel", shown)]


@pytest.mark.parametrize("kind", [UNKNOWN, secret(), 7], ids=str)
def test_a_kind_that_cannot_be_read_may_be_the_one_that_is_missing(kind: object) -> None:
    assert verdict(CONTROL, changed(TEMPLATE, FILTERS, filters(*ALL[1:], kind))) is Verdict.INDETERMINATE
    assert verdict(CONTROL, changed(TEMPLATE, FILTERS, filters(*ALL, kind))) is Verdict.INDETERMINATE


@pytest.mark.parametrize("value", [..., [], {}, None], ids=str)
def test_without_filters_nothing_is_looked_for(value: object) -> None:
    found = outcome(CONTROL, changed(TEMPLATE, FILTERS, value))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == [FILTERS]


@pytest.mark.parametrize("value", [["DANGEROUS"], [[]], "DANGEROUS", 7], ids=str)
def test_what_is_no_filter_never_passes(value: object) -> None:
    assert verdict(CONTROL, changed(TEMPLATE, FILTERS, value)) in {Verdict.FAIL, Verdict.INDETERMINATE}
