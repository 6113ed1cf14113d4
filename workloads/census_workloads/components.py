"""The tasks of the pipeline. Each reads its inputs, calls one function of this package, and writes its outputs.

kfp copies the text of each function into the compiled pipeline, so a function imports what it needs, names kfp's types
only, and this module does not postpone its annotations.
"""

from kfp.dsl import Artifact, Dataset, Input, Metrics, Model, Output


def ingest(source: str, training: Output[Dataset], holdout: Output[Dataset]) -> None:
    """Read the raw data: to learn from, and to measure with."""
    from pathlib import Path

    from census_workloads import source as raw
    from census_workloads import storage, tables
    from census_workloads.catalog import catalog

    for file, output in ((catalog().files.training, training), (catalog().files.holdout, holdout)):
        tables.write(raw.read(source, file), Path(output.path))
        output.metadata["sha256"] = storage.sha256(Path(output.path))
        output.metadata["source"] = source or catalog().source


def validate(
    raw_training: Input[Dataset],
    raw_holdout: Input[Dataset],
    training: Output[Dataset],
    holdout: Output[Dataset],
) -> None:
    """Check the data, and pass on what has its types; anything wrong ends the run here."""
    from pathlib import Path

    from census_workloads import storage, tables, validation

    checked = validation.validate(tables.read_text(Path(raw_training.path)))
    apart = validation.validate(tables.read_text(Path(raw_holdout.path)))
    validation.check_apart(checked, apart)
    for table, output in ((checked, training), (apart, holdout)):
        tables.write(table, Path(output.path))
        output.metadata["sha256"] = storage.sha256(Path(output.path))
        output.metadata["rows"] = len(table)


def train(training: Input[Dataset], rounds: int, depth: int, model: Output[Model]) -> None:
    """Train boosted trees; trees of one question each are the baseline, an additive model."""
    from pathlib import Path

    from census_workloads import model as trees
    from census_workloads import tables

    booster = trees.train(tables.read(Path(training.path)), rounds=rounds, depth=depth)
    trees.save(booster, Path(model.path))
    model.metadata["framework"] = "xgboost"


def evaluate(model: Input[Model], holdout: Input[Dataset], scores: Output[Metrics]) -> None:
    """Measure a model with data that it has not seen: how good, how fair, what it looks at."""
    from pathlib import Path

    from census_workloads import evaluation, storage, tables
    from census_workloads import model as trees

    data = Path(holdout.path)
    found = evaluation.evaluate(trees.load(Path(model.path)), tables.read(data), storage.sha256(data))
    found.write(Path(scores.path))
    for name, value in {"roc_auc": found.roc_auc, "accuracy": found.accuracy, "brier": found.brier}.items():
        scores.log_metric(name, value)
    for column, gap in found.gaps.items():
        scores.log_metric(f"gap_{column}", gap)


def fairness(model: Input[Model], holdout: Input[Dataset], thresholds: str, report: Output[Artifact]) -> None:
    """Compare how a model treats groups of people; where they differ too much, the run ends here."""
    from pathlib import Path

    from census_workloads import evaluation, gate, tables
    from census_workloads import fairness as fair
    from census_workloads import model as trees

    gaps = evaluation.gaps(trees.load(Path(model.path)), tables.read(Path(holdout.path)))
    found = fair.decide(gaps, thresholds)
    # Written before it raises, so that a refusal can be read too.
    Path(report.path).write_text(found.model_dump_json(indent=2) + "\n", encoding="utf-8")
    gate.require(found)


def gate(
    candidate: Input[Metrics],
    baseline: Input[Metrics],
    fairness: Input[Artifact],
    registry: str,
    minimum_gain: float,
    decision: Output[Artifact],
) -> None:
    """Decide whether the model may be registered; where it may not, the run ends here."""
    from pathlib import Path

    from census_workloads import gate as gates
    from census_workloads import registry as models
    from census_workloads import storage
    from census_workloads.evaluation import Scores

    last = models.latest(storage.folder(registry))
    decided = gates.decide(
        Scores.read(Path(candidate.path)),
        Scores.read(Path(baseline.path)),
        last.evidence.scores if last is not None else None,
        gates.Decision.model_validate_json(Path(fairness.path).read_bytes()),
        minimum_gain=minimum_gain,
    )
    # Written before it raises, so that a refusal can be read too.
    Path(decision.path).write_text(decided.model_dump_json(indent=2) + "\n", encoding="utf-8")
    gates.require(decided)


def register(
    model: Input[Model],
    training: Input[Dataset],
    candidate: Input[Metrics],
    baseline: Input[Metrics],
    decision: Input[Artifact],
    registry: str,
    project: str,
    region: str,
    key: str,
    serving_image: str,
) -> str:
    """Record the model with its card, and upload it where a project is given. Returns its version or name."""
    from pathlib import Path

    from census_workloads import registry as models
    from census_workloads import storage
    from census_workloads.cloud_registry import CloudRegistry
    from census_workloads.evaluation import Scores
    from census_workloads.gate import Decision

    evidence = models.Evidence(
        training_sha256=storage.sha256(Path(training.path)),
        scores=Scores.read(Path(candidate.path)),
        baseline=Scores.read(Path(baseline.path)),
        decision=Decision.model_validate_json(Path(decision.path).read_bytes()),
    )
    card = models.register(storage.folder(registry), Path(model.path), evidence)
    if not project:
        return card.version
    cloud = CloudRegistry(project=project, region=region, key=key, serving_image=serving_image)
    return cloud.upload(card, storage.address(model.path))
