"""Steps: nested graphs unrolled, what surely came before, and where inputs come from."""

from groundplan_policies.pipelines.model import Constant, Given, Unread
from groundplan_policies.pipelines.read import read_pipeline
from groundplan_policies.pipelines.steps import Output, Step, Way, read_steps
from tests.policies.pipelines.specs import COMPONENTS, Spec, component, executor, graph, pipeline, task

PLAIN = {name: component(name, data="Dataset", model="Model") for name in ("a", "b", "c", "d")}


def steps(spec: Spec) -> dict[Way, Step]:
    read = read_pipeline(spec)
    assert read.faults == ()
    return dict(read_steps(read))


def names(ways: frozenset[Way]) -> set[str]:
    return {".".join(way) for way in ways}


def test_what_comes_before_is_followed_to_the_beginning() -> None:
    found = steps(pipeline({"a": task("a"), "b": task("b", "a"), "c": task("c", data="b.x"), "d": task("d")}, PLAIN))
    assert {name: names(step.needs) for (name,), step in found.items()} == {
        "a": set(),
        "b": {"a"},
        "c": {"a", "b"},
        "d": set(),
    }
    assert found["c",].artifacts == {"data": (Output(("b",), "x"),)}


def test_steps_come_in_an_order_in_which_they_could_run() -> None:
    found = list(steps(pipeline({"c": task("c", "b"), "b": task("b", "a"), "a": task("a")}, PLAIN)))
    assert found == [("a",), ("b",), ("c",)]


def test_a_graph_is_over_when_its_steps_are() -> None:
    inner = graph({"x": task("a"), "y": task("b", "x")})
    found = steps(
        pipeline({"first": task("c"), "in": task("inner", "first"), "last": task("d", "in")}, {**PLAIN, "inner": inner})
    )
    assert names(found["in", "x"].needs) == {"first"}
    assert names(found["in", "y"].needs) == {"first", "in.x"}
    assert names(found["last",].needs) == {"first", "in.x", "in.y"}


def test_what_runs_whatever_happened_needs_nothing_and_takes_the_certainty_of_its_graph() -> None:
    inner = graph({"x": task("a"), "y": task("b", "x", anyway=True)})
    found = steps(
        pipeline({"first": task("c"), "in": task("inner", "first"), "last": task("d", "in")}, {**PLAIN, "inner": inner})
    )
    assert names(found["in", "y"].needs) == {"first"}
    assert names(found["last",].needs) == {"first"}
    outer = steps(pipeline({"a": task("a"), "b": task("b", "a", anyway=True), "c": task("c", "b")}, PLAIN))
    assert names(outer["c",].needs) == {"b"}


def test_conditions_and_loops_guard_what_is_inside() -> None:
    inner = graph({"x": task("a", condition="1 == 1"), "y": task("b")})
    looped = {**task("inner"), "parameterIterator": {"itemInput": "i", "items": {"raw": "[1]"}}}
    found = steps(pipeline({"in": looped}, {**PLAIN, "inner": inner}))
    assert names(found["in", "x"].guards) == {"in", "in.x"}
    assert names(found["in", "y"].guards) == {"in"}
    assert [each.text for each in found["in", "x"].conditions] == ["1 == 1"]
    assert found["in", "y"].conditions == ()


def test_one_component_in_two_places_makes_two_steps() -> None:
    inner = graph({"x": task("a", data="^given")}, {"out": "x.y"})
    tasks = {"p": task("inner", given="s.one"), "q": task("inner", given="p.out"), "s": task("b")}
    found = steps(pipeline(tasks, {**PLAIN, "inner": inner}))
    assert found["p", "x"].artifacts == {"data": (Output(("s",), "one"),)}
    assert found["q", "x"].artifacts == {"data": (Output(("p", "x"), "y"),)}
    assert found["p", "x"].task is found["q", "x"].task


def test_artifacts_are_followed_through_loops_outputs_and_the_run() -> None:
    looped = {
        **task("inner", many="a.list"),
        "artifactIterator": {"itemInput": "one", "items": {"inputArtifact": "many"}},
    }
    inner = graph({"x": task("b", data="^one", model="^gone")}, {"out": "x.y|x.z"})
    found = steps(
        pipeline(
            {"a": task("a", data="^asked"), "in": looped, "c": task("c", data="in.out", model="in.none")},
            {**PLAIN, "inner": inner},
        )
    )
    assert found["a",].artifacts == {"data": (Output((), "asked"),)}
    assert found["in", "x"].artifacts == {"data": (Output(("a",), "list", ("in",)),), "model": ()}
    assert found["c",].artifacts == {"data": (Output(("in", "x"), "y"), Output(("in", "x"), "z")), "model": ()}


def test_parameters_are_followed_to_constants_outputs_and_the_run() -> None:
    values = {"const": "^c", "out": "^o", "run": "^r", "item": "^i", "own": "^none"}
    inner = graph({"x": task("a", parameters=values)})
    given = {"c": 7, "o": "@a.score", "r": "^asked", "i": "^list"}
    looped = {
        **task("inner", parameters=given),
        "parameterIterator": {"itemInput": "i", "items": {"inputParameter": "i"}},
    }
    found = steps(pipeline({"a": task("a"), "in": looped}, {**PLAIN, "inner": inner}))["in", "x"].parameters
    path = "root.dag.tasks.in"
    assert found == {
        "const": (Constant(7, f"{path}.inputs.parameters.c.runtimeValue.constant"),),
        "out": (Output(("a",), "score"),),
        "run": (Given("asked"),),
        "item": (Unread(path),),
        "own": (Unread(path),),
    }


def test_outputs_of_graphs_that_are_parameters_are_followed() -> None:
    one = {"valueFromParameter": {"producerSubtask": "x", "outputParameterKey": "k"}}
    several = {
        "valueFromOneof": {
            "parameterSelectors": [{"producerSubtask": each, "outputParameterKey": "k"} for each in "xy"]
        }
    }
    inner = graph({"x": task("a"), "y": task("b")})
    inner["dag"]["outputs"] = {"parameters": {"one": one, "several": several}}
    values = {"p": "@in.one", "q": "@in.several", "z": "@in.none"}
    found = steps(pipeline({"in": task("inner"), "c": task("c", parameters=values)}, {**PLAIN, "inner": inner}))
    x, y = Output(("in", "x"), "k"), Output(("in", "y"), "k")
    assert found["c",].parameters == {"p": (x,), "q": (x, y), "z": (Unread("components.inner.dag"),)}


def test_other_values_are_not_followed() -> None:
    spec = pipeline({"a": task("a"), "b": task("b")}, PLAIN)
    spec["root"]["dag"]["tasks"]["b"]["inputs"] = {
        "parameters": {
            "status": {"taskFinalStatus": {"producerTask": "a"}},
            "part": {"componentInputParameter": "x", "parameterExpressionSelector": "parseJson(string_value)"},
            "old": {"runtimeValue": {"runtimeParameter": "x"}},
            "none": {"runtimeValue": {}},
        }
    }
    at = "root.dag.tasks.b.inputs.parameters"
    assert steps(spec)["b",].parameters == {
        "status": (Unread(f"{at}.status"),),
        "part": (Unread(f"{at}.part"),),
        "old": (Given("x"),),
        "none": (Constant(None, f"{at}.none.runtimeValue.constant"),),
    }


def test_a_pipeline_without_a_root_has_no_steps() -> None:
    assert (
        read_steps(read_pipeline({"components": COMPONENTS, "deploymentSpec": {"executors": {"x": executor("x")}}}))
        == {}
    )
