"""What a task is for, and by what a component is known: its content, and not its name."""

import hashlib
import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from groundplan_policies.engine.values import Value

DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
"""The digest of a component."""


class Role(StrEnum):
    """What a task is for."""

    INGESTION = "ingestion"
    """It brings data in."""
    VALIDATION = "validation"
    """It checks data, and ends in failure where the data is wrong."""
    PREPARATION = "preparation"
    """It makes data of data, such as features or a split."""
    TRAINING = "training"
    """It makes a model of data."""
    EVALUATION = "evaluation"
    """It measures a model with data."""
    FAIRNESS = "fairness"
    """It measures how a model treats groups of people, and ends in failure beyond the thresholds that it is given."""
    APPROVAL = "approval"
    """It decides by what was measured, or lets a person decide, whether a model goes on."""
    UPLOAD = "upload"
    """It puts a model into a registry."""
    DEPLOYMENT = "deployment"
    """It puts a model where requests reach it."""
    EXIT = "exit"
    """It runs at the end whatever happened, to tell or to clean up."""
    OTHER = "other"
    """None of these."""


def component_digest(component: Mapping[str, Value], executor: Value) -> str:
    """Give the digest of a component together with its executor: image, command, program, inputs, outputs.

    The name of the component and the label of the executor do not count: the compiler numbers both.

    Args:
        component: The entry of `components`.
        executor: The entry of `deploymentSpec.executors` to which it refers.
    """
    own = {key: value for key, value in component.items() if key != "executorLabel"}
    text = json.dumps(_plain({"component": own, "executor": executor}), sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _plain(value: Value) -> Value:
    """Write whole numbers alike: the compiler writes 1.0 where others write 1."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
