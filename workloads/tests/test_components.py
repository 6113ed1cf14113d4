"""The tasks, called as functions: what they hand on, and what they leave behind when they refuse."""

from pathlib import Path

import pandas as pd
import pytest
from kfp.dsl import Artifact, Dataset, Metrics, Model

from census_workloads import components, registry, tables
from census_workloads.errors import GateError, RegistryError
from census_workloads.evaluation import Scores
from census_workloads.fairness import decide, written
from census_workloads.gate import Decision
from census_workloads.registry import Evidence


@pytest.fixture
def measured(tmp_path: Path, scores: Scores, baseline: Scores) -> tuple[Metrics, Metrics]:
    """The scores of the model and of the baseline, as the tasks before hand them on."""
    scores.write(tmp_path / "candidate")
    baseline.write(tmp_path / "baseline")
    return Metrics(uri=str(tmp_path / "candidate")), Metrics(uri=str(tmp_path / "baseline"))


def test_ingest_says_where_the_data_comes_from(tmp_path: Path, small_source: Path) -> None:
    training, holdout = Dataset(uri=str(tmp_path / "training")), Dataset(uri=str(tmp_path / "holdout"))
    components.ingest(str(small_source), training, holdout)
    assert training.metadata["source"] == str(small_source)
    assert training.metadata["sha256"] != holdout.metadata["sha256"]


@pytest.fixture
def fair(tmp_path: Path, scores: Scores) -> Artifact:
    """What the fairness check decided, as its task hands it on."""
    (tmp_path / "fair").write_text(decide(scores.gaps, written(1.0)).model_dump_json(), encoding="utf-8")
    return Artifact(uri=str(tmp_path / "fair"))


def test_a_fairness_check_that_refuses_leaves_its_report(tmp_path: Path, saved: Path, holdout: pd.DataFrame) -> None:
    tables.write(holdout, tmp_path / "holdout")
    report = Artifact(uri=str(tmp_path / "report"))
    with pytest.raises(GateError, match="by sex"):
        components.fairness(Model(uri=str(saved)), Dataset(uri=str(tmp_path / "holdout")), written(0.0), report)
    assert not Decision.model_validate_json(Path(report.path).read_bytes()).passed


def test_a_gate_that_refuses_leaves_its_decision(
    tmp_path: Path, measured: tuple[Metrics, Metrics], fair: Artifact
) -> None:
    decision = Artifact(uri=str(tmp_path / "decision"))
    with pytest.raises(GateError, match="above the baseline's"):
        components.gate(*measured, fair, str(tmp_path / "registry"), 0.4, decision)
    assert not Decision.model_validate_json(Path(decision.path).read_bytes()).passed


def test_a_gate_asks_the_registry_for_the_last_model(
    tmp_path: Path, measured: tuple[Metrics, Metrics], fair: Artifact, saved: Path, evidence: Evidence
) -> None:
    best = evidence.model_copy(update={"scores": evidence.scores.model_copy(update={"roc_auc": 0.999})})
    registry.register(tmp_path / "registry", saved, best)
    with pytest.raises(GateError, match="above the last registered model's"):
        components.gate(*measured, fair, str(tmp_path / "registry"), 0.0, Artifact(uri=str(tmp_path / "decision")))


def test_registration_needs_a_bucket_where_a_project_is_given(
    tmp_path: Path, measured: tuple[Metrics, Metrics], saved: Path, decision: Decision
) -> None:
    (tmp_path / "training").write_text("data", encoding="utf-8")
    (tmp_path / "decision").write_text(decision.model_dump_json(), encoding="utf-8")
    arguments = (
        Model(uri=str(saved)),
        Dataset(uri=str(tmp_path / "training")),
        *measured,
        Artifact(uri=str(tmp_path / "decision")),
        str(tmp_path / "registry"),
    )
    assert components.register(*arguments, project="", region="", key="", serving_image="") == "v1"
    with pytest.raises(RegistryError, match="cannot be uploaded"):
        components.register(*arguments, project="acme-ml", region="europe-west4", key="", serving_image="")
