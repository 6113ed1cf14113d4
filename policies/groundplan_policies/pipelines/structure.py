"""Is a pipeline one that can be walked? Components that are not there, tasks that are not there, cycles."""

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from groundplan_policies.pipelines.model import Component, Dag, Fault, Task

MOST_STEPS = 1_000
"""Steps that a pipeline may have once every component is put in the place of the tasks that name it."""

DEEPEST = 30
"""Graphs that may be inside of one another."""


def structural_faults(root: Dag | None, components: Mapping[str, Component]) -> tuple[Fault, ...]:
    """Give what keeps a pipeline from being walked."""
    graphs = [each for each in (root, *(each.dag for each in components.values())) if each is not None]
    found = [fault for graph in graphs for fault in _of_graph(graph, components)]
    nested = {
        name: {task.component for task in each.dag.tasks.values()} & components.keys()
        for name, each in components.items()
        if each.dag is not None
    }
    order = _sorted(nested)
    if order is None:
        return (*found, Fault("components", "hold one another in a circle"))
    if root is not None:
        steps, depth = _size(root, components, order)
        if steps > MOST_STEPS:
            found.append(Fault("root", f"has more than {MOST_STEPS} steps, those of nested graphs counted"))
        if depth > DEEPEST:
            found.append(Fault("root", f"has more than {DEEPEST} graphs inside of one another"))
    return tuple(found)


def _of_graph(graph: Dag, components: Mapping[str, Component]) -> Iterator[Fault]:
    for task in graph.tasks.values():
        if task.component and task.component not in components:
            yield Fault(f"{task.path}.componentRef.name", "names a component that the pipeline does not hold")
        if not task.after <= graph.tasks.keys():
            yield Fault(task.path, "comes after a task that its graph does not hold")
        yield from _of_loop(task)
    for outputs in (graph.artifacts, graph.parameters):
        for selected in outputs.values():
            if not selected or any(each.task not in graph.tasks for each in selected):
                yield Fault(f"{graph.path}.outputs", "has an output of a task that its graph does not hold")
    if _sorted({name: task.after & graph.tasks.keys() for name, task in graph.tasks.items()}) is None:
        yield Fault(f"{graph.path}.tasks", "wait for one another in a circle")


def _of_loop(task: Task) -> Iterator[Fault]:
    if task.loop is not None and task.loop.items and task.loop.items not in {*task.artifacts, *task.parameters}:
        yield Fault(task.path, "loops over an input that it does not have")


def _sorted(before: Mapping[str, set[str] | frozenset[str]]) -> tuple[str, ...] | None:
    """Give names so that each comes after those that it needs; None where they go round in a circle."""
    try:
        return tuple(TopologicalSorter(before).static_order())
    except CycleError:
        return None


def _size(root: Dag, components: Mapping[str, Component], order: tuple[str, ...]) -> tuple[int, int]:
    """Count steps and levels, without walking: a few nested graphs that use one another twice can make millions."""
    sizes: dict[str, tuple[int, int]] = {}

    def size(graph: Dag) -> tuple[int, int]:
        inside = [sizes.get(task.component, (1, 0)) for task in graph.tasks.values()]
        return sum(steps for steps, _ in inside), 1 + max((depth for _, depth in inside), default=0)

    for name in order:
        graph = components[name].dag
        if graph is not None:
            sizes[name] = size(graph)
    return size(root)


def in_order(graph: Dag) -> tuple[Task, ...]:
    """Give the tasks of a graph, each after those that come before it. The graph has no circle."""
    names = _sorted({name: task.after for name, task in graph.tasks.items()}) or ()
    return tuple(graph.tasks[name] for name in names)
