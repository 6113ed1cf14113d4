"""One stage a stack gives the same resources as all stages in one, each stack reading the exports of those before."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest

from mockcloud import preview_directory
from mockcloud.doors.embedded.errors import ProgramFailed
from tests.stacks.previews import ROOT, resources

SPLIT = ROOT / "examples" / "split-stages"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
ORDER = ("organisation", "foundation", "platform", "team")


def _applied(value: Any, path: str) -> Any:
    """Return an output as it would be after `pulumi up`: what the cloud computes has some value."""
    if isinstance(value, dict):
        # One thing that is exported twice (a key of several classes) has one id.
        place = value.get("label", path)
        return {key: _applied(inner, f"{place}/{key}") for key, inner in value.items()}
    if isinstance(value, list):
        return [_applied(inner, f"{path}/{index}") for index, inner in enumerate(value)]
    return f"projects/acme-ml-team/locations/europe-west4/applied/{path}" if value == UNKNOWN else value


@functools.cache
def _split() -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    found: list[dict[str, Any]] = []
    outputs: dict[str, dict[str, Any]] = {}
    for stack in ORDER:
        preview = preview_directory(SPLIT, stack, organization="acme", stack_references=outputs)
        document: Any = preview.document
        found += document["deployment"]["resources"]
        outputs[f"acme/groundplan/{stack}"] = _applied(dict(preview.outputs), stack)
    return found, outputs


def _masked(value: Any) -> Any:
    """Return inputs with what only the cloud knows left out, known here or not."""
    if isinstance(value, dict):
        return {key: _masked(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner) for inner in value]
    return "computed" if isinstance(value, str) and (UNKNOWN in value or "/applied/" in value) else value


def _cloud(found: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
    return {
        (r["type"], r["urn"].rsplit("::", 1)[-1]): json.dumps(_masked(r["inputs"]), sort_keys=True)
        for r in found
        if r["type"].startswith("gcp:")
    }


def test_both_ways_give_the_same_resources() -> None:
    split, _ = _split()
    assert _cloud(split) == _cloud(resources("team"))


def test_a_later_stage_makes_nothing_of_an_earlier_one() -> None:
    """Changing a notebook needs no rights on the organisation, on keys or on the network."""
    _, outputs = _split()
    found: Any = preview_directory(SPLIT, "team", organization="acme", stack_references=outputs).document
    made = {r["type"] for r in found["deployment"]["resources"]}
    earlier = {
        "gcp:bigquery/dataset:Dataset",
        "gcp:compute/network:Network",
        "gcp:kms/cryptoKey:CryptoKey",
        "gcp:logging/projectBucketConfig:ProjectBucketConfig",
        "gcp:orgpolicy/policy:Policy",
        "gcp:projects/service:Service",
    }
    assert earlier <= {r["type"] for r in resources("team")}
    assert not made & earlier


def test_a_stack_that_was_not_applied_is_named() -> None:
    with pytest.raises(ProgramFailed, match="it has no output that groundplan can read") as caught:
        preview_directory(SPLIT, "foundation", stack_references={"acme/groundplan/organisation": {}})
    assert "pulumi up" in str(caught.value)


def test_exports_of_another_version_are_refused() -> None:
    exported = {"acme/groundplan/organisation": {"groundplan": {"version": 2}}}
    with pytest.raises(ProgramFailed, match="version 2"):
        preview_directory(SPLIT, "foundation", stack_references=exported)


def test_what_no_stack_exports_is_named_with_what_to_do() -> None:
    _, outputs = _split()
    without = {**outputs, "acme/groundplan/platform": outputs["acme/groundplan/organisation"]}
    with pytest.raises(ProgramFailed, match="run stage platform in this stack, or name the stack") as caught:
        preview_directory(SPLIT, "team", stack_references=without)
    assert "NetworkRef" in str(caught.value)
