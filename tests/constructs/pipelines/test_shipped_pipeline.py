"""The pipeline in workloads/ is one that a schedule takes: its compiled form, with the parameters that a run needs."""

import json
from collections.abc import Mapping

import pytest
import yaml

import groundplan as gp
from groundplan.core.errors import ArgumentError
from groundplan.core.validation import Checks
from tests.architecture.sources import ROOT

COMPILED = ROOT / "workloads" / "compiled" / "census-income.yaml"


def schedule(parameters: Mapping[str, str | int | float]) -> gp.PipelineSchedule:
    spec = yaml.safe_load(COMPILED.read_text(encoding="utf-8"))
    return gp.PipelineSchedule(name="weekly", cron="0 4 * * MON", spec=spec, parameters=parameters)


def check(made: gp.PipelineSchedule) -> None:
    checks = Checks("census")
    made.check(checks, "schedule")
    checks.finish()


def test_a_schedule_runs_it_with_a_registry_and_limits() -> None:
    made = schedule({"registry": "gs://acme-models/registry", "minimum_gain": 0.01, "rounds": 200})
    check(made)
    assert made.spec_json is not None
    inputs = json.loads(made.spec_json)["root"]["inputDefinitions"]["parameters"]
    assert (inputs["minimum_gain"]["defaultValue"], inputs["rounds"]["defaultValue"]) == (0.01, 200)


def test_a_schedule_without_a_registry_is_refused() -> None:
    with pytest.raises(ArgumentError, match="registry"):
        check(schedule({"rounds": 200}))
