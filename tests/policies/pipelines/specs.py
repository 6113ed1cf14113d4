"""Writes compiled pipelines for tests: tasks and components in a few words, and the whole as the compiler writes it."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from groundplan_policies.pipelines.read import read_pipeline

IMAGE = f"europe-west4-docker.pkg.dev/acme-ml/images/tasks@sha256:{'a' * 64}"

Spec = dict[str, Any]

SCORE = "pipelinechannel--evaluate-score"
"""Name under which a condition reads what the evaluation gives."""

THRESHOLDS = [{"attribute": "sex", "metric": "gap", "slice": "all", "maximum": 0.1}]


def source(text: Any) -> dict[str, Any]:
    """Give where an artifact comes from: `validate.data` of a task, `^data` of what is around the graph."""
    if text.startswith("^"):
        return {"componentInputArtifact": text[1:]}
    task, _, key = text.partition(".")
    return {"taskOutputArtifact": {"producerTask": task, "outputArtifactKey": key}}


def parameter(value: Any) -> dict[str, Any]:
    """Give where a parameter comes from: as `source`, or a constant."""
    if isinstance(value, str) and value.startswith("^"):
        return {"componentInputParameter": value[1:]}
    if isinstance(value, str) and value.startswith("@"):
        task, _, key = value[1:].partition(".")
        return {"taskOutputParameter": {"producerTask": task, "outputParameterKey": key}}
    return {"runtimeValue": {"constant": value}}


def task(
    component: str,
    *after: str,
    parameters: Mapping[str, Any] | None = None,
    condition: str = "",
    anyway: bool = False,
    **artifacts: str,
) -> Spec:
    """Write a task. What else it has, a test puts in."""
    inputs: Spec = {}
    if artifacts:
        inputs["artifacts"] = {key: source(each) for key, each in artifacts.items()}
    if parameters:
        inputs["parameters"] = {key: parameter(each) for key, each in parameters.items()}
    made: Spec = {"componentRef": {"name": component}, "cachingOptions": {}, "taskInfo": {"name": component}}
    if inputs:
        made["inputs"] = inputs
    if after:
        made["dependentTasks"] = list(after)
    trigger = {"condition": condition} if condition else {}
    if anyway:
        trigger["strategy"] = "ALL_UPSTREAM_TASKS_COMPLETED"
    if trigger:
        made["triggerPolicy"] = trigger
    return made


def component(name: str, **artifacts: str) -> Spec:
    """Write a component that an executor of its own name runs; of its inputs, the type of each artifact."""
    made: Spec = {"executorLabel": f"exec-{name}"}
    if artifacts:
        made["inputDefinitions"] = {
            "artifacts": {key: {"artifactType": {"schemaTitle": f"system.{each}"}} for key, each in artifacts.items()}
        }
    return made


def graph(tasks: Mapping[str, Spec], outputs: Mapping[str, str] | None = None, **more: Any) -> Spec:
    """Write a component that is a graph; `outputs` are artifacts, as `source` has them."""
    dag: Spec = {"tasks": dict(tasks)}
    if outputs:
        dag["outputs"] = {
            "artifacts": {
                key: {
                    "artifactSelectors": [
                        {"producerSubtask": each.partition(".")[0], "outputArtifactKey": each.partition(".")[2]}
                        for each in text.split("|")
                    ]
                }
                for key, text in outputs.items()
            }
        }
    return {"dag": dag, **more}


def executor(name: str) -> Spec:
    program = f"def {name.replace('-', '_')}(data):\n    return data\n"
    return {"container": {"image": IMAGE, "command": ["sh", "-ec", 'exec python3 -m run "$@"', program], "args": []}}


def pipeline(tasks: Mapping[str, Spec], components: Mapping[str, Spec], **more: Any) -> Spec:
    """Write a whole pipeline; each component that names an executor gets it."""
    return {
        "pipelineInfo": {"name": "income"},
        "schemaVersion": "2.1.0",
        "sdkVersion": "kfp-2.17.0",
        "root": {"dag": {"tasks": dict(tasks)}},
        "components": dict(components),
        "deploymentSpec": {
            "executors": {
                f"exec-{name}": executor(name) for name, each in components.items() if "executorLabel" in each
            }
        },
        **more,
    }


ROLES = {
    "ingest": "ingestion",
    "validate": "validation",
    "split": "preparation",
    "train": "training",
    "evaluate": "evaluation",
    "compare": "fairness",
    "approve": "approval",
    "register": "upload",
    "deploy": "deployment",
    "notify": "exit",
    "clean": "other",
}
"""Component -> its role."""

COMPONENTS = {
    "ingest": component("ingest"),
    "validate": component("validate", data="Dataset"),
    "split": component("split", data="Dataset"),
    "train": component("train", data="Dataset"),
    "evaluate": component("evaluate", model="Model", data="Dataset"),
    "compare": component("compare", model="Model", data="Dataset"),
    "approve": component("approve", scores="Metrics"),
    "register": component("register", model="Model"),
    "deploy": component("deploy", model="Model"),
    "notify": component("notify"),
    "clean": component("clean", data="Dataset"),
}

TASKS = {
    "ingest": task("ingest"),
    "validate": task("validate", data="ingest.data"),
    "split": task("split", data="validate.data"),
    "train": task("train", data="split.training"),
    "evaluate": task("evaluate", model="train.model", data="split.holdout"),
    "compare": task("compare", model="train.model", data="split.holdout", parameters={"thresholds": THRESHOLDS}),
    "register": task("register", "evaluate", "compare", model="train.model"),
    "deploy": task(
        "deploy",
        "register",
        parameters={SCORE: "@evaluate.score"},
        condition=f"inputs.parameter_values['{SCORE}'] == 'good'",
        model="register.model",
    ),
}


def good() -> Spec:
    """Give a pipeline that is as it should be, with its components' roles in `ROLES`."""
    return copy.deepcopy(pipeline(TASKS, COMPONENTS))


def roles(*specs: Spec, **other: str | None) -> dict[str, str]:
    """Give the settings' roles for the components of pipelines: those of `ROLES`, but for some."""
    wanted: dict[str, str | None] = {**ROLES, **other}
    return {
        each.digest: role
        for spec in specs
        for each in read_pipeline(spec).components.values()
        if each.digest and (role := wanted.get(each.name)) is not None
    }


def text(spec: Spec) -> str:
    """Write a pipeline as JSON, as a schedule holds it."""
    return json.dumps(spec)
