"""SUP-07: builds run in pools of our own, are verified, and leave logs."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.supply.sup_07 import CONTROL
from tests.policies.rules.harness import R, outcome, put, stated_verdicts, verdict

TRIGGER = "cloudbuild.Trigger"
OPTIONS = {
    "workerPool": "projects/acme/locations/europe-west4/workerPools/own",
    "requestedVerifyOption": "VERIFIED",
    "logging": "CLOUD_LOGGING_ONLY",
}
GOOD = R(TRIGGER, {"build": {"options": OPTIONS}})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


@pytest.mark.parametrize(
    ("key", "value"), [("logging", "NONE"), ("requestedVerifyOption", "NOT_VERIFIED"), ("workerPool", " ")]
)
def test_an_option_that_is_bad_fails(key: str, value: str) -> None:
    found = outcome(CONTROL, R(TRIGGER, put(GOOD.inputs, f"build.options.{key}", value)))
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, f"build.options.{key}")


@pytest.mark.parametrize("value", ["GCS_ONLY", "LEGACY", "STACKDRIVER_ONLY", "LOGGING_UNSPECIFIED"])
def test_other_logs_are_logs(value: str) -> None:
    assert verdict(CONTROL, R(TRIGGER, put(GOOD.inputs, "build.options.logging", value))) is Verdict.PASS


def test_a_pool_of_this_document_is_one() -> None:
    pool = R("cloudbuild.WorkerPool", {}, "own")
    found = R(
        TRIGGER, put(GOOD.inputs, "build.options.workerPool", UNKNOWN), origins={"build.options.workerPool": pool.urn}
    )
    assert verdict(CONTROL, found, pool) is Verdict.PASS


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"filename": "cloudbuild.yaml"}, "filename"),
        ({"gitFileSource": {"path": "cloudbuild.yaml"}}, "gitFileSource.path"),
        ({**GOOD.inputs, "filename": "cloudbuild.yaml"}, "filename"),
        ({}, "build"),
        ({"filename": ""}, "build"),
    ],
    ids=str,
)
def test_a_build_in_the_repository_is_not_seen(inputs: dict[str, Any], path: str) -> None:
    found = outcome(CONTROL, R(TRIGGER, inputs))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.INDETERMINATE, [path])
