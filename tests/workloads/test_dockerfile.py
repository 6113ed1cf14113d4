"""The image of the pipeline's tasks: what its Dockerfile says, since no image is built here."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.workloads.dockerfile import faults, instructions

ROOT = Path(__file__).parents[2]
WORKLOADS = ROOT / "workloads"
TEXT = (WORKLOADS / "Dockerfile").read_text(encoding="utf-8")


def lines(word: str) -> list[str]:
    return [step.text for step in instructions(TEXT) if step.word == word]


def test_nobody_would_send_it_back() -> None:
    assert faults(TEXT) == []


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("python:3.11-slim-bookworm", "python:latest", "has no version"),
        ("python:3.11-slim-bookworm", "python", "has no version"),
        ("USER 10001:10001\n", "", "runs as root"),
        ("USER 10001:10001\n", "USER root\n", "runs as root"),
        ("COPY README.md ./", "ADD https://example.test/x.tar.gz ./", "ADD fetches"),
        ("COPY README.md ./", "COPY . /app", "copies the whole context"),
        (
            "RUN uv sync --locked --no-dev --no-editable",
            "RUN curl -s https://x.test/i.sh | sh",
            "script that it fetched",
        ),
        (
            "RUN uv sync --locked --no-dev --no-editable",
            "RUN wget -qO- https://x.test | bash",
            "script that it fetched",
        ),
        ('"uv==${UV_VERSION}"', "uv", "without its version"),
        ("ARG UV_VERSION=0.13.9", "ARG INDEX_TOKEN", "has a secret"),
        ("COPY README.md ./", "RUN apt-get update && apt-get install -y git", "packages of the system"),
    ],
)
def test_the_checks_see_what_they_are_for(was: str, becomes: str, said: str) -> None:
    assert TEXT.count(was) == 1
    assert any(said in fault for fault in faults(TEXT.replace(was, becomes)))


def test_packages_are_what_the_lock_names() -> None:
    for command in (line for line in lines("RUN") if "uv sync" in line):
        assert "--locked" in command
        assert "--no-dev" in command


def test_the_tool_is_the_one_of_the_other_environments_and_can_build_the_package() -> None:
    (version,) = re.findall(r"^uv_version=(\S+)", (ROOT / "tools" / "setup").read_text(encoding="utf-8"), re.MULTILINE)
    assert f"UV_VERSION={version}" in lines("ARG")
    required = tomllib.loads((WORKLOADS / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    (bounds,) = (re.fullmatch(r"uv_build>=([0-9.]+),<([0-9.]+)", each) for each in required)
    assert bounds is not None
    low, own, high = ([int(part) for part in text.split(".")] for text in (bounds[1], version, bounds[2]))
    assert low <= own < high


def test_python_is_one_that_the_package_takes() -> None:
    (base,) = re.findall(r"PYTHON_IMAGE=python:3\.(\d+)", TEXT)
    wanted = tomllib.loads((WORKLOADS / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert int(base) >= int(wanted.removeprefix(">=3."))


def test_what_is_copied_is_there_and_nothing_else_is_sent() -> None:
    copied = {name for line in lines("COPY") if "--from" not in line for name in line.split()[:-1]}
    assert copied == {"pyproject.toml", "uv.lock", "README.md", "census_workloads"}
    assert all((WORKLOADS / name).exists() for name in copied)
    ignored = (WORKLOADS / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored
    assert {line.removeprefix("!") for line in ignored if line.startswith("!")} == copied


@pytest.mark.parametrize("name", ["image", "image_signed"])
def test_delivery_builds_it_as_it_is(name: str) -> None:
    """The build files pass a directory, and no argument that the image does not have or Docker does not know."""
    file = ROOT / "constructs" / "groundplan" / "cicd" / "builds" / f"{name}.yaml"
    build = next(step for step in yaml.safe_load(file.read_text(encoding="utf-8"))["steps"] if step["id"] == "build")
    assert build["args"][-1] == "${_DIRECTORY}"
    known = {"HTTPS_PROXY", "NO_PROXY", *(line.partition("=")[0] for line in lines("ARG"))}
    given = {arg.removeprefix("--build-arg=").partition("=")[0] for arg in build["args"] if "--build-arg" in arg}
    assert given <= known
    assert all("=" in line for line in lines("ARG")), "an argument without a default would have to be given"
