"""DAT-02: buckets name an owner."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.data.dat_02 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts

PARAMETERS = Parameters(owner_pattern="[a-z0-9_-]+")

test_stated_verdicts = stated_verdicts(
    CONTROL, [R("storage.Bucket", {"labels": {"owner": "data"}})], parameters=PARAMETERS
)


def of(owner: object, parameters: Parameters = PARAMETERS) -> Outcome:
    return outcome(CONTROL, R("storage.Bucket", {"labels": {"owner": owner}}), parameters=parameters)


@pytest.mark.parametrize("owner", ["Data", "data team", "data\n", "a/data", " data"])
def test_the_pattern_is_matched_whole(owner: str) -> None:
    found = of(owner)
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("labels.owner", "")]


def test_an_unknown_owner_is_no_owner_though_the_marker_fits_the_pattern() -> None:
    assert of(UNKNOWN).verdict is Verdict.INDETERMINATE
    assert of(f"team-{UNKNOWN}").verdict is Verdict.INDETERMINATE


def test_a_blank_owner_fails_whatever_the_pattern() -> None:
    lax = Parameters(owner_pattern=".*")
    assert of("  ", lax).verdict is Verdict.FAIL
    assert of("x", lax).verdict is Verdict.DECLARED
    assert of("  ", Parameters()).verdict is Verdict.FAIL


def test_what_owners_are_called_is_for_the_settings_to_say() -> None:
    assert of("data", Parameters()).verdict is Verdict.INDETERMINATE
    assert of(None, Parameters()).verdict is Verdict.FAIL


def test_labels_of_the_provider_do_not_count() -> None:
    provider = R("Provider", {"defaultLabels": {"owner": "platform"}}, "gcp")
    record: dict[str, Any] = {"provider": f"{provider.urn}::id"}
    assert outcome(CONTROL, R("storage.Bucket", {}, record=record), provider).verdict is Verdict.FAIL
