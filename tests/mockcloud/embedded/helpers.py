"""What the tests of the embedded engine share: short ways to run a program and to look at its document."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockcloud import Preview
    from mockcloud.pulumi.values import Value

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "[secret]"}
THING = "gcp:storage/bucket:Bucket"


def resources(preview: Preview) -> dict[str, dict[str, Value]]:
    """The states of a preview's resources by name."""
    deployment = preview.document["deployment"]
    assert isinstance(deployment, dict)
    states = deployment["resources"]
    assert isinstance(states, list)
    return {str(state["urn"]).rpartition("::")[2]: state for state in states if isinstance(state, dict)}


def member(preview: Preview, part: str) -> dict[str, dict[str, Value]]:
    """A part of the `groundplan` member, by the resource's name."""
    whole = preview.document["groundplan"]
    assert isinstance(whole, dict)
    by_urn = whole[part]
    assert isinstance(by_urn, dict)
    return {urn.rpartition("::")[2]: value for urn, value in by_urn.items() if isinstance(value, dict)}


def inputs(preview: Preview, name: str) -> dict[str, Value]:
    """The inputs of one resource."""
    found = resources(preview)[name].get("inputs", {})
    assert isinstance(found, dict)
    return found


def write_project(
    directory: Path,
    program: str = "",
    *,
    settings: str = "",
    project: str = "name: proj\nruntime: python\n",
    stack: str = "dev",
    files: Mapping[str, str] | None = None,
) -> Path:
    """Write a project with one stack into a directory."""
    directory.mkdir(parents=True, exist_ok=True)
    contents = {"Pulumi.yaml": project, f"Pulumi.{stack}.yaml": settings, "__main__.py": program, **(files or {})}
    for name, text in contents.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return directory


PRELUDE = """
import pulumi


class Thing(pulumi.CustomResource):
    def __init__(self, name, opts=None, **props):
        super().__init__("gcp:storage/bucket:Bucket", name, {"computed": None, **props}, opts)


"""
"""The beginning of a program that makes things without importing pulumi_gcp."""
