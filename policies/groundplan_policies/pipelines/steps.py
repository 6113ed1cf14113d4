"""The steps of a run: every nested graph in the place of the task that names it, with where each input comes from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from groundplan_policies.pipelines.model import (
    Component,
    Constant,
    Dag,
    Given,
    Pipeline,
    Produced,
    Source,
    Task,
    Unread,
)
from groundplan_policies.pipelines.structure import in_order

Way = tuple[str, ...]
"""Names of tasks from the root on: of a step, or of a nested graph."""

_RUN: Final[Way] = ()
"""The way to the run itself."""


class Output(NamedTuple):
    """An output of a step; an artifact that the run is given where `step` is empty.

    Attributes:
        step: The step.
        key: Name of the output.
        loop: Way of the loop that takes it apart, where it is one item of the list that the output is; else empty.
    """

    step: Way
    key: str
    loop: Way = ()


Origin = Output | Given | Constant | Unread
"""What the value of a parameter is or comes from; `Given` is a parameter of the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A task that an executor runs.

    Attributes:
        way: Names of the tasks from the root to it: two steps may come from one task that is written once.
        task: The task.
        component: Its component.
        needs: The ways of the steps that surely succeeded before it starts, as far as those ran at all.
        guards: The ways of the tasks, from the root to itself, that run under a condition or once for each item.
        conditions: Those of them with a condition, each with the scope in which the condition is read.
        artifacts: Input -> the artifacts one of which it is; empty where nobody can tell.
        parameters: Input -> what its value is or comes from, one of several.
    """

    way: Way
    task: Task
    component: Component
    needs: frozenset[Way]
    guards: frozenset[Way]
    conditions: tuple["Condition", ...]
    artifacts: Mapping[str, tuple[Output, ...]]
    parameters: Mapping[str, tuple[Origin, ...]]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition over a step.

    Attributes:
        path: Where it stands.
        text: The expression.
        parameters: Name in it -> what its value is or comes from, one of several.
    """

    path: str
    text: str
    parameters: Mapping[str, tuple[Origin, ...]]


@dataclass(slots=True)
class _Scope:
    """A graph in the place of a task, or of the run."""

    way: Way
    dag: Dag
    around: "tuple[_Scope, Task] | None"
    inside: dict[str, "_Scope"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Above:
    """What holds for every step of a scope because of the tasks around it."""

    needs: frozenset[Way] = frozenset()
    guards: frozenset[Way] = frozenset()
    conditions: tuple[Condition, ...] = ()


def read_steps(pipeline: Pipeline) -> Mapping[Way, Step]:
    """Give the steps of a pipeline without faults, each after those that come before it."""
    if pipeline.root is None:
        return {}
    walk = _Walk(pipeline)
    root = walk.scope(_RUN, pipeline.root, None)
    return {step.way: step for step in walk.steps(root, _Above())}


class _Walk:
    def __init__(self, pipeline: Pipeline) -> None:
        self._components = pipeline.components
        self._finished: dict[Way, frozenset[Way]] = {}

    def scope(self, way: Way, dag: Dag, around: tuple[_Scope, Task] | None) -> _Scope:
        made = _Scope(way, dag, around)
        for name, task in dag.tasks.items():
            below = self._components[task.component].dag
            if below is not None:
                made.inside[name] = self.scope((*way, name), below, (made, task))
        return made

    def steps(self, scope: _Scope, above: _Above) -> Iterator[Step]:
        """Give the steps of a scope, and remember of each task which steps have succeeded once it has."""
        before: dict[str, frozenset[Way]] = {}
        for task in in_order(scope.dag):
            way = (*scope.way, task.name)
            own = frozenset[Way]().union(*(before[name] for name in task.after))
            here = self._around(scope, task, way, above, frozenset() if task.trigger.anyway else own)
            inside = scope.inside.get(task.name)
            if inside is None:
                yield self._step(scope, task, way, here)
                finished = frozenset({way})
            else:
                yield from self.steps(inside, here)
                finished = self._finished[way]
            before[task.name] = finished | (frozenset() if task.trigger.anyway else own)
        # Where a task runs though one before it failed, that the graph succeeded says nothing of its tasks.
        surely = not any(task.trigger.anyway for task in scope.dag.tasks.values())
        self._finished[scope.way] = frozenset[Way]().union(*before.values()) if surely else frozenset()

    def _around(self, scope: _Scope, task: Task, way: Way, above: _Above, needs: frozenset[Way]) -> _Above:
        conditions = above.conditions
        if task.trigger.condition:
            read = {name: tuple(self._values(scope, source)) for name, source in task.parameters.items()}
            conditions = (*conditions, Condition(f"{task.path}.triggerPolicy.condition", task.trigger.condition, read))
        guarded = bool(task.trigger.condition) or task.loop is not None
        return _Above(above.needs | needs, above.guards | {way} if guarded else above.guards, conditions)

    def _step(self, scope: _Scope, task: Task, way: Way, here: _Above) -> Step:
        component = self._components[task.component]
        by_default: dict[str, tuple[Origin, ...]] = {key: (value,) for key, value in component.defaults.items()}
        return Step(
            way=way,
            task=task,
            component=component,
            needs=here.needs,
            guards=here.guards,
            conditions=here.conditions,
            artifacts={
                key: tuple(dict.fromkeys(self._artifacts(scope, source))) for key, source in task.artifacts.items()
            },
            parameters=by_default
            | {key: tuple(self._values(scope, source)) for key, source in task.parameters.items()},
        )

    def _artifacts(self, scope: _Scope, source: Source) -> Iterator[Output]:
        match source:
            case Produced(name, key):
                inside = scope.inside.get(name)
                if inside is None:
                    yield Output((*scope.way, name), key)
                else:
                    for each in inside.dag.artifacts.get(key, ()):
                        yield from self._artifacts(inside, each)
            case Given(key):
                yield from self._given_artifacts(scope, key)

    def _given_artifacts(self, scope: _Scope, key: str) -> Iterator[Output]:
        if scope.around is None:
            yield Output(_RUN, key)
            return
        parent, call = scope.around
        item = call.loop is not None and call.loop.item == key
        name = call.loop.items if call.loop is not None and item else key
        found = call.artifacts.get(name)
        for each in () if found is None else self._artifacts(parent, found):
            yield each._replace(loop=scope.way) if item else each

    def _values(self, scope: _Scope, source: Source) -> Iterator[Origin]:
        match source:
            case Produced(name, key):
                inside = scope.inside.get(name)
                if inside is None:
                    yield Output((*scope.way, name), key)
                else:
                    for each in inside.dag.parameters.get(key, ()) or (Unread(inside.dag.path),):
                        yield from self._values(inside, each)
            case Given():
                yield from self._given_values(scope, source)
            case Constant() | Unread():
                yield source

    def _given_values(self, scope: _Scope, source: Given) -> Iterator[Origin]:
        if scope.around is None:
            yield source
            return
        parent, call = scope.around
        found = call.parameters.get(source.key)
        if call.loop is not None and call.loop.item == source.key:
            yield Unread(call.path)  # an item of a list
        elif found is None:
            yield self._components[call.component].defaults.get(source.key) or Unread(call.path)
        else:
            yield from self._values(parent, found)
