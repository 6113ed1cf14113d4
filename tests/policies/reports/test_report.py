"""What a report decides: which findings count, what each control says, and why it is not clean."""

from dataclasses import replace

import pytest

from groundplan_policies.engine.control import partial
from groundplan_policies.engine.levels import Level
from groundplan_policies.engine.results import Evaluation
from groundplan_policies.engine.states import State
from groundplan_policies.engine.verdicts import Reason
from groundplan_policies.reports.report import narrowed, only
from groundplan_policies.reports.words import conclusion, first_sentence, sentence, states, waived_until
from tests.policies.engine.small import by_id
from tests.policies.reports.sample import CONTROLS, PRIVATE, PUBLIC, bucket, clean, made, resources


def names(findings: tuple[object, ...]) -> list[tuple[str, str]]:
    return [(each.control, each.urn.rpartition("::")[2]) for each in findings]  # type: ignore[attr-defined]


def test_findings_are_of_four_kinds() -> None:
    report = made()

    assert names(report.decisive) == [
        ("TST-01", "logs-public"),
        ("TST-01", "logs-open"),
        ("TST-01", "logs-hidden"),
        ("TST-03", ""),
    ]
    assert names(report.advisory) == [("TST-02", "logs-open")]
    assert names(report.declared) == [("TST-04", "logs-data")]
    assert names(report.waived) == [("TST-01", "logs-waived")]


def test_a_control_says_its_worst_answer() -> None:
    assert made().states == {
        "TST-01": State.FAIL,
        "TST-02": State.FAIL,
        "TST-03": State.FAIL,
        "TST-04": State.DECLARED,
        "TST-05": State.FAULT,
    }
    hidden, waived, fine = resources()[2:5]
    assert made(hidden, fine, with_waivers=()).states["TST-01"] is State.INDETERMINATE
    assert made(waived, fine).states["TST-01"] is State.WAIVED
    assert made(fine, with_waivers=()).states["TST-01"] is State.PASS
    assert made(resources()[5], with_waivers=()).states["TST-01"] is State.NOT_APPLICABLE
    assert sum(states(made()).values()) == 5


def test_a_report_is_clean_by_the_same_rule_as_the_evaluation() -> None:
    for report in (
        made(),
        clean(),
        made(bucket("b", PUBLIC), with_waivers=()),
        made(bucket("b", PRIVATE), with_waivers=()),
    ):
        assert report.clean is report.evaluation.clean
        assert report.exit_code == report.evaluation.exit_code


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ("findings", "4 findings of 2 controls"),
        ("faults", "1 fault of a rule"),
        ("types", "1 resource type that nobody has reviewed"),
    ],
)
def test_each_reason_alone_fails_the_check(part: str, reason: str) -> None:
    good, bad = clean(), made()
    evaluation = replace(good.evaluation, **{part: getattr(bad.evaluation, part)})
    report = replace(good, evaluation=evaluation, controls=CONTROLS, settings=bad.settings)

    assert report.reasons == (reason,)
    assert conclusion(report) == f"Not clean: {reason}. Exit code 1."


def test_a_finding_about_a_waiver_counts_from_its_level_on() -> None:
    (found,) = made().evaluation.waiver_findings
    for level, counted in ((Level.BLOCK, ("1 finding about waivers",)), (Level.WARN, ())):
        evaluation = replace(clean().evaluation, waiver_findings=(replace(found, level=level),))
        assert replace(clean(), evaluation=evaluation).reasons == counted
    evaluation = replace(clean().evaluation, waiver_findings=(replace(found, level=Level.WARN),))
    assert replace(clean(), evaluation=evaluation, level=Level.WARN).reasons == ("1 finding about waivers",)


def test_from_warn_on_advisory_findings_count_and_declared_and_waived_ones_do_not() -> None:
    report = made(level=Level.WARN)

    assert ("TST-02", "logs-open") in names(report.decisive)
    assert report.advisory == ()
    assert names(report.declared) == [("TST-04", "logs-data")]
    assert names(report.waived) == [("TST-01", "logs-waived")]


def test_a_framework_keeps_its_controls_and_those_on_ways_around() -> None:
    around = replace(CONTROLS["TST-02"], id="BYP-99")
    controls = by_id(*CONTROLS.values(), around)
    other = replace(CONTROLS["TST-03"], clauses=(partial("own-2", "1", "All."),))
    controls = {**controls, "TST-03": other}
    evaluation: Evaluation = made().evaluation
    counts = {**evaluation.counts, "BYP-99": evaluation.counts["TST-02"]}

    found = narrowed(replace(evaluation, counts=counts), controls, "own-1")

    assert list(found.counts) == ["TST-01", "BYP-99"]
    assert {each.control for each in found.findings} == {"TST-01"}
    assert found.faults == ()
    assert found.off == ()
    assert found.waiver_findings == ()
    assert found.types == evaluation.types
    assert list(narrowed(evaluation, controls, "own-2").counts) == ["TST-03"]


def test_what_is_wrong_with_a_waiver_of_no_control_stays() -> None:
    evaluation = made().evaluation
    (found,) = evaluation.waiver_findings
    evaluation = replace(evaluation, waiver_findings=(found, replace(found, control="NO-1")))

    kept = only(evaluation, CONTROLS, {"TST-01"})

    assert [each.control for each in kept.waiver_findings] == ["NO-1"]


def test_a_reason_is_one_sentence() -> None:
    assert sentence(Reason("a.b", "is absent")) == "a.b: is absent"
    assert sentence(Reason("", "The stack has none", "x")) == "The stack has none (x)"
    assert first_sentence("One. Two.") == "One."
    assert first_sentence("Only one.") == "Only one."


def test_an_unverified_approver_is_said() -> None:
    (found,) = made().waived
    assert found.waiver is not None

    assert waived_until(found.waiver).endswith("approver ciso@acme.test)")
    assert waived_until(replace(found.waiver, verified=False)).endswith("approver ciso@acme.test, unverified)")
