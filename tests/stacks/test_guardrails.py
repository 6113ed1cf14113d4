"""The guardrails beside each environment say what that environment's own settings say."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.settings.model import Settings
from groundplan_policies.settings.read import read_settings
from tests.architecture.sources import ROOT

HOME = ROOT / "stacks" / "environments"
STACKS = ("learner", "team", "regulated")
GUARDRAILS = {stack: read_settings(HOME / f"guardrails.{stack}.yaml") for stack in STACKS}

each_stack = pytest.mark.parametrize("stack", STACKS)


def config(stack: str) -> dict[str, Any]:
    """Give the environment's settings, without the project's name before them."""
    read = yaml.safe_load((HOME / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))["config"]
    return {key.partition(":")[2]: value for key, value in read.items()}


def parameters(stack: str) -> Parameters:
    return GUARDRAILS[stack].parameters


@each_stack
def test_they_rest_on_the_stack_s_own_tier_and_loosen_nothing(stack: str) -> None:
    settings: Settings = GUARDRAILS[stack]

    assert settings.tier == config(stack)["tier"]
    assert settings.loosened == ()


@each_stack
def test_regions_domains_and_projects_are_the_environment_s(stack: str) -> None:
    read = config(stack)

    assert parameters(stack).allowed_regions == (read["region"],)
    assert parameters(stack).allowed_domains == tuple(read["domains"])
    assert parameters(stack).service_agent_projects == tuple(each["number"] for each in read["projects"].values())
    assert parameters(stack).organization is ("organization" in read)


@each_stack
def test_personal_columns_are_those_that_the_environment_marks(stack: str) -> None:
    assert parameters(stack).personal_columns == tuple(_personal(config(stack)))


def _personal(read: dict[str, Any]) -> Iterator[str]:
    for warehouse, settings in read["warehouses"].items():
        for table, columns in settings.get("tables", {}).items():
            for column in columns["columns"]:
                if "personal" in column:
                    yield f"gp_{warehouse}.{table}.{column['name']}"
