"""Digests of components: what they hold, and what they do not."""

import copy
from typing import Any

import pytest

from groundplan_policies.pipelines.read import read_pipeline, with_image
from groundplan_policies.pipelines.roles import DIGEST, component_digest
from tests.policies.pipelines.specs import IMAGE, component, executor, good

HELD = component("train", data="Dataset")
RUNS = executor("train")


def test_the_digest_is_of_the_content_and_not_of_names() -> None:
    digest = component_digest(HELD, RUNS)
    assert DIGEST.fullmatch(digest)
    assert component_digest({**HELD, "executorLabel": "exec-other"}, copy.deepcopy(RUNS)) == digest
    assert component_digest(dict(reversed(HELD.items())), RUNS) == digest


@pytest.mark.parametrize(
    ("key", "value"), [("image", "other"), ("command", ["true"]), ("args", ["x"]), ("env", [{"name": "A"}])]
)
def test_whatever_an_executor_runs_is_in_it(key: str, value: Any) -> None:
    assert component_digest(HELD, {"container": {**RUNS["container"], key: value}}) != component_digest(HELD, RUNS)


def test_inputs_are_in_it() -> None:
    assert component_digest(component("train", data="Model"), RUNS) != component_digest(HELD, RUNS)


def test_whole_numbers_are_alike_however_they_are_written() -> None:
    assert component_digest({"a": [1.0, {"b": 2}]}, None) == component_digest({"a": [1, {"b": 2.0}]}, None)
    assert component_digest({"a": 1.5}, None) != component_digest({"a": 1}, None)
    assert component_digest({"a": True}, None) != component_digest({"a": 1}, None)


def test_an_image_is_put_where_a_schedule_puts_it() -> None:
    spec = good()
    spec["deploymentSpec"]["executors"]["exec-ingest"] = {"importer": {}}
    changed = with_image(spec, "other")
    images = {each.container["image"] for each in read_pipeline(changed).executors.values() if each.container}
    assert images == {"other"}
    assert IMAGE in str(spec)
    assert read_pipeline(changed).components["train"].digest != read_pipeline(spec).components["train"].digest


@pytest.mark.parametrize(
    "spec",
    [{}, {"deploymentSpec": 1}, {"deploymentSpec": {"executors": []}}, {"deploymentSpec": {"executors": {"a": 1}}}],
)
def test_what_has_no_executors_stays_as_it_is(spec: dict[str, Any]) -> None:
    assert with_image(spec, "x") == spec
