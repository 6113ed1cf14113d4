"""The command: ``python -m census_workloads run`` and ``python -m census_workloads compile``."""

import argparse
import sys
from pathlib import Path

from census_workloads.errors import Error
from census_workloads.pipeline import LOCAL_IMAGE

_RUNS = Path("runs")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0, or 1 where a task failed, or 2 where an argument cannot be used."""
    asked = _parser().parse_args(arguments)
    try:
        return _run(asked) if asked.command == "run" else _compile(asked)
    except Error as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except RuntimeError as error:
        # kfp says which task failed; the task itself has printed why.
        print(f"error: {error}", file=sys.stderr)
        return 1


def _run(asked: argparse.Namespace) -> int:
    from census_workloads.fairness import written
    from census_workloads.local_run import run

    parameters = {"rounds": asked.rounds, "depth": asked.depth, "source": asked.source}
    limits = {"minimum_gain": asked.minimum_gain, "thresholds": written(asked.largest_gap)}
    version = run(asked.output / "artifacts", asked.output / "registry", **parameters, **limits)
    print(f"Registered census-income {version} in {asked.output / 'registry' / 'census-income' / version}")
    return 0


def _compile(asked: argparse.Namespace) -> int:
    from census_workloads.compiling import compiled

    text = compiled(asked.image)
    if asked.out is None:
        sys.stdout.write(text)
    else:
        asked.out.write_text(text, encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m census_workloads", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run the pipeline on this machine")
    run.add_argument("--output", type=Path, default=_RUNS, help="folder for artifacts and registry (default: runs)")
    run.add_argument("--source", default="", help="folder with adult.data and adult.test (default: the installed copy)")
    run.add_argument("--rounds", type=int, default=100, help="trees of the model (default: 100)")
    run.add_argument("--depth", type=int, default=4, help="questions on the way through a tree (default: 4)")
    run.add_argument("--minimum-gain", type=float, default=0.005, help="ROC AUC above the baseline (default: 0.005)")
    run.add_argument("--largest-gap", type=float, help="difference between groups (default: 0.1, by age 0.15)")
    compile_ = commands.add_parser("compile", help="write the pipeline as YAML")
    compile_.add_argument("--image", default=LOCAL_IMAGE, help="image of the tasks, by its digest or commit")
    compile_.add_argument("--out", type=Path, help="file to write (default: standard output)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
