"""The runner of the benchmarks: what it prints, and when it fails."""

import json
from dataclasses import replace

import pytest

from benchmarks.registry import Benchmark, Measurement
from benchmarks.run import BENCHMARKS, main


def benchmark(name: str, seconds: float) -> Benchmark:
    return Benchmark(
        name=name,
        judged="this",
        baseline="that",
        limit=1.3,
        measure=lambda: Measurement(seconds=seconds, baseline_seconds=2.0, details={"widgets/s": 450.0}),
    )


QUICK, SLOW = benchmark("quick", 2.0), benchmark("slow", 3.0)


def test_a_ratio_within_its_limit_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], [QUICK]) == 0
    assert capsys.readouterr().out == (
        "benchmark  ratio  limit      compares\nquick      1.000  1.300  ok  this / that\n\nquick: widgets/s 450\n"
    )


def test_a_ratio_above_its_limit_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], [QUICK, SLOW]) == 1
    assert "slow       1.500  1.300  TOO SLOW  this / that" in capsys.readouterr().out


def test_only_those_named_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quick"], [QUICK, SLOW]) == 0
    assert "slow" not in capsys.readouterr().out


def test_json_is_all_that_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--json"], [QUICK, SLOW])
    quick, slow = json.loads(capsys.readouterr().out)
    assert (quick["name"], quick["ratio"], quick["within"]) == ("quick", 1.0, True)
    assert (slow["name"], slow["ratio"], slow["within"]) == ("slow", 1.5, False)


def test_an_unknown_name_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["nonsense"], [QUICK, SLOW])
    assert "there are: quick, slow" in capsys.readouterr().err


def test_what_cannot_be_measured_is_skipped_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    absent = replace(SLOW, missing=lambda: "the other one is not at hand")

    assert main([], [QUICK, absent]) == 0
    told = capsys.readouterr()
    assert "Skipping slow: the other one is not at hand" in told.err
    assert "slow" not in told.out


def test_names_are_unique() -> None:
    names = [one.name for one in BENCHMARKS]
    assert len(names) == len(set(names)) > 0
