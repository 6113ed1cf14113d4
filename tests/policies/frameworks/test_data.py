"""The shipped frameworks are true to their schema, and to what the controls say of themselves."""

import json
import re
from importlib.resources import files

import jsonschema
import pytest
import yaml

from groundplan_policies import frameworks
from groundplan_policies.engine.control import Clause, Coverage
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.frameworks import Claim, ClauseState, Requirement, Seen

HERE = files("groundplan_policies.frameworks")
ABOUT_CONFIGURATION = ("cis-gcp-5.0", "cis-gke-1.6", "google-ai", "nist-800-53-r5")
OF_EVIDENCE = ("eu-ai-act", "iso-42001-2023", "nist-ai-rmf-1.0")
IDS = tuple(sorted((*ABOUT_CONFIGURATION, *OF_EVIDENCE)))
CLAUSES = [(identifier, each) for identifier in IDS for each in frameworks.load(identifier).clauses]
CLAIMED = [(control.id, clause) for control in all_controls().values() for clause in control.clauses]
NUMBERS = {
    "cis-gcp-5.0": r"[1-8]\.\d+(\.\d+)?",
    "cis-gke-1.6": r"[2-5]\.\d+\.\d+",
    "google-ai": r"[A-Z]{2,3}-CO-\d\.\d+",
    "nist-800-53-r5": r"[A-Z]{2}-\d+",
    "eu-ai-act": r"\d+",
    "iso-42001-2023": r"A\.\d+\.\d+(\.\d+)?",
    "nist-ai-rmf-1.0": r"(GOVERN|MAP|MEASURE|MANAGE) \d\.\d+",
}


def claims(framework: str, number: str) -> list[Clause]:
    return [clause for _, clause in CLAIMED if (clause.framework, clause.clause) == (framework, number)]


def test_these_frameworks_are_shipped() -> None:
    assert frameworks.ids() == IDS
    assert {each: len(frameworks.load(each).clauses) for each in IDS} == {
        "cis-gcp-5.0": 93,
        "cis-gke-1.6": 70,
        "eu-ai-act": 29,
        "google-ai": 90,
        "iso-42001-2023": 38,
        "nist-800-53-r5": 54,
        "nist-ai-rmf-1.0": 72,
    }


def test_of_law_and_of_what_people_do_evidence_is_claimed_and_no_more() -> None:
    assert {each: frameworks.load(each).claim for each in IDS} == {
        **dict.fromkeys(ABOUT_CONFIGURATION, Claim.MET),
        **dict.fromkeys(OF_EVIDENCE, Claim.EVIDENCE),
    }


def test_a_control_claims_evidence_where_the_framework_does_and_only_there() -> None:
    assert [
        (control, clause, "say evidence(…)" if clause.framework in OF_EVIDENCE else "say full(…) or partial(…)")
        for control, clause in CLAIMED
        if (clause.framework in OF_EVIDENCE) is not (clause.coverage is Coverage.EVIDENCE)
    ] == []


@pytest.mark.parametrize(
    ("framework", "start", "number"),
    [
        ("nist-ai-rmf-1.0", "GOVERN", 19),
        ("nist-ai-rmf-1.0", "MAP", 18),
        ("nist-ai-rmf-1.0", "MEASURE", 22),
        ("nist-ai-rmf-1.0", "MANAGE", 13),
        *(
            ("iso-42001-2023", f"A.{topic}.", number)
            for topic, number in {2: 3, 3: 2, 4: 5, 5: 4, 6: 9, 7: 5, 8: 4, 9: 3, 10: 3}.items()
        ),
    ],
)
def test_lists_that_are_whole_have_every_clause(framework: str, start: str, number: int) -> None:
    assert sum(each.number.startswith(start) for each in frameworks.load(framework).clauses) == number


@pytest.mark.parametrize("identifier", IDS)
def test_a_file_is_as_its_schema_says(identifier: str) -> None:
    text = HERE.joinpath(f"{identifier}.yaml").read_text(encoding="utf-8")
    table = json.loads(json.dumps(yaml.safe_load(text), default=str))  # days are texts in JSON
    schema = json.loads(HERE.joinpath("framework.schema.json").read_text(encoding="utf-8"))

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(table, schema)


@pytest.mark.parametrize("identifier", IDS)
def test_numbers_have_the_form_of_the_framework_and_occur_once(identifier: str) -> None:
    numbers = [each.number for each in frameworks.load(identifier).clauses]

    assert len(set(numbers)) == len(numbers)
    assert [each for each in numbers if not re.fullmatch(NUMBERS[identifier], each)] == []


# Many clauses and one look at each: a test of its own for each would cost more than the look.
def test_every_clause_that_a_control_names_exists() -> None:
    numbers = {each: {clause.number for clause in frameworks.load(each).clauses} for each in IDS}

    assert [
        (control, clause) for control, clause in CLAIMED if clause.clause not in numbers.get(clause.framework, set())
    ] == []


def test_a_claim_says_what_is_missing_where_it_is_partial() -> None:
    assert [
        (control, clause) for control, clause in CLAIMED if bool(clause.missing) is (clause.coverage is Coverage.FULL)
    ] == []


def test_every_clause_is_covered_as_its_file_says_or_has_a_reason() -> None:
    found = [(framework, clause.number, problem(framework, clause)) for framework, clause in CLAUSES]

    assert [each for each in found if each[-1]] == []


def problem(framework: str, clause: Requirement) -> str:
    found = claims(framework, clause.number)
    if found:
        best = Seen.FULL if any(each.coverage is Coverage.FULL for each in found) else Seen.PARTIAL
        return "" if clause.coverage is best else "the file and the controls must agree"
    return "" if clause.coverage is Seen.NONE else "say why no control looks at it"


UNVERIFIED = {("nist-800-53-r5", "RA-5"), ("nist-800-53-r5", "SA-10"), ("nist-800-53-r5", "SA-11")}
"""Clauses whose rows nobody has read in the source. They earn nothing until somebody does."""


def test_every_clause_but_a_few_was_checked() -> None:
    assert {(framework, clause.number) for framework, clause in CLAUSES if clause.verified is None} == UNVERIFIED


def test_every_clause_reads_as_one_line() -> None:
    assert [
        (framework, clause.number)
        for framework, clause in CLAUSES
        if "\n" in clause.title or clause.title.endswith(".") or (clause.missing and not clause.missing.endswith("."))
    ] == []


def test_no_configuration_meets_a_control_of_nist_in_full() -> None:
    assert Seen.FULL not in {each.coverage for each in frameworks.load("nist-800-53-r5").clauses}


@pytest.mark.parametrize("identifier", IDS)
def test_some_clauses_are_covered(identifier: str) -> None:
    states = [each.state for each in frameworks.coverage(frameworks.load(identifier))]
    covered = (
        {ClauseState.EVIDENCE_POSSIBLE}
        if identifier in OF_EVIDENCE
        else {ClauseState.COVERED, ClauseState.PARTLY_COVERED}
    )

    assert set(states) <= {*covered, ClauseState.NOT_COVERED}
    assert len(states) - states.count(ClauseState.NOT_COVERED) >= 10


# Clauses that changed their number between versions, or are easily taken for others.
PINNED = {
    ("cis-gcp-5.0", "1.5"): "IAM-06",
    ("cis-gcp-5.0", "1.11"): "ENC-09",
    ("cis-gcp-5.0", "3.9"): "NET-27",
    ("cis-gcp-5.0", "4.9"): "NET-01",
    ("cis-gcp-5.0", "7.4"): "DAT-13",
    ("cis-gke-1.6", "5.4.1"): "IAM-12",
    ("cis-gke-1.6", "5.9.2"): "ENC-08",
    ("eu-ai-act", "12"): "SRV-02",
    ("google-ai", "COM-CO-2.2"): "IAM-24",
    ("google-ai", "VAI-CO-4.7"): "NET-01",
    ("iso-42001-2023", "A.7.4"): "RAI-08",
    ("nist-800-53-r5", "SC-20"): "NET-32",
    ("nist-ai-rmf-1.0", "MEASURE 2.12"): "CST-03",
}


@pytest.mark.parametrize(("clause", "control"), PINNED.items(), ids=str)
def test_a_clause_is_claimed_by_the_control_that_is_about_it(clause: tuple[str, str], control: str) -> None:
    framework, number = clause
    rows = {each.clause: each for each in frameworks.coverage(frameworks.load(framework))}

    assert control in rows[number].controls


@pytest.mark.parametrize(
    ("control", "clause", "needs"),
    [
        ("ENC-09", "1.11", {"key_rotation_days": 90}),
        ("ENC-09", "COM-CO-2.7", {"key_rotation_days": 90}),
        ("ENC-14", "4.11", {"confidential_computing": True}),
        ("DAT-08", "2.4", {"audit_locked": True}),
        ("DAT-08", "GCS-CO-6.1", {"audit_locked": True}),
        ("DAT-08", "GCS-CO-6.17", {"audit_retention_days": 90}),
        ("IAM-24", "COM-CO-1.1", {"organization_constraints": ("gcp.restrictTLSVersion",)}),
    ],
)
def test_a_clause_that_asks_for_a_number_needs_it_in_the_settings(
    control: str, clause: str, needs: dict[str, object]
) -> None:
    (found,) = (each for each in all_controls()[control].clauses if each.clause == clause)

    assert dict(found.needs) == needs
