"""Each thing that is wrong is caught by its control, once, and fires.yaml says what else fires."""

from pathlib import Path

import pytest
import yaml

from groundplan_policies.engine.registry import all_controls
from groundplan_policies.engine.verdicts import Severity
from tests.policies.rules.fires import FILE, NO_RESOURCE, listed, of_file
from tests.policies.rules.test_wrong_shapes import FILES

LISTED = yaml.safe_load(FILE.read_text(encoding="utf-8"))


def identifier(file: Path) -> str:
    return file.stem.removeprefix("test_").replace("_", "-").upper()


@pytest.mark.parametrize("file", FILES, ids=identifier)
def test_what_fires_is_what_the_file_lists(file: Path) -> None:
    found = of_file(file)

    assert [(each.case.type, each.case.path) for each in found if each.verdict is None] == []
    assert listed(found).get(identifier(file)) == LISTED.get(identifier(file)), (
        "if that is as it should be: python -m tests.policies.rules.fires"
    )


def test_every_control_has_a_case_or_a_reason() -> None:
    assert all_controls().keys() - LISTED.keys() == NO_RESOURCE.keys()
    assert LISTED.keys() <= all_controls().keys()


def test_most_cases_are_a_plain_fail() -> None:
    said = [case for types in LISTED.values() for paths in types.values() for case in paths.values()]

    assert len(said) >= 900
    assert sum(": fail" in each for each in said) >= len(said) / 2


NEVER_PLAIN = {
    "BYP-13": "a secret is never more than indeterminate",
    **dict.fromkeys(("PIPE-01", "PIPE-02", "PIPE-03", "PIPE-04", "PIPE-06", "RAI-21"), "they read a text as a whole"),
    "RAI-09": "only a name that a review lists fails",
    "SUP-18": "only a member that does not build fails",
}
"""Severe controls whose cases, of one property put out of order, are no plain fails; their own tests have those."""


def test_the_severe_controls_have_a_case_that_fails() -> None:
    severe = {each.id for each in all_controls().values() if each.severity in {Severity.CRITICAL, Severity.HIGH}}
    failing = {
        each
        for each, types in LISTED.items()
        if any(": fail" in case for paths in types.values() for case in paths.values())
    }

    assert severe - failing - NO_RESOURCE.keys() == NEVER_PLAIN.keys()
