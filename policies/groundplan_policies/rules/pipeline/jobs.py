"""What is known of the job that runs a pipeline: the values of its parameters, and where it writes."""

from typing import Final

from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.values import Value, contains_secret, contains_unknown
from groundplan_policies.pipelines.found import JOB, Run
from groundplan_policies.pipelines.model import Constant, Given
from groundplan_policies.pipelines.steps import Origin

VALUES: Final = Path(f"{JOB}.runtimeConfig.parameterValues")
ROOT: Final = Path(f"{JOB}.runtimeConfig.gcsOutputDirectory")


def value_of(run: Run, origin: Origin) -> Constant | None:
    """Give the value that a parameter has in a run, and where it is written; None where nobody can tell.

    A parameter of the run has the value that the job gives it, else its default.
    """
    found: Constant | None = None
    if isinstance(origin, Constant):
        found = Constant(origin.value, run.at(origin.path))
    elif isinstance(origin, Given):
        found = _given(run, origin.key)
    if found is None or contains_unknown(found.value) or contains_secret(found.value):
        return None
    return found


def _given(run: Run, name: str) -> Constant | None:
    reading = VALUES.one(run.resource)
    if reading.state not in {State.ABSENT, State.EMPTY}:
        if reading.state is not State.KNOWN or not isinstance(reading.value, dict):
            return None
        value: Value = reading.value.get(name)
        if value is not None:
            return Constant(value, f"{reading.path}.{name}")
    default = run.pipeline.defaults.get(name)
    return None if default is None else Constant(default.value, run.at(default.path))
