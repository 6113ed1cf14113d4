"""Runs the benchmarks and prints their ratios: ``python -m benchmarks.run [--json] [NAME ...]``.

Exit code 0 where every ratio is within its limit, 1 where one is not, 2 for a name that does not exist.
"""

import argparse
import json
import sys
from collections.abc import Sequence

from benchmarks import (
    constructs_warm,
    evaluation,
    evidence,
    mock_deploy,
    mock_dispatch,
    mock_load,
    policy_engines,
    preview_again,
    preview_cold,
    preview_growth,
    provider_door,
)
from benchmarks.registry import Benchmark, Measurement

BENCHMARKS: tuple[Benchmark, ...] = (
    preview_cold.BENCHMARK,
    preview_again.BENCHMARK,
    preview_growth.BENCHMARK,
    constructs_warm.BENCHMARK,
    evaluation.PAIRS,
    evaluation.LARGE_DOCUMENT,
    evidence.BENCHMARK,
    policy_engines.CROSSGUARD,
    policy_engines.CHECKOV,
    mock_dispatch.DISPATCH_CREATE,
    mock_dispatch.DISPATCH_GET,
    mock_dispatch.LONG_LIST,
    mock_dispatch.DELETE,
    mock_dispatch.START,
    mock_load.LOAD_GET,
    mock_load.LOAD_CREATE,
    mock_load.LOAD_MOTO,
    mock_deploy.BENCHMARK,
    provider_door.BENCHMARK,
)

Result = tuple[Benchmark, Measurement]


def main(arguments: Sequence[str] | None = None, benchmarks: Sequence[Benchmark] = BENCHMARKS) -> int:
    """Run the benchmarks named, or all, and return the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.run", description="Run the benchmarks and print their ratios.")
    parser.add_argument("names", metavar="NAME", nargs="*", help=f"one of: {', '.join(b.name for b in benchmarks)}")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args(arguments)
    known = {benchmark.name: benchmark for benchmark in benchmarks}
    for name in options.names:
        if name not in known:
            parser.error(f"no benchmark is called {name!r}; there are: {', '.join(known)}")
    results = []
    for benchmark in [known[name] for name in options.names] or benchmarks:
        missing = benchmark.missing()
        if missing:
            print(f"Skipping {benchmark.name}: {missing}", file=sys.stderr)
            continue
        print(f"Measuring {benchmark.name}", file=sys.stderr)
        results.append((benchmark, benchmark.measure()))
    print(as_json(results) if options.json else as_table(results))
    return int(any(measured.ratio > benchmark.limit for benchmark, measured in results))


def as_json(results: Sequence[Result]) -> str:
    """Return the results as a JSON list, one object a benchmark."""
    return json.dumps(
        [
            {
                "name": benchmark.name,
                "judged": benchmark.judged,
                "baseline": benchmark.baseline,
                "ratio": round(measured.ratio, 3),
                "limit": benchmark.limit,
                "within": measured.ratio <= benchmark.limit,
                "seconds": round(measured.seconds, 6),
                "baselineSeconds": round(measured.baseline_seconds, 6),
                "details": {name: round(value, 3) for name, value in measured.details.items()},
            }
            for benchmark, measured in results
        ],
        indent=2,
    )


def as_table(results: Sequence[Result]) -> str:
    """Return the results as a table of text, with the absolute figures below it."""
    header = ("benchmark", "ratio", "limit", "", "compares")
    rows = [
        (
            benchmark.name,
            f"{measured.ratio:.3f}",
            f"{benchmark.limit:.3f}",
            "ok" if measured.ratio <= benchmark.limit else "TOO SLOW",
            f"{benchmark.judged} / {benchmark.baseline}",
        )
        for benchmark, measured in results
    ]
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (header, *rows)
    ]
    figures = [
        f"{benchmark.name}: {name} {value:.3g}"
        for benchmark, measured in results
        for name, value in measured.details.items()
    ]
    return "\n".join([*lines, "", *figures]).rstrip()


if __name__ == "__main__":
    sys.exit(main())
