"""Whatever a pipeline holds, looking at it ends in an answer, and no wrong shape makes a control pass that did not."""

import contextlib
import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundplan_policies.engine.evaluate import evaluate
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.pipelines.document import pipeline_document
from groundplan_policies.pipelines.found import SPEC
from groundplan_policies.pipelines.text import PipelineError
from groundplan_policies.settings import read_settings
from tests.policies.pipelines.specs import Spec, good, graph, roles, task
from tests.policies.rules.harness import outcome
from tests.policies.rules.pipeline.runs import file, parameters, schedule

QUICK = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAY = date(2026, 6, 15)
REGULATED = read_settings("regulated").filled(pipeline_components=roles(good()))
CONTROLS = {name: each for name, each in all_controls().items() if SPEC in each.checks}

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from([UNKNOWN, "train", "split.training", "sha256:", "{{$}}", "true || x", "2.1.0"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def base() -> Spec:
    """Give a pipeline with something of everything: a nested graph, a loop, a condition, an output."""
    spec = good()
    inner = graph(
        {"look": task("clean", data="^one"), "last": task("notify", "look", anyway=True)}, {"out": "look.data"}
    )
    spec["components"]["inner"] = inner
    spec["root"]["dag"]["tasks"]["in"] = {
        **task("inner", many="split.holdout"),
        "artifactIterator": {"itemInput": "one", "items": {"inputArtifact": "many"}},
        "retryPolicy": {"maxRetryCount": 1},
    }
    spec["root"]["inputDefinitions"] = {"parameters": {"limits": {"defaultValue": "[]", "parameterType": "STRING"}}}
    return spec


def places(value: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Give the way to everything in a pipeline."""
    if way:
        yield way
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*way, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from places(each, (*way, index))


PLACES = sorted(places(base()), key=str)


def put(spec: Spec, way: tuple[str | int, ...], value: Any) -> None:
    """Put a value at a place, if an earlier one has left the place there."""
    here: Any = spec
    with contextlib.suppress(KeyError, IndexError, TypeError):
        for key in way[:-1]:
            here = here[key]
        here[way[-1]] = value


@st.composite
def mangled(draw: st.DrawFn) -> Spec:
    spec = copy.deepcopy(base())
    for way in draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=3)):
        put(spec, way, draw(values))
    return spec


@QUICK
@given(mangled())
def test_a_pipeline_with_anything_in_it_is_looked_at_without_a_fault(spec: Spec) -> None:
    try:
        document = pipeline_document(json.dumps(spec).encode(), "f", "f.json")
    except PipelineError:
        return
    found = evaluate(document, REGULATED, controls=CONTROLS, as_of=DAY)
    assert found.faults == ()
    assert found.counts["PIPE-05"].passed == found.counts["PIPE-08"].passed == 0


@QUICK
@given(mangled())
def test_a_schedule_with_anything_in_it_says_what_the_file_says(spec: Spec) -> None:
    world = replace(parameters(good()))
    for name, control in CONTROLS.items():
        if name not in {"PIPE-05", "PIPE-08"}:
            text = json.dumps(spec)
            alone = outcome(control, file(text), parameters=world)
            # An unknown part makes the text of a schedule unknown, and a file has none.
            assert outcome(control, schedule(text), parameters=world).verdict is alone.verdict


@QUICK
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_pipeline_or_refused(raw: bytes) -> None:
    with contextlib.suppress(PipelineError):
        pipeline_document(raw, "f", "f.yaml")


def _shapes(value: Any) -> list[Any]:
    """Give values of other shapes than one."""
    same = type(value)
    return [each for each in (True, 7, 7.5, "wrong", ["wrong"], {"wrong": 1}) if type(each) is not same]


@pytest.mark.parametrize("control", sorted(CONTROLS))
def test_no_wrong_shape_of_what_decides_passes(control: str) -> None:
    """A value of the wrong shape anywhere in tasks and components keeps a control from passing that looks there."""
    if control in {"PIPE-04", "PIPE-05", "PIPE-08"}:
        return  # they never pass for a file
    world = parameters(good())
    good_ones = {Verdict.PASS, Verdict.DECLARED}
    assert outcome(CONTROLS[control], file(), parameters=world).verdict in good_ones
    wrong = []
    for way in sorted(places(good()), key=str):
        if not _decides(control, way):
            continue
        for shape in _shapes(_at(good(), way)):
            spec = good()
            put(spec, way, shape)
            if outcome(CONTROLS[control], file(spec), parameters=world).verdict in good_ones:
                wrong.append((way, shape))
    assert wrong == []


def _at(spec: Any, way: tuple[str | int, ...]) -> Any:
    for key in way:
        spec = spec[key]
    return spec


def _decides(control: str, way: tuple[str | int, ...]) -> bool:
    """Whether a control hangs on a place: all of the tasks' wiring; for two controls, what executors run."""
    if control in {"PIPE-06", "PIPE-07"}:
        return control == "PIPE-06" and way[-1] in {"image", "command", "args", "container"}
    wiring = {"tasks", "dependentTasks", "componentRef", "inputs", "artifacts", "taskOutputArtifact", "producerTask"}
    if control == "PIPE-10" and way[0] == "schemaVersion":
        return True
    return way[0] == "root" and way[-1] in wiring
