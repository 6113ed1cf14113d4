"""The whole pipeline on this machine, on a part of the real data, as whoever types the command sees it."""

import subprocess
import sys
from pathlib import Path

from census_workloads import registry


def run(output: Path, source: Path, *further: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "census_workloads", "run", "--output", str(output), "--source", str(source)]
    return subprocess.run(
        [*command, "--rounds", "20", "--largest-gap", "0.5", *further],
        capture_output=True,
        check=False,
        text=True,
        timeout=600,
    )


def tasks(output: Path) -> set[str]:
    """Return the names of the tasks that began."""
    return {folder.name for folder in (output / "artifacts").glob("census-income-*/*") if folder.is_dir()}


def test_a_run_ends_with_a_registered_model(tmp_path: Path, small_source: Path) -> None:
    done = run(tmp_path / "out", small_source)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Registered census-income v1" in done.stdout
    card = registry.latest(tmp_path / "out" / "registry")
    assert card is not None
    assert card.evidence.decision.passed
    assert card.evidence.scores.roc_auc > card.evidence.baseline.roc_auc + 0.005
    assert card.evidence.scores.rows == 2_999  # the file begins with a comment


def test_data_that_is_wrong_stops_the_run_before_anything_is_trained(tmp_path: Path, small_source: Path) -> None:
    file = small_source / "adult.data"
    file.write_text(file.read_text(encoding="utf-8").replace("Female", "Woman", 1), encoding="utf-8")
    done = run(tmp_path / "out", small_source)
    assert done.returncode == 1
    assert "sex: a known category (1)" in done.stdout
    assert "validate" in done.stderr
    assert tasks(tmp_path / "out") == {"ingest", "validate"}
