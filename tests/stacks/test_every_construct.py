"""Every construct can be had in every tier: from the shipped environment, or by settings that a user adds to it."""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

import groundplan as gp
from groundplan.core.component import Component
from mockcloud import preview_directory
from tests.stacks.previews import ROOT, resources
from tests.stacks.test_security import BASIC, PUBLIC, leaves

STACKS: Final = ("learner", "team", "regulated")
PAGE: Final = ROOT / "docs" / "guides" / "environments.md"
LEFT_OUT: Final[dict[str, dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "left_out.yaml").read_text(encoding="utf-8")
)


@functools.cache
def public() -> dict[str, str]:
    """Return the type of each public construct, by its name."""
    named = {name: getattr(gp, name) for name in gp.__all__}
    return {
        name: found.kind for name, found in named.items() if inspect.isclass(found) and issubclass(found, Component)
    }


def constructs(found: list[dict[str, Any]]) -> set[str]:
    """Return the public constructs of a plan, by name."""
    types = {r["type"] for r in found}
    return {name for name, kind in public().items() if kind in types}


def merged(own: Any, added: Any) -> Any:
    """Return settings with some added, section by section."""
    if isinstance(own, dict) and isinstance(added, dict):
        return {**own, **{key: merged(own.get(key), value) for key, value in added.items()}}
    return added


def with_settings(stack: str, *added: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Preview a shipped environment with sections added to its settings."""
    text = (ROOT / "stacks" / "environments" / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
    own = {key.removeprefix("groundplan:"): value for key, value in yaml.safe_load(text)["config"].items()}
    for sections in added:
        own = merged(own, sections)
    changed = {key: value for sections in added for key, value in own.items() if key in sections}
    config = {
        f"groundplan:{key}": value if isinstance(value, str) else json.dumps(value) for key, value in changed.items()
    }
    document: Any = preview_directory(ROOT, stack, config=config).document
    return list(document["deployment"]["resources"])


def test_the_constructs_are_found() -> None:
    assert {"Network", "KeyRing", "MlDelivery", "TpuSlice", "ServicePerimeter", "LogRouting"} <= set(public())


@pytest.mark.parametrize("stack", STACKS)
def test_a_shipped_environment_leaves_out_what_the_table_says(stack: str) -> None:
    missing = set(public()) - constructs(resources(stack))
    assert missing == set(LEFT_OUT[stack]), f"correct {stack} in left_out.yaml, and docs/guides/environments.md"


@pytest.mark.parametrize("stack", STACKS)
def test_settings_bring_what_is_left_out(stack: str) -> None:
    rows = LEFT_OUT[stack].values()
    beside = [row["settings"] for row in rows if not row.get("instead")]
    found = constructs(with_settings(stack, *beside))
    for row in rows:
        if row.get("instead"):
            found |= constructs(with_settings(stack, row["settings"]))
    assert set(public()) - found == set()


@pytest.mark.parametrize("stack", STACKS)
def test_what_is_added_keeps_to_what_reviewers_look_for(stack: str) -> None:
    """No public address, no basic role, no default account, whatever is added to the shipped settings."""
    for r in with_settings(stack, *(row["settings"] for row in LEFT_OUT[stack].values())):
        inputs = r.get("inputs", {})
        found = [(path.rsplit(".", 1)[-1], value) for path, value in leaves(inputs)]
        assert not {"accessConfigs", "natIp", "externalIp"} & {last for last, _ in found}, r["urn"]
        assert inputs.get("role") not in BASIC, r["urn"]
        assert not PUBLIC & {value for _, value in found if isinstance(value, str)}, r["urn"]
        assert "-compute@developer.gserviceaccount.com" not in json.dumps(inputs), r["urn"]


def test_the_page_says_which_environment_shows_what_and_why_the_rest_is_off() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| [`")
    ]
    shown = {cells[0].split("`")[1]: cells[1:] for cells in rows}
    assert set(shown) == set(public())
    for name, cells in shown.items():
        for stack, cell in zip(STACKS, cells, strict=False):
            row = LEFT_OUT[stack].get(name)
            assert cell == ("yes" if row is None else row["why"]), f"{name} in {stack}"
