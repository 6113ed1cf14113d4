"""From the object that a compiled pipeline is to the typed pipeline, with everything that is wrong with it."""

from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.values import Value
from groundplan_policies.pipelines.fields import Node
from groundplan_policies.pipelines.model import (
    VERSIONS,
    Component,
    Constant,
    Dag,
    Executor,
    Fault,
    Given,
    Loop,
    Pipeline,
    Produced,
    Source,
    Task,
    Trigger,
    Unread,
)
from groundplan_policies.pipelines.roles import component_digest
from groundplan_policies.pipelines.structure import structural_faults

_STRATEGIES: Final[Mapping[str, bool]] = {
    "": False,
    "TRIGGER_STRATEGY_UNSPECIFIED": False,
    "ALL_UPSTREAM_TASKS_SUCCEEDED": False,
    "ALL_UPSTREAM_TASKS_COMPLETED": True,
}
"""Strategy of a trigger -> whether a task starts though one before it failed."""

_TASK_KEYS: Final = frozenset(
    {
        *("artifactIterator", "cachingOptions", "componentRef", "dependentTasks", "inputs", "iteratorPolicy"),
        *("parameterIterator", "retryPolicy", "taskInfo", "triggerPolicy"),
    }
)
"""What a task may hold. What is not known could decide when or whether it runs."""


def read_pipeline(spec: Mapping[str, Value]) -> Pipeline:
    """Read a pipeline. It never fails: what is wrong is among the faults of the pipeline that it gives."""
    faults: list[Fault] = []
    top = Node(spec, "", faults)
    if top.text("schemaVersion") not in VERSIONS:
        top.wrong("is no version that is understood here", "schemaVersion")
    executors = {label: _executor(node) for label, node in top.child("deploymentSpec").children("executors")}
    given = dict(top.child("deploymentSpec").child("executors").values)
    components = {name: _component(name, node, executors, given) for name, node in top.children("components")}
    root = _dag(top.child("root").child("dag")) if "root" in top else None
    if root is None or not root.tasks:
        top.wrong("holds no task", "root")
    inputs = top.child("root").child("inputDefinitions")
    parameters = dict(inputs.children("parameters"))
    faults += structural_faults(root, components)
    return Pipeline(
        name=top.child("pipelineInfo").text("name"),
        root=root,
        components=components,
        executors=executors,
        defaults=_defaults(inputs),
        parameters=frozenset(parameters),
        output_root=top.text("defaultPipelineRoot"),
        faults=tuple(dict.fromkeys(faults)),
    )


def with_image(spec: Mapping[str, Value], image: str) -> Mapping[str, Value]:
    """Give a pipeline whose containers all run an image, as a schedule's `image` in a stack's settings does."""
    deployment = spec.get("deploymentSpec")
    executors = deployment.get("executors") if isinstance(deployment, dict) else None
    if not isinstance(deployment, dict) or not isinstance(executors, dict):
        return spec
    changed = {label: _in_image(each, image) for label, each in executors.items()}
    return {**spec, "deploymentSpec": {**deployment, "executors": changed}}


def _in_image(executor: Value, image: str) -> Value:
    container = executor.get("container") if isinstance(executor, dict) else None
    if not isinstance(executor, dict) or not isinstance(container, dict):
        return executor
    return {**executor, "container": {**container, "image": image}}


def _executor(node: Node) -> Executor:
    kinds = [key for key in node.values if node.values[key] is not None]
    if len(kinds) != 1:
        node.wrong("is no executor of one kind")
    container = node.child("container").values if "container" in node else None
    return Executor(path=node.path, container=container, importer=kinds == ["importer"])


def _component(name: str, node: Node, executors: Mapping[str, Executor], given: Mapping[str, Value]) -> Component:
    dag = _dag(node.child("dag")) if "dag" in node else None
    label = node.text("executorLabel") if dag is None else ""
    executor = executors.get(label)
    if dag is not None and "executorLabel" in node:
        node.wrong("has a graph and an executor")
    if dag is None and executor is None:
        node.wrong("has neither a graph nor an executor that the pipeline holds")
    inputs = node.child("inputDefinitions")
    return Component(
        name=name,
        path=node.path,
        dag=dag,
        executor=executor,
        digest="" if executor is None or dag is not None else component_digest(node.values, given.get(label)),
        artifacts={key: each.child("artifactType").text("schemaTitle") for key, each in inputs.children("artifacts")},
        defaults=_defaults(inputs),
    )


def _defaults(inputs: Node) -> Mapping[str, Constant]:
    """Give the values that parameters have by default; without those that have none."""
    return {
        name: Constant(node.values["defaultValue"], node.at("defaultValue"))
        for name, node in inputs.children("parameters")
        if "defaultValue" in node
    }


def _dag(node: Node) -> Dag:
    outputs = node.child("outputs")
    return Dag(
        path=node.path,
        tasks={name: _task(name, each) for name, each in node.children("tasks")},
        artifacts={
            key: tuple(_selected(selector, "outputArtifactKey") for selector in each.nodes("artifactSelectors"))
            for key, each in outputs.children("artifacts")
        },
        parameters={key: tuple(_output_parameters(each)) for key, each in outputs.children("parameters")},
    )


def _output_parameters(node: Node) -> Iterator[Produced]:
    if "valueFromParameter" in node:
        yield _selected(node.child("valueFromParameter"), "outputParameterKey")
    for selector in node.child("valueFromOneof").nodes("parameterSelectors"):
        yield _selected(selector, "outputParameterKey")


def _selected(node: Node, key: str) -> Produced:
    return Produced(node.name("producerSubtask"), node.name(key))


def _task(name: str, node: Node) -> Task:
    for key in node.values:
        if key not in _TASK_KEYS:
            node.wrong("is nothing that is understood of a task", key)
    inputs = node.child("inputs")
    artifacts = {key: _artifact(each) for key, each in inputs.children("artifacts")}
    parameters = {key: _parameter(each) for key, each in inputs.children("parameters")}
    taken = {each.task for each in (*artifacts.values(), *parameters.values()) if isinstance(each, Produced)}
    return Task(
        name=name,
        path=node.path,
        component=node.child("componentRef").name("name"),
        after=frozenset({*node.texts("dependentTasks"), *taken}),
        artifacts=artifacts,
        parameters=parameters,
        trigger=_trigger(node.child("triggerPolicy")),
        caches=node.child("cachingOptions").flag("enableCache"),
        retries=node.child("retryPolicy").number("maxRetryCount"),
        loop=_loop(node),
    )


def _trigger(node: Node) -> Trigger:
    strategy = node.text("strategy")
    if strategy not in _STRATEGIES:
        node.wrong("is no strategy that is understood here", "strategy")
    return Trigger(node.text("condition"), anyway=_STRATEGIES.get(strategy, True))


def _artifact(node: Node) -> Source:
    if "taskOutputArtifact" in node:
        below = node.child("taskOutputArtifact")
        return Produced(below.name("producerTask"), below.name("outputArtifactKey"))
    if "componentInputArtifact" in node:
        return Given(node.name("componentInputArtifact"))
    node.wrong("comes from nowhere that is understood here")
    return Unread(node.path)


def _parameter(node: Node) -> Source:
    if node.text("parameterExpressionSelector") or "taskFinalStatus" in node:
        return Unread(node.path)  # a part of a value, cut out at run time; how another task ended
    if "taskOutputParameter" in node:
        below = node.child("taskOutputParameter")
        return Produced(below.name("producerTask"), below.name("outputParameterKey"))
    if "componentInputParameter" in node:
        return Given(node.name("componentInputParameter"))
    if "runtimeValue" in node:
        below = node.child("runtimeValue")
        if "runtimeParameter" in below:
            return Given(below.name("runtimeParameter"))
        return Constant(below.values.get("constant"), below.at("constant"))
    node.wrong("comes from nowhere that is understood here")
    return Unread(node.path)


def _loop(node: Node) -> Loop | None:
    for key, listed in (("artifactIterator", "inputArtifact"), ("parameterIterator", "inputParameter")):
        if key in node:
            below = node.child(key)
            items = below.child("items")
            written = Constant(items.values["raw"], items.at("raw")) if "raw" in items else None
            return Loop(below.name("itemInput"), items.text(listed), written)
    return None
