"""DAT-04: messages persist in allowed regions."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.data.dat_04 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts

CLASSES: dict[str, Any] = {"classifications": ("public", "personal"), "restricted_classes": ("personal",)}
PARAMETERS = Parameters(allowed_regions=("europe-west4", "europe-west1"), **CLASSES)
REGIONS = "messageStoragePolicy.allowedPersistenceRegions"
TRANSIT = "messageStoragePolicy.enforceInTransit"

test_stated_verdicts = stated_verdicts(
    CONTROL,
    [
        R(
            "pubsub.Topic",
            {
                "messageStoragePolicy": {"allowedPersistenceRegions": ["europe-west4"], "enforceInTransit": True},
                "labels": {"classification": "personal"},
            },
        )
    ],
    parameters=PARAMETERS,
)


def of(
    regions: object, *, transit: object = True, class_: object = "personal", parameters: Parameters = PARAMETERS
) -> Outcome:
    policy = {"allowedPersistenceRegions": regions, "enforceInTransit": transit}
    topic = R("pubsub.Topic", {"messageStoragePolicy": policy, "labels": {"classification": class_}})
    return outcome(CONTROL, topic, parameters=parameters)


def test_every_region_must_be_allowed() -> None:
    assert of(["europe-west4", "europe-west1"]).verdict is Verdict.PASS
    found = of(["europe-west4", "us-east1"])
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(f"{REGIONS}[1]", "us-east1")]
    assert of(["EUROPE-WEST4"]).verdict is Verdict.PASS
    assert of(["europe-west4-a"]).verdict is Verdict.FAIL


def test_a_topic_that_names_no_region_keeps_messages_anywhere() -> None:
    policies: list[dict[str, Any]] = [{}, {"enforceInTransit": True}]
    for inputs in ({}, *({"messageStoragePolicy": policy} for policy in policies)):
        found = outcome(CONTROL, R("pubsub.Topic", inputs), parameters=PARAMETERS)
        assert found.verdict is Verdict.FAIL
        assert found.reasons[0].path == REGIONS
    assert of([]).verdict is Verdict.FAIL
    assert of([""]).verdict is Verdict.FAIL


@pytest.mark.parametrize("entry", [UNKNOWN, secret(), 7])
def test_a_region_that_cannot_be_read_is_left_open(entry: object) -> None:
    assert of(["europe-west4", entry]).verdict is Verdict.INDETERMINATE


def test_which_regions_are_allowed_is_for_the_settings_to_say() -> None:
    assert of(["europe-west4"], parameters=Parameters(**CLASSES)).verdict is Verdict.INDETERMINATE
    assert of(["europe-west4"], parameters=Parameters(allowed_regions=(), **CLASSES)).verdict is Verdict.FAIL


@pytest.mark.parametrize("class_", ["personal", "other", None])
def test_restricted_messages_may_not_pass_elsewhere(class_: str | None) -> None:
    found = of(["europe-west4"], transit=False, class_=class_)
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(TRANSIT, "false")]
    assert of(["europe-west4"], transit=None, class_=class_).verdict is Verdict.FAIL
    assert of(["europe-west4"], transit=UNKNOWN, class_=class_).verdict is Verdict.INDETERMINATE


def test_other_messages_may() -> None:
    assert of(["europe-west4"], transit=False, class_="public").verdict is Verdict.PASS
    assert of(["us-east1"], transit=False, class_="public").verdict is Verdict.FAIL


def test_without_classes_in_the_settings_it_is_left_open() -> None:
    unsaid = Parameters(allowed_regions=("europe-west4",))
    found = of(["europe-west4"], transit=False, parameters=unsaid)
    assert (found.verdict, found.reasons[0].path) == (Verdict.INDETERMINATE, TRANSIT)
    assert of(["europe-west4"], parameters=unsaid).verdict is Verdict.PASS
