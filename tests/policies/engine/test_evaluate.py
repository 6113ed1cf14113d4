"""An evaluation says what each control found, what it could not see, and whether that is clean."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from groundplan_policies.engine import Document, Resource
from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read
from groundplan_policies.engine.evaluate import evaluate
from groundplan_policies.engine.levels import Level, Loosening
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.engine.results import Counts, Evaluation, Proof, RuleFault
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    declared,
    fail,
    indeterminate,
)
from groundplan_policies.settings.model import Settings
from tests.policies.engine import examples
from tests.policies.engine.small import DAY, HAS_A_BUCKET, PRIVATE, PUBLIC, by_id, control, evaluated
from tests.policies.rules.harness import R, document, urn

GOOD = R("storage.Bucket", PRIVATE, "good")
BAD = R("storage.Bucket", PUBLIC, "bad")
WARN = Settings(layers=({"all": Level.WARN},))


def verdicts(evaluation: Evaluation) -> dict[str, Verdict]:
    return {each.urn.rpartition("::")[2]: each.verdict for each in evaluation.findings}


def answering(outcome: object) -> Control:
    def check(_: Resource, __: Context) -> Any:
        return outcome

    return control(checks={"storage.Bucket": check})


def test_passes_are_counted_and_everything_else_is_a_finding() -> None:
    evaluation = evaluated(GOOD, BAD, R("storage.Bucket", PRIVATE, "other"))

    assert evaluation.counts == {"TST-01": Counts(passed=2, failed=1)}
    assert evaluation.counts["TST-01"].evaluated == 3
    (finding,) = evaluation.findings
    assert (finding.control, finding.urn, finding.type) == ("TST-01", BAD.urn, "gcp:storage/bucket:Bucket")
    assert (finding.verdict, finding.severity, finding.level) == (Verdict.FAIL, Severity.HIGH, Level.BLOCK)
    assert [each.path for each in finding.reasons] == ["publicAccessPrevention"]


def test_passes_can_be_asked_for() -> None:
    evaluation = evaluated(GOOD, BAD, R("storage.Bucket", PRIVATE, "other"), controls=(control(), HAS_A_BUCKET))

    assert evaluation.passed("TST-01") == (GOOD.urn, urn("storage.Bucket", "other"))
    assert evaluation.passed("TST-02") == ("",)
    with pytest.raises(KeyError):
        evaluation.passed("TST-99")


@pytest.mark.parametrize(
    ("outcome", "counts"),
    [
        (PASS, Counts(passed=1)),
        (Outcome(Verdict.PASS), Counts(passed=1)),
        (NOT_APPLICABLE, Counts(not_applicable=1)),
        (Outcome(Verdict.NOT_APPLICABLE), Counts(not_applicable=1)),
        (fail("no"), Counts(failed=1)),
        (indeterminate("who knows"), Counts(indeterminate=1)),
        (declared("they say"), Counts(declared=1)),
    ],
)
def test_each_verdict_has_a_count_of_its_own(outcome: Outcome, counts: Counts) -> None:
    evaluation = evaluated(GOOD, controls=(answering(outcome),))

    assert evaluation.counts["TST-01"] == counts
    assert counts.evaluated == 1
    assert evaluation.passed("TST-01") == ((GOOD.urn,) if counts.passed else ())


@pytest.mark.parametrize(
    ("outcome", "clean"),
    [(PASS, True), (NOT_APPLICABLE, True), (declared("so"), True), (fail("no"), False), (indeterminate("?"), False)],
)
def test_a_fail_and_an_indeterminate_of_a_control_that_blocks_are_not_clean(outcome: Outcome, clean: bool) -> None:
    evaluation = evaluated(GOOD, controls=(answering(outcome),))

    assert evaluation.clean is clean
    assert evaluation.exit_code == (0 if clean else 1)
    assert bool(evaluation.blocking) is not clean


def test_an_advisory_finding_is_printed_and_blocks_nothing() -> None:
    evaluation = evaluated(BAD, settings=WARN)

    assert len(evaluation.findings) == 1
    assert evaluation.blocking == ()
    assert evaluation.clean


def test_a_control_that_is_off_is_not_asked() -> None:
    evaluation = evaluated(BAD, settings=Settings(layers=({"TST-01": Level.OFF},)))

    assert evaluation.findings == ()
    assert evaluation.counts == {}
    assert evaluation.off == ("TST-01",)
    assert [each.type for each in evaluation.types.evaluated] == ["gcp:storage/bucket:Bucket"]


def test_findings_are_ordered_by_severity_then_control_then_document() -> None:
    controls = (
        control(id="TST-04", severity=Severity.LOW),
        control(id="TST-10", severity=Severity.CRITICAL),
        control(id="TST-09", severity=Severity.CRITICAL),
    )
    evaluation = evaluated(replace(BAD, name="z"), replace(BAD, name="a"), controls=controls)

    assert [(each.control, each.urn[-1]) for each in evaluation.findings] == [
        ("TST-09", "z"),
        ("TST-09", "a"),
        ("TST-10", "z"),
        ("TST-10", "a"),
        ("TST-04", "z"),
        ("TST-04", "a"),
    ]


def test_an_exception_in_a_rule_is_a_finding_about_the_rule() -> None:
    def check(resource: Resource, _: Context) -> Outcome:
        if resource.name == "bad":
            raise ValueError("canary")
        return PASS

    evaluation = evaluated(GOOD, BAD, controls=(control(checks={"storage.Bucket": check}),), settings=WARN)

    assert evaluation.faults == (RuleFault(control="TST-01", urn=BAD.urn, kind="ValueError", where=""),)
    assert evaluation.counts["TST-01"] == Counts(passed=1)
    assert not evaluation.clean
    assert "canary" not in repr(evaluation)


def test_a_fault_names_the_line_of_this_package_where_it_was_raised() -> None:
    wild = R("storage.Bucket", {"publicAccessPrevention": "enforced"}, "wild")
    broken = control(checks={"storage.Bucket": lambda resource, context: context.graph.document["nothing"]})

    (fault,) = evaluated(wild, controls=(broken,)).faults

    assert fault.where.startswith("engine/document.py:")
    assert fault.kind == "DocumentError"


@pytest.mark.parametrize("answer", [None, True, Verdict.PASS, {"verdict": "pass"}])
def test_an_answer_that_is_none_is_a_fault_and_no_pass(answer: object) -> None:
    evaluation = evaluated(GOOD, controls=(answering(answer),))

    assert [each.kind for each in evaluation.faults] == ["TypeError"]
    assert evaluation.counts["TST-01"].evaluated == 0


def test_an_exception_in_the_check_of_the_stack_keeps_what_was_said_before() -> None:
    def stack(_: Context) -> Iterator[tuple[Resource | None, Outcome]]:
        yield None, fail("no")
        raise RuntimeError

    evaluation = evaluated(GOOD, controls=(control(checks={}, stack=stack),))

    assert [each.kind for each in evaluation.faults] == ["RuntimeError"]
    assert [each.urn for each in evaluation.findings] == [""]


def test_two_answers_on_one_resource_are_a_fault() -> None:
    def stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
        for resource in context.graph.of("storage.Bucket"):
            yield resource, fail("no")

    evaluation = evaluated(GOOD, controls=(control(stack=stack),))

    assert [(each.urn, each.kind) for each in evaluation.faults] == [(GOOD.urn, "SpokenTwice")]
    assert evaluation.counts["TST-01"] == Counts(passed=1)


def test_two_answers_of_a_stack_check_on_one_thing_are_a_fault() -> None:
    def stack(_: Context) -> Iterator[tuple[Resource | None, Outcome]]:
        yield None, PASS
        yield None, fail("no")

    evaluation = evaluated(GOOD, controls=(control(checks={}, stack=stack),))

    assert [each.kind for each in evaluation.faults] == ["SpokenTwice"]


def test_the_stack_as_a_whole_has_no_urn() -> None:
    evaluation = evaluated(R("kms.KeyRing"), controls=(HAS_A_BUCKET,))

    assert [(each.urn, each.type, each.source) for each in evaluation.findings] == [("", "", None)]


def partial(*entries: dict[str, Any]) -> Document:
    steps = [{"op": "create", "urn": entry["urn"], "newState": entry} for entry in entries]
    return Document.read({"steps": steps, "changeSummary": {"create": len(steps), "same": 3}})


def bucket_entry(**inputs: Any) -> dict[str, Any]:
    return {"urn": GOOD.urn, "type": "gcp:storage/bucket:Bucket", "custom": True, "inputs": inputs}


def test_a_part_of_a_deployment_proves_nothing_of_the_whole() -> None:
    evaluation = evaluate(
        partial(bucket_entry(**PRIVATE)),
        Settings(),
        controls=by_id(control(), HAS_A_BUCKET, control(id="TST-03", evidence=Evidence.GRAPH)),
        as_of=DAY,
    )

    assert not evaluation.complete
    assert evaluation.counts == {
        "TST-01": Counts(passed=1),
        "TST-02": Counts(indeterminate=1),
        "TST-03": Counts(indeterminate=1),
    }


@pytest.mark.parametrize(
    "outcome", [Outcome(Verdict.PASS), Outcome(Verdict.NOT_APPLICABLE)], ids=lambda each: each.verdict
)
def test_a_pass_that_a_rule_made_itself_is_a_pass_too(outcome: Outcome) -> None:
    def stack(_: Context) -> Iterator[tuple[Resource | None, Outcome]]:
        yield None, outcome

    part = partial(bucket_entry(**PRIVATE))
    evaluation = evaluate(part, Settings(), controls=by_id(control(checks={}, stack=stack)), as_of=DAY)

    assert evaluation.counts["TST-01"] == Counts(indeterminate=1)


def test_a_part_of_a_deployment_can_show_that_something_is_wrong() -> None:
    evaluation = evaluate(partial(bucket_entry(**PUBLIC)), Settings(), controls=by_id(control()), as_of=DAY)

    assert [each.verdict for each in evaluation.findings] == [Verdict.FAIL]


@pytest.mark.parametrize("entry", ["publicAccessPrevention", "*", "[*]", 'publicAccessPrevention["x"]', "][", "**"])
def test_ignored_changes_of_what_is_read_take_back_a_pass(entry: str) -> None:
    evaluation = evaluated(replace(GOOD, record={"ignoreChanges": [entry]}))

    (finding,) = evaluation.findings
    assert finding.verdict is Verdict.INDETERMINATE
    assert finding.reasons[0].path == "publicAccessPrevention"
    assert "ignored" in finding.reasons[0].message


def test_ignored_changes_of_something_else_take_back_nothing() -> None:
    assert evaluated(replace(GOOD, record={"ignoreChanges": ["labels"]})).counts["TST-01"] == Counts(passed=1)


def test_ignored_changes_leave_a_fail() -> None:
    assert verdicts(evaluated(replace(BAD, record={"ignoreChanges": ["*"]}))) == {"bad": Verdict.FAIL}


@pytest.mark.parametrize("outcome", [NOT_APPLICABLE, declared("so")])
def test_ignored_changes_take_back_whatever_speaks_well(outcome: Outcome) -> None:
    evaluation = evaluated(replace(GOOD, record={"ignoreChanges": ["*"]}), controls=(answering(outcome),))

    assert verdicts(evaluation) == {"good": Verdict.INDETERMINATE}


def test_ignored_changes_count_for_the_stack_as_a_whole() -> None:
    ignoring = replace(GOOD, record={"ignoreChanges": ["location"]})

    assert evaluated(ignoring, controls=(HAS_A_BUCKET,)).counts["TST-02"] == Counts(indeterminate=1)
    other = replace(GOOD, record={"ignoreChanges": ["labels"]})
    assert evaluated(other, controls=(HAS_A_BUCKET,)).counts["TST-02"] == Counts(passed=1)


@pytest.mark.parametrize(
    ("inputs", "outcome", "verdict"),
    [
        ({}, PASS, Verdict.INDETERMINATE),
        ({}, NOT_APPLICABLE, Verdict.INDETERMINATE),
        ({}, fail("is absent", "publicAccessPrevention"), Verdict.INDETERMINATE),
        ({}, indeterminate("is unknown"), Verdict.INDETERMINATE),
        ({"publicAccessPrevention": "x"}, PASS, None),
        ({"publicAccessPrevention": "x"}, fail("is wrong", "publicAccessPrevention"), Verdict.FAIL),
    ],
)
def test_of_what_is_only_read_only_what_is_there_counts(
    inputs: dict[str, str], outcome: Outcome, verdict: Verdict | None
) -> None:
    read = R("storage.Bucket", inputs, "read", record={"external": True, "id": "x"})

    assert verdicts(evaluated(read, controls=(answering(outcome),))).get("read") is verdict


def test_of_what_is_only_read_a_value_that_is_wrong_stays_wrong_whatever_else_is_missing() -> None:
    two = control(reads=(Read("storage.Bucket", "a.b"), Read("storage.Bucket", "c")))
    wrong = replace(two, checks={"storage.Bucket": lambda *_: fail("is wrong", "a[0].b")})
    read = R("storage.Bucket", {"a": [{"b": 1}]}, "read", record={"external": True, "id": "x"})

    assert verdicts(evaluated(read, controls=(wrong,))) == {"read": Verdict.FAIL}


def test_components_and_the_stack_are_not_looked_at() -> None:
    everything = control(checks={"*": lambda *_: fail("no")}, reads=())

    assert verdicts(evaluated(R("acme:index:Site", record={"custom": False}), controls=(everything,))) == {}


def test_what_a_document_can_prove() -> None:
    assert evaluated(GOOD).level_of_proof is Proof.PROGRAM
    assert evaluated(GOOD, profile="state").level_of_proof is Proof.MOCK_APPLIED
    state = evaluate(Document.read(examples.export()), Settings(), controls={}, as_of=DAY)
    assert state.level_of_proof is Proof.STATE


def test_what_is_loosened_reaches_rules_and_report_and_lapses() -> None:
    seen: list[object] = []

    def stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
        seen.extend(context.settings_changes)
        yield None, PASS

    def loosening(expires: date | None) -> Loosening:
        return Loosening(
            what="high", before="block", after="warn", controls=("TST-01",), author="a", reason="r", expires=expires
        )

    loosened = (loosening(None), loosening(DAY), loosening(date(2026, 6, 14)))
    evaluation = evaluated(GOOD, controls=(control(checks={}, stack=stack),), settings=Settings(loosened=loosened))

    assert [each.explained for each in evaluation.loosened] == [True, True, False]
    assert tuple(seen) == evaluation.loosened


def test_the_controls_of_the_package_are_the_default() -> None:
    evaluation = evaluate(document(GOOD), Settings(), as_of=DAY)

    assert list(evaluation.counts) == list(all_controls())


def test_an_evaluation_is_the_same_every_time() -> None:
    assert evaluated(GOOD, BAD) == evaluated(GOOD, BAD)
