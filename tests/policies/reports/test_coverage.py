"""A report that is narrowed to a framework says how much of it is met."""

from dataclasses import replace

import pytest

from groundplan_policies import frameworks
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.reports.coverage import framework
from groundplan_policies.reports.text import text
from tests.policies.reports.sample import FRAMEWORK, made


def test_it_has_the_name_and_every_clause_of_the_framework() -> None:
    evaluation = made().evaluation

    found = framework("cis-gke-1.6", evaluation, all_controls())

    assert (found.id, found.title) == ("cis-gke-1.6", frameworks.load("cis-gke-1.6").title)
    assert found.clauses == frameworks.coverage(frameworks.load("cis-gke-1.6"), evaluation)


def test_a_framework_that_does_not_exist_is_refused() -> None:
    with pytest.raises(frameworks.FrameworkError):
        framework("cis-gke-1.5", made().evaluation, all_controls())


def test_the_text_lists_what_is_open_and_all_lists_everything() -> None:
    report = replace(made(), framework=FRAMEWORK)

    assert "4 clauses: 1 met · 1 partly met · 1 not met · 1 not covered" in text(report)
    assert "  1.1  not met" in text(report)
    for quiet in ("  1.4  met", "  1.3  not covered"):
        assert quiet not in text(report)
        assert quiet in text(report, every=True)
