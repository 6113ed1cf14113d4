"""The registry in a folder: versions, cards, what is refused."""

from pathlib import Path

import pandas as pd
import pytest

from census_workloads import model, registry, storage
from census_workloads.errors import RegistryError
from census_workloads.gate import Decision
from census_workloads.provenance import code_version
from census_workloads.registry import Evidence


def test_a_registered_model_has_a_card_with_where_it_comes_from(
    tmp_path: Path, saved: Path, evidence: Evidence
) -> None:
    card = registry.register(tmp_path, saved, evidence)
    assert card.version == "v1"
    assert card.evidence.training_sha256 == evidence.training_sha256
    assert card.code_version == code_version()
    assert set(card.unused) == {"race", "sex", "fnlwgt", "education", "native_country"}
    place = tmp_path / "census-income" / "v1"
    assert storage.sha256(place / "model.bst") == card.model_sha256 == storage.sha256(saved / "model.bst")
    assert registry.latest(tmp_path) == card


def test_versions_are_numbered_and_the_newest_is_the_latest(
    tmp_path: Path, saved: Path, evidence: Evidence, training: pd.DataFrame
) -> None:
    registry.register(tmp_path, saved, evidence)
    for number in range(2, 12):
        model.save(model.train(training[:1000], rounds=number, depth=1), saved)
        assert registry.register(tmp_path, saved, evidence).version == f"v{number}"
    latest = registry.latest(tmp_path)
    assert latest is not None
    assert latest.version == "v11"


def test_a_model_that_is_registered_keeps_its_version(tmp_path: Path, saved: Path, evidence: Evidence) -> None:
    assert registry.register(tmp_path, saved, evidence) == registry.register(tmp_path, saved, evidence)
    assert len(list((tmp_path / "census-income").iterdir())) == 1


def test_a_version_without_a_card_is_not_whole(tmp_path: Path, saved: Path, evidence: Evidence) -> None:
    (tmp_path / "census-income" / "v1").mkdir(parents=True)
    (tmp_path / "census-income" / "notes").mkdir()
    assert registry.latest(tmp_path) is None
    assert registry.register(tmp_path, saved, evidence).version == "v2"


def test_a_model_that_the_gate_stopped_is_refused(tmp_path: Path, saved: Path, evidence: Evidence) -> None:
    failed = evidence.decision.checks[0].model_copy(update={"passed": False})
    stopped = evidence.model_copy(update={"decision": Decision(checks=(failed,))})
    with pytest.raises(RegistryError, match="a model that the gate stopped"):
        registry.register(tmp_path, saved, stopped)
    assert registry.latest(tmp_path) is None


def test_a_version_that_another_run_takes_is_refused(
    tmp_path: Path, saved: Path, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "census-income" / "v1").mkdir(parents=True)
    # As if the other run had made its folder after this one had looked.
    monkeypatch.setattr(registry, "_last", lambda folder: 0)
    with pytest.raises(RegistryError, match="the version v1, which another run has just taken"):
        registry.register(tmp_path, saved, evidence)


def test_a_card_that_cannot_be_read_is_refused_by_name(tmp_path: Path, saved: Path, evidence: Evidence) -> None:
    registry.register(tmp_path, saved, evidence)
    (tmp_path / "census-income" / "v1" / "model-card.json").write_text('{"name": 1}', encoding="utf-8")
    with pytest.raises(RegistryError, match=r"model-card\.json"):
        registry.latest(tmp_path)


def test_an_empty_registry_has_no_latest_model(tmp_path: Path) -> None:
    assert registry.latest(tmp_path / "nothing") is None
