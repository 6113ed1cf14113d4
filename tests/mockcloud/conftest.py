"""What the tests of the mock cloud share: scenarios report how they ended, where `make fidelity` asks."""

import json
import os
from collections.abc import Generator
from pathlib import Path

import pytest

RESULTS = "GROUNDPLAN_FIDELITY_RESULTS"
_SEEN = pytest.StashKey[set[str]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    if not os.environ.get(RESULTS) or item.get_closest_marker("scenario") is None:
        return (yield)
    from tests.mockcloud.transports import observed

    with observed() as item.stash[_SEEN]:
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    marker = item.get_closest_marker("scenario")
    file = os.environ.get(RESULTS)
    if file and marker is not None and call.when == "call":
        asked = getattr(getattr(item, "callspec", None), "params", {}).get("transport", "")
        seen = item.stash[_SEEN]
        entry = {
            "name": item.nodeid.partition("::")[2].partition("[")[0],
            "library": marker.kwargs["library"],
            # Libraries call others beside the API that they are for: a transport that was asked for is what counts.
            "transports": [asked] if asked in seen else sorted(seen),
            "passed": report.passed,
        }
        # One write of one line, so that processes beside one another do not mix.
        with Path(file).open("a", encoding="utf-8") as results:
            results.write(json.dumps(entry) + "\n")
    return report
