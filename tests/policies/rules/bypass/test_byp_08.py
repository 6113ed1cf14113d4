"""BYP-08: aliases take over no other resource, and no waiver."""

import pytest

from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict
from groundplan_policies.rules.bypass.byp_08 import CONTROL
from tests.policies.rules.bypass.worlds import answers, component, messages, world
from tests.policies.rules.harness import STACK, R, urn

OTHER = R("storage.Bucket", {}, "other")
FORMER = urn("storage.Bucket", "former")


def bucket(*aliases: str, name: str = "it") -> R:
    return R("storage.Bucket", {}, name, record={"aliases": list(aliases)})


def said(*aliases: str, waived: frozenset[str] = frozenset()) -> Outcome:
    return answers(CONTROL, world(OTHER, bucket(*aliases), waived_urns=waived))["it"]


def test_a_former_name_passes() -> None:
    assert said() is PASS
    assert said(FORMER) is PASS
    assert said(urn("storage.Bucket", "it")) is PASS
    assert said(FORMER, FORMER) is PASS


def test_the_name_of_another_resource_fails() -> None:
    found = said(FORMER, OTHER.urn)
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("", "")]
    assert "another resource of this stack" in messages(found)
    assert said(STACK).verdict is Verdict.FAIL


def test_a_name_that_a_waiver_gives_fails() -> None:
    found = said(FORMER, waived=frozenset({FORMER}))
    assert found.verdict is Verdict.FAIL
    assert "waiver" in messages(found)
    own = urn("storage.Bucket", "it")
    assert said(own, FORMER, waived=frozenset({own})) is PASS


def test_two_that_claim_one_name_both_fail() -> None:
    found = answers(CONTROL, world(OTHER, bucket(FORMER), bucket(FORMER, name="twin")))
    assert found["it"].verdict is found["twin"].verdict is Verdict.FAIL
    assert found["other"] is PASS
    assert "claimed by another" in messages(found["twin"])


def test_what_the_registration_asks_for_counts() -> None:
    asked = {"requests": {bucket().urn: {"aliases": [OTHER.urn]}}}
    assert answers(CONTROL, world(OTHER, bucket(), member=asked))["it"].verdict is Verdict.FAIL


@pytest.mark.parametrize("alias", [OTHER.urn, FORMER])
def test_components_count_as_well(alias: str) -> None:
    found = answers(CONTROL, world(OTHER, components=[component("group", aliases=[alias])]))["group"]
    assert (found is PASS) is (alias == FORMER)
