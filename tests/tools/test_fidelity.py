"""The fidelity page, and that its table of methods is the one of now."""

from datetime import date
from typing import Any

import pytest

from mockcloud.services.registry import service
from tools import fidelity
from tools.fidelity import Counted, Scenario

DAY = date(2026, 11, 25)


def test_the_page_has_the_methods_of_now() -> None:
    assert fidelity.methods_section() in fidelity.PAGE.read_text(encoding="utf-8"), "Run: make fidelity"


def test_every_method_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = {(each.api, each.version): each for each in fidelity.counted()}
    vision = counted["vision", "v1"]
    assert vision.methods == vision.standard + vision.by_hand + vision.missing
    assert vision.missing >= 4, "annotating images takes a model of Google's"
    monkeypatch.setattr(service("vision"), "_methods", {"images.annotate": lambda _: {}})
    again = {(each.api, each.version): each for each in fidelity.counted()}["vision", "v1"]
    assert (again.by_hand, again.missing) == (vision.by_hand + 1, vision.missing - 1)


def test_scenarios_are_told_by_library() -> None:
    scenarios = [
        Scenario("test_a", "google-cloud-kms", ("grpc",), passed=True),
        Scenario("test_a", "google-cloud-kms", ("rest",), passed=False),
        Scenario("test_b", "google-cloud-storage", ("rest",), passed=True),
        Scenario("test_c", "google-cloud-storage", ("grpc", "rest"), passed=True),
        Scenario("test_d", "google-cloud-storage", (), passed=True),
    ]
    told = fidelity.scenarios_section(scenarios, DAY)
    assert "5 scenarios through 2 client libraries, 4 passed, 1 failed" in told
    kms, storage = told.rstrip().splitlines()[-2:]
    assert kms.startswith("| google-cloud-kms |")
    assert kms.endswith("| 2 | 1 | 1 | 1 |")
    assert storage.endswith("| 3 | 1 | 2 | 3 |")


def test_a_replay_that_was_not_run_is_said_so() -> None:
    assert "No recording was at hand on 2026-11-25" in fidelity.replay_section(None, DAY)
    measured = {"requests": 1206, "expected": 0.9934, "fields": 0.951}
    told = fidelity.replay_section(measured, DAY)
    assert "1206 requests" in told
    assert "99.3%" in told
    assert "95.1%" in told


def test_the_page_is_put_together_from_what_was_reported() -> None:
    entries: list[dict[str, Any]] = [
        {"name": "test_b", "library": "google-cloud-kms", "transports": ["rest"], "passed": True},
        {"requests": 10, "expected": 1.0, "fields": 1.0},
    ]
    page = fidelity.page(entries, DAY)
    assert page.index("## Scenarios") < page.index("## Replay") < page.index("## Methods")
    assert "1 scenarios through 1 client libraries" in page


def test_a_day_is_read_from_a_revision() -> None:
    counted = Counted("vision", "v1", "20261016", 1, 2, 3)
    assert counted.methods == 6
    assert fidelity._day(counted.revision) == "2026-10-16"
    assert fidelity._day("google-cloud-iam 2.24.0") == "google-cloud-iam 2.24.0"
