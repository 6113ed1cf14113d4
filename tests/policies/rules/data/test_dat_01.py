"""DAT-01: data resources carry a classification."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.data.dat_01 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

TYPES = ("storage.Bucket", "bigquery.Dataset", "vertex.AiDataset", "pubsub.Topic", "vertex.AiFeatureGroup")
PARAMETERS = Parameters(classifications=("public", "personal"))
PATH = "labels.classification"

test_stated_verdicts = stated_verdicts(
    CONTROL, [R(type_, {"labels": {"classification": "personal"}}) for type_ in TYPES], parameters=PARAMETERS
)


def of(labels: Any, parameters: Parameters = PARAMETERS) -> Outcome:
    return outcome(CONTROL, R("storage.Bucket", {"labels": labels}), parameters=parameters)


@pytest.mark.parametrize("class_", ["secret", "Personal", "personal ", "PUBLIC"])
def test_only_classes_of_the_settings_count(class_: str) -> None:
    found = of({"classification": class_})
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(PATH, "")]


def test_other_labels_do_not_count() -> None:
    for labels in ({}, {"class": "personal"}, {"Classification": "personal"}, None):
        assert of(labels).verdict is Verdict.FAIL, labels


def test_labels_of_the_provider_do_not_count() -> None:
    provider = R("Provider", {"defaultLabels": {"classification": "public"}}, "gcp")
    bucket = R("storage.Bucket", {}, record={"provider": f"{provider.urn}::id"})
    assert verdict(CONTROL, bucket, provider, parameters=PARAMETERS) is Verdict.FAIL
    effective = R("storage.Bucket", {}, record={"outputs": {"effectiveLabels": {"classification": "public"}}})
    assert verdict(CONTROL, effective, parameters=PARAMETERS) is Verdict.FAIL


def test_which_classes_there_are_is_for_the_settings_to_say() -> None:
    assert of({"classification": "personal"}, Parameters()).verdict is Verdict.INDETERMINATE
    assert of({}, Parameters()).verdict is Verdict.FAIL
    assert of({"classification": "personal"}, Parameters(classifications=())).verdict is Verdict.FAIL
