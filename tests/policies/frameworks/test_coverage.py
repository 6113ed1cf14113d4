"""A clause is met only where everything that looks at it passes, and one control sees all of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from groundplan_policies.engine.control import Control, full, partial
from groundplan_policies.engine.levels import UnmetClause
from groundplan_policies.frameworks import Claim, ClauseRow, ClauseState, Framework, Requirement, Seen, Source, coverage
from tests.policies.reports.sample import CONTROLS, made, resources

PUBLIC, OPEN, HIDDEN, WAIVED, FINE = resources()[:5]
DATA, KEY = resources()[5:7]
BOOK = Source(name="The book", read=date(2026, 3, 1))


def clause(number: str, seen: Seen = Seen.FULL, missing: str = "") -> Requirement:
    return Requirement(number=number, title=f"Clause {number}", coverage=seen, missing=missing, verified=BOOK)


OWN = Framework(
    id="own-1",
    title="Our own framework 1",
    publisher="We",
    scope="All of it.",
    clauses=(
        clause("2.1"),
        clause("1.1"),
        clause("1.2", Seen.PARTIAL, "Grants of the past."),
        clause("1.3", Seen.NONE, "No code shows it."),
    ),
)


def rows(
    *found: object, controls: Mapping[str, Control] = CONTROLS, waived: bool = False, framework: Framework = OWN
) -> dict[str, ClauseRow]:
    report = made(*found, with_waivers=None if waived else ())  # type: ignore[arg-type]  # resources, as `made` takes them
    return {each.clause: each for each in coverage(framework, report.evaluation, controls)}


def test_without_a_deployment_it_says_what_the_controls_cover() -> None:
    found = {each.clause: each for each in coverage(OWN, controls=CONTROLS)}

    assert list(found) == ["2.1", "1.1", "1.2", "1.3"]
    assert {number: (each.state, each.controls, each.note) for number, each in found.items()} == {
        "2.1": ("not covered", (), "No control looks at it."),
        "1.1": ("covered", ("TST-01",), ""),
        "1.2": ("partly covered", ("TST-01",), "Not seen: grants of the past."),
        "1.3": ("not covered", (), "No code shows it."),
    }


def test_what_passes_is_met_as_far_as_it_is_seen() -> None:
    found = rows(FINE)

    assert found["1.1"] == ClauseRow(
        clause="1.1", title="Clause 1.1", state=ClauseState.MET, controls=("TST-01",), note=""
    )
    assert (found["1.2"].state, found["1.2"].note) == ("partly met", "Not seen: grants of the past.")
    assert [found[each].state for each in ("2.1", "1.3")] == ["not covered"] * 2


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
    assert (rows(DATA)["1.1"].state, rows(DATA)["1.1"].note) == ("not applicable", "")
    part = replace(CONTROLS["TST-02"], clauses=(partial("own-1", "2.1", "The rest."),))
    whole = replace(CONTROLS["TST-04"], clauses=(full("own-1", "2.1"),))

    found = rows(FINE, controls={**CONTROLS, "TST-02": part, "TST-04": whole})["2.1"]

    assert (found.state, found.note) == ("partly met", "Not seen: the rest.")


def test_a_control_cannot_claim_more_than_the_framework_says() -> None:
    more = replace(CONTROLS["TST-01"], clauses=(full("own-1", "1.2"), full("own-1", "1.3")))

    found = rows(FINE, controls={**CONTROLS, "TST-01": more})

    assert (found["1.2"].state, found["1.2"].note) == ("partly met", "Not seen: grants of the past.")
    assert (found["1.3"].state, found["1.3"].controls) == ("not covered", ())


def test_what_nobody_has_checked_earns_nothing() -> None:
    unchecked = replace(OWN, clauses=(replace(clause("1.1"), verified=None),))

    (found,) = coverage(unchecked, controls=CONTROLS)
    assert found.state == "not covered"
    assert found.note.startswith("Nobody has checked this")
    assert rows(FINE, framework=unchecked)["1.1"].state == "not covered"


def test_what_settings_take_away_is_not_met() -> None:
    evaluation = made(FINE, with_waivers=()).evaluation
    taken = UnmetClause(framework="own-1", clause="1.1", control="TST-01", reason="the settings loosen it")
    other = replace(taken, framework="own-2", clause="1.2")

    found = coverage(OWN, replace(evaluation, unmet_clauses=(taken, other)), CONTROLS)

    assert [(each.state, each.note) for each in found][1:3] == [
        ("not met", "TST-01: the settings loosen it."),
        ("partly met", "Not seen: grants of the past."),
    ]


def test_other_frameworks_are_left_alone() -> None:
    assert {each.state for each in rows(FINE, framework=replace(OWN, id="own-2")).values()} == {"not covered"}


EVIDENCE = replace(
    OWN, claim=Claim.EVIDENCE, clauses=(clause("1.1", Seen.PARTIAL, "The rest."), clause("2.1", Seen.PARTIAL, "More."))
)


def declaring(*numbers: str) -> dict[str, Control]:
    """Give the controls with one that finds no more than a declaration, and claims these clauses."""
    clauses = tuple(partial("own-1", each, "More.") for each in numbers)
    return {**CONTROLS, "TST-04": replace(CONTROLS["TST-04"], clauses=clauses)}


def test_of_evidence_controls_alone_say_that_it_is_possible() -> None:
    found = coverage(EVIDENCE, controls=CONTROLS)

    assert [(each.state, each.note) for each in found] == [
        ("evidence possible", "Not seen: the rest."),
        ("not covered", "No control looks at it."),
    ]


def test_what_passes_is_evidence_and_meets_nothing() -> None:
    found = rows(FINE, framework=EVIDENCE)["1.1"]

    assert (found.state, found.controls, found.note) == ("evidence", ("TST-01",), "Not seen: the rest.")


@pytest.mark.parametrize(
    ("resource", "state"), [(PUBLIC, "fail"), (HIDDEN, "indeterminate"), (WAIVED, "waived")], ids=str
)
def test_what_does_not_pass_is_no_evidence(resource: object, state: str) -> None:
    found = rows(FINE, resource, waived=state == "waived", framework=EVIDENCE)["1.1"]

    assert (found.state, found.note) == ("no evidence", f"TST-01: {state}.")


def test_the_word_of_a_person_is_told_apart_from_evidence() -> None:
    alone = rows(DATA, controls=declaring("2.1"), framework=EVIDENCE)["2.1"]
    beside = rows(FINE, DATA, controls=declaring("1.1"), framework=EVIDENCE)["1.1"]
    failing = rows(PUBLIC, DATA, controls=declaring("1.1"), framework=EVIDENCE)["1.1"]

    assert (alone.state, alone.note) == ("declared", "Somebody's word: TST-04. Not seen: more.")
    assert (beside.state, beside.note) == ("declared", "Somebody's word: TST-04. Not seen: the rest.")
    assert (failing.state, failing.note) == ("no evidence", "TST-01: fail.")


def test_no_evidence_is_asked_for_what_is_not_there() -> None:
    assert rows(DATA, framework=EVIDENCE)["1.1"].state == "not applicable"


def test_settings_take_evidence_away_even_where_it_is_declared() -> None:
    controls = declaring("2.1")
    evaluation = made(DATA, with_waivers=()).evaluation
    taken = UnmetClause(framework="own-1", clause="2.1", control="TST-04", reason="the settings loosen it")

    found = coverage(EVIDENCE, replace(evaluation, unmet_clauses=(taken,)), controls)

    assert (found[1].state, found[1].note) == ("no evidence", "TST-04: the settings loosen it.")
