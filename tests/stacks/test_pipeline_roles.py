"""The guardrails of each environment give the components of its scheduled pipelines their roles, and no others."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan_policies.pipelines.listing import listed
from groundplan_policies.pipelines.read import read_pipeline, with_image
from groundplan_policies.pipelines.text import read_text
from tests.architecture.sources import ROOT

ENVIRONMENTS = ROOT / "stacks" / "environments"
ROLES = {
    "ingest": "ingestion",
    "validate": "validation",
    "train": "training",
    "evaluate": "evaluation",
    "fairness": "fairness",
    "gate": "approval",
    "register": "upload",
}
"""Task of the shipped pipeline -> what it is for."""


def settings(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("stack", ["learner", "team", "regulated"])
def test_every_component_of_a_scheduled_pipeline_has_its_role(stack: str) -> None:
    config = settings(ENVIRONMENTS / f"Pulumi.{stack}.yaml")["config"]
    schedules = [each for one in config["groundplan:pipelines"].values() for each in one["schedules"].values()]
    expected = {
        component.digest: ROLES[component.tasks[0]]
        for schedule in schedules
        for component in listed(
            read_pipeline(
                with_image(read_text((ROOT / schedule["spec"]).read_bytes(), schedule["spec"]).spec, schedule["image"])
            )
        )
    }
    given = settings(ENVIRONMENTS / f"guardrails.{stack}.yaml")["parameters"]["pipeline_components"]
    assert expected
    assert given == expected, (
        "look at what changed, then: groundplan pipeline components workloads/compiled/census-income.yaml --image IMAGE"
    )
