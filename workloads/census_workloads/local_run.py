"""The pipeline on this machine: each task in a process of its own, in this environment."""

from pathlib import Path

from kfp import local

from census_workloads.pipeline import build


def run(output: Path, registry: Path, **parameters: str | float) -> str:
    """Run the pipeline, and return the version that the model got.

    Args:
        output: Folder for what the tasks hand on.
        registry: Folder of the registry.
        parameters: Values of further parameters of the pipeline.

    Raises:
        RuntimeError: A task failed; its own message is in what the run printed.
    """
    local.init(runner=local.SubprocessRunner(use_venv=False), pipeline_root=str(output.absolute()), raise_on_error=True)
    finished = build()(registry=str(registry.absolute()), **parameters)
    return str(finished.output)
