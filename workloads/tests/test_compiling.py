"""The compiled pipeline: the same as the one in the repository, byte by byte, and what it holds."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from census_workloads.compiling import compiled
from census_workloads.errors import CompileError

COMPILED = Path(__file__).parents[1] / "compiled" / "census-income.yaml"
IMAGE = f"europe-west4-docker.pkg.dev/acme/images/census-workloads-python@sha256:{'a' * 64}"


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(compiled(IMAGE))
    return loaded


def test_the_pipeline_in_the_repository_is_what_the_code_compiles_to() -> None:
    assert COMPILED.read_text(encoding="utf-8") == compiled(), "compile it again: make workloads-compile"


def test_compiling_depends_on_no_order_of_a_hash() -> None:
    # In this process the seed is another one, drawn at its start.
    done = subprocess.run(
        [sys.executable, "-m", "census_workloads", "compile"],
        env={**os.environ, "PYTHONHASHSEED": "1"},
        capture_output=True,
        check=True,
        text=True,
        timeout=300,
    )
    assert done.stdout == compiled()


def test_every_task_runs_in_the_image_that_was_asked_for_and_installs_nothing(spec: dict[str, Any]) -> None:
    containers = [executor["container"] for executor in spec["deploymentSpec"]["executors"].values()]
    assert {container["image"] for container in containers} == {IMAGE}
    assert "pip install" not in str(containers)


def test_nothing_trains_on_data_that_was_not_validated(spec: dict[str, Any]) -> None:
    tasks = spec["root"]["dag"]["tasks"]
    for name in ("train", "train-2"):
        (source,) = tasks[name]["inputs"]["artifacts"].values()
        assert source["taskOutputArtifact"]["producerTask"] == "validate"
    decision = tasks["register"]["inputs"]["artifacts"]["decision"]
    assert decision["taskOutputArtifact"]["producerTask"] == "gate"
    fair = tasks["gate"]["inputs"]["artifacts"]["fairness"]
    assert fair["taskOutputArtifact"]["producerTask"] == "fairness"


def test_nothing_is_taken_from_a_cache_but_training(spec: dict[str, Any]) -> None:
    tasks = spec["root"]["dag"]["tasks"]
    cached = {name for name, task in tasks.items() if task["cachingOptions"].get("enableCache")}
    assert cached == {"train", "train-2"}


def test_only_the_registry_has_no_default(spec: dict[str, Any]) -> None:
    parameters = spec["root"]["inputDefinitions"]["parameters"]
    assert [name for name, row in parameters.items() if "defaultValue" not in row] == ["registry"]


def test_a_commit_names_an_image_where_tags_cannot_be_moved() -> None:
    assert f"image: acme/census-workloads-python:{'0a' * 20}\n" in compiled(f"acme/census-workloads-python:{'0a' * 20}")


@pytest.mark.parametrize("image", ["census-workloads-python:1.0", "python", f"NAME@sha256:{'a' * 64}", "a@sha256:12"])
def test_an_image_that_is_not_pinned_is_refused(image: str) -> None:
    with pytest.raises(CompileError, match="cannot be compiled"):
        compiled(image)
