"""Labels: what Google would refuse is refused here."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan.core.labels import check_labels, slug
from groundplan.core.validation import Checks


def faults(labels: Any, beside: dict[str, str] | None = None) -> list[str]:
    checks = Checks("here")
    check_labels(checks, "labels", labels, beside=beside)
    return [f"{p.field} {p.fault}" for p in checks.problems]


@pytest.mark.parametrize("labels", [{}, {"team": "ml"}, {"a": ""}, {"cost-centre_7": "0-_"}, {"k" * 63: "v" * 63}])
def test_what_google_takes_is_taken(labels: dict[str, str]) -> None:
    assert faults(labels) == []


@pytest.mark.parametrize(
    "labels",
    [
        {"": "x"},
        {"1a": "x"},
        {"Team": "x"},
        {"k" * 64: "x"},
        {"team": "ML"},
        {"team": "v" * 64},
        {"team": "a b"},
        {"a": 1},
    ],
)
def test_what_google_refuses_is_refused(labels: Any) -> None:
    (fault,) = faults(labels)
    assert fault.endswith("does not have the right form")


def test_there_may_be_sixty_with_those_of_the_environment() -> None:
    many = {f"l{n}": "" for n in range(40)}
    others = {f"m{n}": "" for n in range(21)}
    assert faults(many) == []
    assert faults(many, beside=others) == ["labels has too many labels"]
    assert faults(many, beside={**many, "one": "more"}) == []


def test_labels_are_a_mapping() -> None:
    assert faults(["team"]) == ["labels is of the wrong type"]


@pytest.mark.parametrize(
    ("text", "made"), [("Team ML", "team-ml"), ("user:alice@acme.test", "user-alice-acme-test"), ("ü" * 99, "")]
)
def test_a_slug_can_be_a_label(text: str, made: str) -> None:
    assert slug(text) == made
    assert len(slug(text * 99)) <= 63
