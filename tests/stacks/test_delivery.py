"""Delivery in the shipped environments: what builds run is there, and who applies can read the stack's secrets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import groundplan as gp
from blueprint.settings import SettingsError
from tests.stacks.previews import ROOT, resources
from tests.stacks.test_rehearsal import GOOD, read

STACKS = ("learner", "team", "regulated")
APPLYING = ("team", "regulated")
KEY_GRANT = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"


def builds(stack: str) -> dict[str, dict[str, str]]:
    """Return the substitutions of the builds of a stack, by the build's name."""
    return {
        r["inputs"]["name"].removeprefix("gp-delivery-"): r["inputs"]["build"].get("substitutions", {})
        for r in resources(stack)
        if r["type"] == "gcp:cloudbuild/trigger:Trigger"
    }


def settings(stack: str) -> dict[str, Any]:
    text = (ROOT / "stacks" / "environments" / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)["config"]
    return found


@pytest.mark.parametrize("stack", STACKS)
def test_images_are_built_from_directories_that_have_a_dockerfile(stack: str) -> None:
    directories = [values["_DIRECTORY"] for name, values in builds(stack).items() if name.startswith("image-")]
    assert directories
    for directory in directories:
        assert (ROOT / directory / "Dockerfile").is_file()


@pytest.mark.parametrize("stack", STACKS)
def test_builds_test_and_compile_with_targets_of_the_makefile(stack: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for command in (builds(stack)["test"]["_TEST"], builds(stack)["pipeline"]["_COMPILE"]):
        program, target = command.split(" ", 1)
        assert program == "make"
        assert target in targets


@pytest.mark.parametrize("stack", STACKS)
def test_what_is_published_is_what_the_schedules_run(stack: str) -> None:
    published = builds(stack)["pipeline"]["_PIPELINE_FILE"]
    assert (ROOT / published).is_file()
    pipelines = settings(stack).get("groundplan:pipelines", {})
    schedules = [one for each in pipelines.values() for one in each.get("schedules", {}).values()]
    assert {one["spec"] for one in schedules} <= {published}
    made = {values["_IMAGE"] for name, values in builds(stack).items() if name.startswith("image-")}
    for one in schedules:
        assert one["image"].partition("@")[0] in made


@pytest.mark.parametrize("stack", APPLYING)
def test_who_applies_may_use_the_key_of_the_secrets_and_who_plans_may_not(stack: str) -> None:
    grants = [r["urn"] for r in resources(stack) if r["type"] == KEY_GRANT]
    assert len([urn for urn in grants if urn.endswith("-delivery-apply")]) == 1
    assert not [urn for urn in grants if urn.endswith("-delivery-plan")]


APPLIED = """
    infrastructure: {stack: test, state: staging, secrets_key: confidential}
    approvers: ["group:a@acme.test"]
"""


def _with_infrastructure() -> str:
    digest = re.findall(r"docker: '([^']+)'", GOOD)[0]
    return GOOD.rstrip("\n").replace("{docker:", f"{{pulumi: '{digest}', docker:") + APPLIED


def test_a_key_for_secrets_wants_keys_of_ones_own(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read(_with_infrastructure(), tmp_path)
    assert "delivery.infrastructure.secrets_key: names a class of data that has no key here" in str(caught.value)
    assert "set keys: {own: true}" in str(caught.value)


def test_settings_pass_commands_on_and_leave_the_rest_as_it_is() -> None:
    text = GOOD.rstrip("\n") + "\n    commands: {deploy: ./ship}\n"
    found = read(text, ROOT).delivery
    assert found is not None
    assert gp.Commands(**found.commands.model_dump()) == gp.Commands(deploy="./ship")
