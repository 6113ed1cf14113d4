"""A clause is met only where everything that looks at it passes, and one control sees all of it."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from groundplan_policies.engine.control import Control, full, partial
from groundplan_policies.engine.levels import UnmetClause
from groundplan_policies.reports.coverage import FrameworkError, framework
from groundplan_policies.reports.report import ClauseRow
from groundplan_policies.reports.text import text
from tests.policies.reports.sample import CONTROLS, made, resources

PUBLIC, OPEN, HIDDEN, WAIVED, FINE = resources()[:5]
DATA, KEY = resources()[5:7]


def rows(*found: object, controls: Mapping[str, Control] = CONTROLS, waived: bool = False) -> dict[str, ClauseRow]:
    report = made(*found, with_waivers=None if waived else ())  # type: ignore[arg-type]  # resources, as `made` takes them
    return {each.clause: each for each in framework("own-1", report.evaluation, controls).clauses}


def test_what_passes_is_met_as_far_as_it_is_seen() -> None:
    found = rows(FINE)

    assert found["1.1"] == ClauseRow(
        clause="1.1", title="Buckets prevent public access", state="met", controls=("TST-01",)
    )
    assert (found["1.2"].state, found["1.2"].note) == ("partly met", "Not seen: grants of the past.")


@pytest.mark.parametrize(
    ("resource", "state"), [(PUBLIC, "fail"), (HIDDEN, "indeterminate"), (WAIVED, "waived")], ids=str
)
def test_nothing_but_a_pass_meets_a_clause(resource: object, state: str) -> None:
    found = rows(FINE, resource, waived=state == "waived")["1.1"]

    assert (found.state, found.note) == ("not met", f"TST-01: {state}.")


@pytest.mark.parametrize(("identifier", "resource", "state"), [("TST-04", DATA, "declared"), ("TST-05", KEY, "fault")])
def test_neither_a_declaration_nor_a_fault_does(identifier: str, resource: object, state: str) -> None:
    control = replace(CONTROLS[identifier], clauses=(full("own-1", "2.1"),))

    found = rows(resource, controls={**CONTROLS, identifier: control})["2.1"]

    assert (found.state, found.note) == ("not met", f"{identifier}: {state}.")


def test_every_control_of_a_clause_must_pass() -> None:
    second = replace(CONTROLS["TST-02"], clauses=(full("own-1", "1.1"),))
    controls = {**CONTROLS, "TST-02": second}

    assert rows(FINE, controls=controls)["1.1"].state == "met"
    assert rows(FINE, controls=controls)["1.1"].controls == ("TST-01", "TST-02")
    half = rows(FINE, replace(OPEN, inputs={"publicAccessPrevention": "enforced"}), controls=controls)["1.1"]
    assert (half.state, half.note) == ("not met", "TST-02: fail.")


def test_what_does_not_apply_counts_for_nothing() -> None:
    assert rows(DATA)["1.1"].state == "not applicable"
    part = replace(CONTROLS["TST-02"], clauses=(partial("own-1", "2.1", "The rest."),))
    whole = replace(CONTROLS["TST-04"], clauses=(full("own-1", "2.1"),))
    assert rows(FINE, controls={**CONTROLS, "TST-02": part, "TST-04": whole})["2.1"].state == "partly met"


def test_what_settings_take_away_is_not_met() -> None:
    evaluation = made(FINE, with_waivers=()).evaluation
    taken = UnmetClause(framework="own-1", clause="1.1", control="TST-01", reason="the settings loosen it")
    other = replace(taken, framework="own-2", clause="1.2")

    found = framework("own-1", replace(evaluation, unmet_clauses=(taken, other)), CONTROLS).clauses

    assert [(each.state, each.note) for each in found] == [
        ("not met", "TST-01: the settings loosen it."),
        ("partly met", "Not seen: grants of the past."),
    ]


def test_clauses_come_as_people_count() -> None:
    clauses = tuple(full("own-1", number) for number in ("2.10", "2.9", "SC-12", "SC-7", "1.1"))
    controls = {**CONTROLS, "TST-01": replace(CONTROLS["TST-01"], clauses=clauses)}

    assert list(rows(FINE, controls=controls)) == ["SC-7", "SC-12", "1.1", "2.9", "2.10"]


def test_a_framework_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(FrameworkError) as caught:
        framework("own-2", made().evaluation, CONTROLS)
    assert caught.value.allowed == "own-1"
    with pytest.raises(FrameworkError) as caught:
        framework("nothing like it", made().evaluation, CONTROLS)
    assert caught.value.allowed == "own-1"


def test_the_text_lists_what_is_open_and_all_lists_everything() -> None:
    report = made(FINE, DATA, with_waivers=())
    report = replace(report, framework=framework("own-1", report.evaluation, CONTROLS))

    assert "2 clauses: 1 met · 1 partly met" in text(report)
    assert "  1.1        met" not in text(report)
    assert "  1.1        met" in text(report, every=True)
