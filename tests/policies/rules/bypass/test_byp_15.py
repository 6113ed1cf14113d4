"""BYP-15: whoever loosens the shipped settings says so."""

from dataclasses import replace

from groundplan_policies.engine.levels import Loosening
from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict
from groundplan_policies.rules.bypass.byp_15 import CONTROL
from tests.policies.rules.bypass.worlds import answers, messages, world

BARE = Loosening(what="NET-01", before="block", after="warn")
EXPLAINED = replace(BARE, author="ada", reason="The network team moves it in May.")


def said(*changes: Loosening) -> Outcome:
    return answers(CONTROL, world(settings_changes=changes))[""]


def test_the_shipped_settings_pass() -> None:
    assert said() is PASS


def test_without_author_or_reason_it_fails() -> None:
    for change in (BARE, replace(EXPLAINED, author=" "), replace(EXPLAINED, reason="")):
        found = said(change)
        assert found.verdict is Verdict.FAIL
        assert [(each.path, each.shown) for each in found.reasons] == [("", "NET-01")]
        assert "nobody says" in messages(found)


def test_explained_it_is_declared() -> None:
    found = said(EXPLAINED)
    assert found.verdict is Verdict.DECLARED
    assert [each.shown for each in found.reasons] == ["NET-01"]
    assert "May" not in str(found)


def test_after_its_last_day_an_explanation_is_none() -> None:
    found = said(replace(EXPLAINED, lapsed=True))
    assert found.verdict is Verdict.FAIL
    assert "last day is over" in messages(found)


def test_the_worst_counts_and_what_is_explained_is_no_reason_beside_it() -> None:
    found = said(EXPLAINED, replace(BARE, what="DAT"), replace(EXPLAINED, what="key_rotation_days"))
    assert found.verdict is Verdict.FAIL
    assert [each.shown for each in found.reasons] == ["DAT"]
