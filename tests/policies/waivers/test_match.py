"""A waiver silences one finding for a while; whatever is wrong with it is a finding of its own."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from groundplan_policies.engine import Document, Resource
from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control
from groundplan_policies.engine.evaluate import evaluate
from groundplan_policies.engine.levels import Level
from groundplan_policies.engine.results import Counts, Evaluation
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, declared, fail
from groundplan_policies.settings.model import Settings
from groundplan_policies.waivers import FAULTS, LONGEST, RENEWALS, Waiver
from tests.policies.engine.small import DAY, HAS_A_BUCKET, PRIVATE, PUBLIC, by_id, control, evaluated
from tests.policies.rules.harness import STACK, R

BAD = R("storage.Bucket", PUBLIC, "bad")
FINDING = evaluated(BAD).findings[0]
APPROVED = Settings(approvers=("ciso@acme.test",))


def days(number: int) -> timedelta:
    return timedelta(days=number)


def waiver(**changes: Any) -> Waiver:
    """Give a waiver that is in order, with some fields changed."""
    return Waiver(
        **{
            "control": "TST-01",
            "urn": BAD.urn,
            "type": FINDING.type,
            "reason": "The site is public.",
            "ticket": "SEC-7",
            "owner": "data@acme.test",
            "approver": "ciso@acme.test",
            "issued": DAY - days(10),
            "expires": DAY + days(10),
            "fingerprints": (FINDING.fingerprint,),
            "place": "waivers.yaml:3",
            **changes,
        }
    )


def waived(
    *waivers: Waiver, resources: tuple[R, ...] = (BAD,), settings: Settings = APPROVED, **world: Any
) -> Evaluation:
    return evaluated(*resources, waivers=waivers, settings=settings, **world)


def faults(evaluation: Evaluation) -> list[str]:
    return [each.id for each in evaluation.waiver_findings]


def test_a_finding_that_is_waived_blocks_nothing_and_is_not_satisfied() -> None:
    evaluation = waived(waiver())

    assert evaluation.clean
    assert evaluation.counts["TST-01"] == Counts(waived=1)
    assert evaluation.counts["TST-01"].evaluated == 1
    (finding,) = evaluation.findings
    assert finding.verdict is FINDING.verdict
    assert not finding.blocks
    assert finding.waiver is not None
    assert (finding.waiver.ticket, finding.waiver.expires) == ("SEC-7", DAY + days(10))
    assert (finding.waiver.verified, finding.waiver.place) == (True, "waivers.yaml:3")
    assert evaluation.passed("TST-01") == ()
    assert faults(evaluation) == []


def test_only_the_finding_that_is_named_is_waived() -> None:
    other = R("storage.Bucket", PUBLIC, "other")
    evaluation = waived(waiver(), resources=(BAD, other), controls=(control(), control(id="TST-03")))

    assert [(each.control, each.urn) for each in evaluation.blocking] == [
        ("TST-01", other.urn),
        ("TST-03", BAD.urn),
        ("TST-03", other.urn),
    ]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"issued": DAY - days(20), "expires": DAY - days(1)}, "WVR-01"),
        ({"issued": DAY + days(1), "expires": DAY + days(9)}, "WVR-02"),
        ({"urn": BAD.urn.replace("bad", "*")}, "WVR-04"),
        ({"urn": "*"}, "WVR-04"),
        ({"control": "TST-*"}, "WVR-04"),
        ({"type": "gcp:storage/*"}, "WVR-04"),
        ({"control": "TST-0?"}, "WVR-04"),
        ({"owner": "CISO@acme.test"}, "WVR-05"),
        ({"issued": DAY - days(1), "expires": DAY + days(90)}, "WVR-06"),
        ({"fingerprints": ("0" * 32,)}, "WVR-08"),
        ({"type": "gcp:storage/bucketObject:BucketObject"}, "WVR-09"),
        ({"control": "TST-99"}, "WVR-10"),
    ],
)
def test_a_waiver_that_is_wrong_silences_nothing(changes: dict[str, Any], fault: str) -> None:
    evaluation = waived(waiver(**changes))

    assert faults(evaluation) == [fault]
    assert evaluation.findings[0].waiver is None
    assert evaluation.counts["TST-01"] == Counts(failed=1)
    (found,) = evaluation.waiver_findings
    assert (found.title, found.message) == (FAULTS[fault].title, FAULTS[fault].remedy)
    assert found.place == "waivers.yaml:3"
    assert not evaluation.clean


def test_the_first_and_the_last_day_count() -> None:
    assert faults(waived(waiver(issued=DAY))) == []
    assert faults(waived(waiver(expires=DAY))) == []


@pytest.mark.parametrize("severity", list(Severity))
def test_a_waiver_is_as_long_as_the_severity_allows(severity: Severity) -> None:
    longest = LONGEST[severity]
    judged = control(severity=severity)

    def of(length: int) -> list[str]:
        return faults(waived(waiver(expires=DAY - days(10) + days(length)), controls=(judged,)))

    assert longest <= 365
    assert of(longest) == []
    assert of(longest + 1) == ["WVR-06"]


def test_a_critical_control_is_waived_for_thirty_days_at_most() -> None:
    assert LONGEST[Severity.CRITICAL] == 30


def test_a_waiver_without_a_finding_is_reported() -> None:
    good = R("storage.Bucket", PRIVATE, "bad")

    assert faults(waived(waiver(), resources=(good,))) == ["WVR-03"]
    assert faults(waived(waiver(), resources=())) == ["WVR-03"]


def test_a_declaration_is_nothing_to_waive() -> None:
    says = control(checks={"storage.Bucket": lambda *_: declared("so")})
    evaluation = waived(waiver(), controls=(says,))

    assert faults(evaluation) == ["WVR-03"]
    assert evaluation.counts["TST-01"] == Counts(declared=1)


def test_in_a_part_of_a_deployment_a_waiver_may_be_for_the_rest() -> None:
    document = Document.read(
        {
            "steps": [
                {
                    "op": "create",
                    "urn": BAD.urn,
                    "newState": {"urn": BAD.urn, "type": FINDING.type, "custom": True, "inputs": PRIVATE},
                }
            ],
            "changeSummary": {"create": 1, "same": 7},
        }
    )
    evaluation = evaluate(document, APPROVED, controls=by_id(control()), waivers=(waiver(),), as_of=DAY)

    assert faults(evaluation) == []


def test_waivers_of_another_stack_are_left_alone() -> None:
    assert faults(waived(waiver(urn=BAD.urn.replace(":dev::", ":prod::")))) == []
    assert faults(waived(waiver(urn=BAD.urn.replace("::shop::", "::other::")))) == []


def test_a_name_may_hold_a_star() -> None:
    starred = R("storage.Bucket", PUBLIC, "a*b")

    assert waived(waiver(urn=starred.urn), resources=(starred,)).clean


@pytest.mark.parametrize("unwaivable", [control(id="BYP-01"), control(waivable=False)], ids=lambda each: each.id)
def test_what_cannot_be_waived_is_not(unwaivable: Control) -> None:
    evaluation = waived(waiver(control=unwaivable.id), controls=(unwaivable,))

    assert faults(evaluation) == ["WVR-12"]
    assert evaluation.blocking


def test_a_fault_of_a_rule_cannot_be_waived() -> None:
    broken = control(checks={"storage.Bucket": lambda *_: None})
    evaluation = waived(waiver(), controls=(broken,))

    assert evaluation.faults
    assert not evaluation.clean


def test_a_finding_about_a_waiver_cannot_be_waived() -> None:
    evaluation = waived(waiver(fingerprints=("0",)), waiver(control="WVR-08"))

    assert faults(evaluation) == ["WVR-08", "WVR-10"]


def test_an_approver_whom_nobody_names_is_unverified_and_counts_all_the_same() -> None:
    evaluation = waived(waiver(), settings=Settings(layers=({"all": Level.BLOCK, "WVR": Level.WARN},)))

    assert faults(evaluation) == ["WVR-13"]
    assert evaluation.findings[0].waiver is not None
    assert evaluation.findings[0].waiver.verified is False
    assert evaluation.clean


def test_an_owner_of_the_file_may_approve() -> None:
    assert faults(waived(waiver(approver_owns=True), settings=Settings())) == []


def test_names_of_approvers_have_no_case() -> None:
    assert faults(waived(waiver(), settings=Settings(approvers=("CISO@Acme.test",)))) == []


def test_findings_about_waivers_have_the_level_of_the_settings() -> None:
    def level(of: Level) -> Evaluation:
        return waived(waiver(expires=DAY - days(1)), settings=replace(APPROVED, layers=({"all": of},)))

    assert level(Level.BLOCK).waiver_findings[0].level is Level.BLOCK
    assert not level(Level.BLOCK).clean
    assert level(Level.WARN).clean


def test_a_finding_that_is_off_is_not_told_and_the_waiver_holds_no_better() -> None:
    evaluation = waived(waiver(owner="ciso@acme.test"), settings=replace(APPROVED, layers=({"WVR": Level.OFF},)))

    assert faults(evaluation) == []
    assert evaluation.findings[0].waiver is None


def test_of_several_waivers_the_last_counts_and_the_others_are_history() -> None:
    old = waiver(issued=DAY - days(80), expires=DAY - days(11), fingerprints=("0",))

    assert faults(waived(old, waiver())) == []
    assert waived(waiver(), old).clean


def test_the_last_waiver_counts_even_if_it_is_the_worse_one() -> None:
    overlapping = waiver(issued=DAY - days(5), owner="ciso@acme.test")
    evaluation = waived(waiver(), overlapping)

    assert faults(evaluation) == ["WVR-05"]
    assert evaluation.blocking


def test_a_waiver_for_later_leaves_the_one_of_today() -> None:
    evaluation = waived(waiver(), waiver(issued=DAY + days(5), expires=DAY + days(30)))

    assert faults(evaluation) == ["WVR-02"]
    assert evaluation.findings[0].waiver is not None


def test_two_waivers_from_one_day_on_are_one_too_many() -> None:
    evaluation = waived(waiver(), waiver(place="waivers.yaml:9"))

    assert faults(evaluation) == ["WVR-11"]
    assert evaluation.findings[0].waiver is not None


def test_a_finding_that_is_waived_again_and_again_is_reported() -> None:
    def chain(renewals: int) -> list[Waiver]:
        return [
            waiver(issued=DAY - days(20 * age + 10), expires=DAY - days(20 * age - 10))
            for age in range(renewals, -1, -1)
        ]

    assert faults(waived(*chain(RENEWALS))) == []
    often = waived(*chain(RENEWALS + 1))
    assert faults(often) == ["WVR-07"]
    assert often.findings[0].waiver is not None


def test_several_faults_are_all_reported() -> None:
    wrong = waiver(issued=DAY - days(200), expires=DAY - days(1), approver="data@acme.test", fingerprints=("0",))

    assert faults(waived(wrong)) == ["WVR-01", "WVR-05", "WVR-06", "WVR-13", "WVR-08"]


def test_a_waiver_may_know_the_fingerprint_of_before_and_of_after() -> None:
    assert faults(waived(waiver(fingerprints=("0", FINDING.fingerprint)))) == []


def test_a_waiver_lapses_when_what_was_read_changes() -> None:
    changed = R("storage.Bucket", {**PUBLIC, "publicAccessPrevention": "unspecified"}, "bad")
    unrelated = R("storage.Bucket", {**PUBLIC, "location": "US"}, "bad")

    assert faults(waived(waiver(), resources=(changed,))) == ["WVR-08"]
    assert faults(waived(waiver(), resources=(unrelated,))) == []


def test_a_finding_on_the_stack_is_waived_under_the_stack_s_urn() -> None:
    (finding,) = evaluated(R("kms.KeyRing"), controls=(HAS_A_BUCKET,)).findings
    right = waiver(control="TST-02", urn=STACK, type="pulumi:pulumi:Stack", fingerprints=(finding.fingerprint,))

    evaluation = waived(right, resources=(R("kms.KeyRing"),), controls=(HAS_A_BUCKET,))
    assert evaluation.counts["TST-02"] == Counts(waived=1)
    assert faults(waived(replace(right, type=""), resources=(R("kms.KeyRing"),), controls=(HAS_A_BUCKET,))) == [
        "WVR-09"
    ]


def test_rules_know_the_urns_that_are_waived() -> None:
    seen: list[frozenset[str]] = []

    def stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
        seen.append(context.waived_urns)
        yield None, PASS

    waived(waiver(), resources=(), controls=(control(checks={}, stack=stack),))

    assert seen == [frozenset({BAD.urn})]


def test_every_kind_of_fault_has_words() -> None:
    assert list(FAULTS) == [f"WVR-{number:02}" for number in range(1, 14)]
    assert all(each.title and each.remedy for each in FAULTS.values())
    assert {each.id for each in FAULTS.values() if each.holds} == {"WVR-03", "WVR-07", "WVR-13"}


def test_an_indeterminate_that_was_waived_and_now_fails_is_no_longer_waived() -> None:
    unclear = evaluated(R("storage.Bucket", {"publicAccessPrevention": 7}, "bad")).findings[0]
    then = waiver(fingerprints=(unclear.fingerprint,))
    now = control(checks={"storage.Bucket": lambda *_: fail("no", "publicAccessPrevention")})

    evaluation = waived(then, resources=(R("storage.Bucket", {"publicAccessPrevention": 7}, "bad"),), controls=(now,))
    assert faults(evaluation) == ["WVR-08"]


def test_a_day_is_always_given() -> None:
    later = evaluated(BAD, waivers=(waiver(),), settings=APPROVED, as_of=date(2030, 1, 1))

    assert later.as_of == date(2030, 1, 1)
    assert faults(later) == ["WVR-01"]


@pytest.mark.parametrize("approver", ["@data", "user:data@acme.test", "Data <DATA@acme.test>", "data"])
def test_an_owner_who_approves_under_another_spelling_is_found(approver: str) -> None:
    evaluation = waived(waiver(approver=approver), settings=Settings(approvers=(approver,)))
    assert "WVR-05" in faults(evaluation)
    assert not evaluation.clean


def test_an_approver_is_known_under_another_spelling() -> None:
    assert "WVR-13" not in faults(waived(waiver(approver="CISO <ciso@acme.test>")))
