"""Writes docs/reference/fidelity.md: what the mock cloud models, and what was tried on it.

``python -m tools.fidelity`` counts the methods of every description, runs the scenarios through Google's own client
libraries and, where a recording of the provider's traffic is at hand, replays its requests; then it rewrites the page.
A test fails while the table of methods is not what this would write.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from mockcloud.discovery.catalogue import description, versions
from mockcloud.discovery.documents import apis, document
from mockcloud.services.registry import service
from tools.construct_catalog import ROOT

PAGE: Final = ROOT / "docs" / "reference" / "fidelity.md"
SCENARIOS: Final = ROOT / "tests" / "mockcloud" / "scenarios"
REPLAY: Final = ROOT / "tests" / "mockcloud" / "replay"

_RESULTS: Final = "GROUNDPLAN_FIDELITY_RESULTS"
"""Environment variable with the file into which the runs below write what they find."""

_INTRODUCTION: Final = """\
# Fidelity of the mock cloud

What the mock cloud does of what Google's APIs have, and what was tried on it. It is a simulator of the control plane:
what it does not model answers with status 501 and the method's name, and never pretends. This page is written by
`make fidelity`.

Behaviour that no description tells, and tables such as machine types, roles and permissions, name the page of Google's
that has it, and the month whose state they mean. They were written from what is known of those pages, not copied or
read off them by a program: what is not in the recording below, nobody has compared with Google's own answers.
"""

_METHODS: Final = """\
## Methods

Counted in the descriptions of {package} {number}. *Standard* methods (create, get, list, update, delete, policies,
operations) follow the description; those *by hand* have behaviour of their own; the rest answers 501.

"""


@dataclass(frozen=True, slots=True)
class Counted:
    """The methods of one version of an API.

    Attributes:
        api: Name of the API.
        version: Its version.
        revision: Day of the description, such as `20260815`.
        standard: Methods that follow the description.
        by_hand: Methods with behaviour of their own.
        missing: Methods that answer 501.
    """

    api: str
    version: str
    revision: str
    standard: int
    by_hand: int
    missing: int

    @property
    def methods(self) -> int:
        """All of them."""
        return self.standard + self.by_hand + self.missing


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario that was run.

    Attributes:
        name: What it shows, from the test's name.
        library: Client library through which it ran.
        transports: `grpc`, `rest`, both where the library takes both, or neither where nothing was called.
        passed: Whether it passed.
    """

    name: str
    library: str
    transports: tuple[str, ...]
    passed: bool


def counted() -> list[Counted]:
    """Count the methods of every description."""
    found = []
    for api in sorted(apis()):
        for each in versions(api):
            kinds = Counter(service(api).how(method) for method in description(api, each).routes.by_id.values())
            found.append(
                Counted(
                    api=api,
                    version=each,
                    revision=document(api, each).get("revision", ""),
                    standard=kinds["standard"],
                    by_hand=kinds["by hand"],
                    missing=kinds[""],
                )
            )
    return found


def methods_section() -> str:
    """Give the section on methods."""
    every = counted()
    lines = [
        "| API | version | described on | methods | standard | by hand | 501 |",
        "|---|---|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {each.api} | {each.version} | {_day(each.revision)} | {each.methods} | {each.standard} | {each.by_hand} "
        f"| {each.missing} |"
        for each in every
    ]
    lines.append(
        f"| **all** | | | **{sum(each.methods for each in every)}** | **{sum(each.standard for each in every)}** "
        f"| **{sum(each.by_hand for each in every)}** | **{sum(each.missing for each in every)}** |"
    )
    package = "google-api-python-client"
    return _METHODS.format(package=package, number=version(package)) + "\n".join(lines) + "\n"


def _day(revision: str) -> str:
    return f"{revision[:4]}-{revision[4:6]}-{revision[6:8]}" if len(revision) == len("20260101") else revision


def scenarios_section(scenarios: Sequence[Scenario], day: date) -> str:
    """Give the section on scenarios."""
    libraries = defaultdict[str, list[Scenario]](list)
    for each in scenarios:
        libraries[each.library].append(each)
    failed = sum(not each.passed for each in scenarios)
    lines = [
        "## Scenarios through Google's clients",
        "",
        (
            f"Run on {day.isoformat()}: {len(scenarios)} scenarios through {len(libraries)} client libraries, "
            f"{len(scenarios) - failed} passed, {failed} failed. The transports are those that calls were seen to "
            "take: a scenario that takes both counts in both columns, one that calls nothing in neither."
        ),
        "",
        "| library | version | scenarios | over gRPC | over REST | passed |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for library, found in sorted(libraries.items()):
        transports = Counter(transport for each in found for transport in each.transports)
        lines.append(
            f"| {library} | {version(library)} | {len(found)} | {transports['grpc']} | {transports['rest']} "
            f"| {sum(each.passed for each in found)} |"
        )
    return "\n".join(lines) + "\n"


def replay_section(measured: Mapping[str, Any] | None, day: date) -> str:
    """Give the section on the replay of recorded requests."""
    lines = ["## Replay of the Google provider's requests", ""]
    if measured is None:
        return "\n".join([*lines, f"No recording was at hand on {day.isoformat()}: not measured.", ""])
    return "\n".join(
        [
            *lines,
            (
                f"Run on {day.isoformat()}: {measured['requests']} requests that the Google provider sent while "
                f"Pulumi's engine made, read and deleted resources. {measured['expected']:.1%} were answered with the "
                f"expected status; of the fields that were sent {measured['fields']:.1%} came back."
            ),
            "",
        ]
    )


def run(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """Run tests, and give what they reported, one entry a scenario or a measurement."""
    with tempfile.TemporaryDirectory() as directory:
        results = Path(directory) / "results.jsonl"
        results.touch()
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", *map(str, paths)]
        subprocess.run(command, cwd=ROOT, env={**os.environ, _RESULTS: str(results)}, check=False)
        return [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]


def read_scenarios(entries: Iterable[Mapping[str, Any]]) -> Iterator[Scenario]:
    """Read the scenarios among what was reported."""
    for each in entries:
        if "library" in each:
            yield Scenario(each["name"], each["library"], tuple(each["transports"]), each["passed"])


def page(entries: Sequence[Mapping[str, Any]], day: date) -> str:
    """Give the page.

    Args:
        entries: What the runs reported.
        day: When they ran.
    """
    measured = next((each for each in entries if "requests" in each), None)
    scenarios = sorted(read_scenarios(entries), key=lambda each: (each.library, each.name, each.transports))
    sections = [_INTRODUCTION, scenarios_section(scenarios, day), replay_section(measured, day), methods_section()]
    return "\n".join(sections)


def main() -> int:
    """Run everything, and write the page."""
    parser = argparse.ArgumentParser(description="Write the fidelity report of the mock cloud.")
    parser.add_argument("--as-of", type=date.fromisoformat, default=None, help="day that the page gives; today")
    arguments = parser.parse_args()
    entries = run([each for each in (SCENARIOS, REPLAY) if each.is_dir()])
    PAGE.write_text(page(entries, arguments.as_of or datetime.now(tz=UTC).date()), encoding="utf-8")
    scenarios = list(read_scenarios(entries))
    failed = [each.name for each in scenarios if not each.passed]
    print(f"{PAGE.relative_to(ROOT)}: {len(scenarios)} scenarios, {len(failed)} failed")
    return 1 if failed or not scenarios else 0


if __name__ == "__main__":
    sys.exit(main())
