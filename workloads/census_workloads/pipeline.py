"""The pipeline: which task takes what from which. Order follows from data, so nothing learns from unchecked data."""

from collections.abc import Callable

from kfp import dsl
from kfp.dsl.base_component import BaseComponent

from census_workloads import components
from census_workloads.fairness import written

NAME = "census-income"
LOCAL_IMAGE = "census-workloads-python"
"""Image of the tasks where none is given: a name that no registry serves, since local runs use no image."""
_BASELINE_DEPTH = 1


def build(image: str = LOCAL_IMAGE) -> BaseComponent:
    """Return the pipeline with its tasks in an image, which has this package installed.

    A task that reads or writes what is outside of the run, or that looks whether something is in order, is never taken
    from a cache: only training is.
    """

    def task(function: Callable[..., object]) -> Callable[..., dsl.PipelineTask]:
        made: Callable[..., dsl.PipelineTask] = dsl.component(function, base_image=image, install_kfp_package=False)
        return made

    def anew(made: dsl.PipelineTask) -> dsl.PipelineTask:
        """Have a task run each time."""
        return made.set_caching_options(enable_caching=False)

    ingest, validate, train = task(components.ingest), task(components.validate), task(components.train)
    evaluate, fairness = task(components.evaluate), task(components.fairness)
    gate, register = task(components.gate), task(components.register)

    @dsl.pipeline(
        name=NAME,
        description="Income from census data: ingest, validate, train, evaluate, compare groups, gate, register",
    )
    def census_income(
        registry: str,
        source: str = "",
        rounds: int = 100,
        depth: int = 4,
        minimum_gain: float = 0.005,
        thresholds: str = written(),
        project: str = "",
        region: str = "",
        key: str = "",
        serving_image: str = "",
    ) -> str:
        raw = anew(ingest(source=source))
        data = anew(validate(raw_training=raw.outputs["training"], raw_holdout=raw.outputs["holdout"]))
        training, holdout = data.outputs["training"], data.outputs["holdout"]

        candidate = train(training=training, rounds=rounds, depth=depth)
        simple = train(training=training, rounds=rounds, depth=_BASELINE_DEPTH).set_display_name("train-baseline")
        reached = anew(evaluate(model=candidate.outputs["model"], holdout=holdout))
        to_beat = anew(evaluate(model=simple.outputs["model"], holdout=holdout)).set_display_name("evaluate-baseline")
        fair = anew(fairness(model=candidate.outputs["model"], holdout=holdout, thresholds=thresholds))

        decided = anew(
            gate(
                candidate=reached.outputs["scores"],
                baseline=to_beat.outputs["scores"],
                fairness=fair.outputs["report"],
                registry=registry,
                minimum_gain=minimum_gain,
            )
        )
        registered = anew(
            register(
                model=candidate.outputs["model"],
                training=training,
                candidate=reached.outputs["scores"],
                baseline=to_beat.outputs["scores"],
                decision=decided.outputs["decision"],
                registry=registry,
                project=project,
                region=region,
                key=key,
                serving_image=serving_image,
            )
        )
        version: str = registered.output
        return version

    return census_income
