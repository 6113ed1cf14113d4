"""JUnit counts as CI counts: what decides fails, what a person let through is skipped."""

import xml.etree.ElementTree as ET
from dataclasses import replace

from groundplan_policies.engine.levels import Level
from groundplan_policies.reports.junit import MOST_PASSES, as_junit
from groundplan_policies.reports.report import Report
from tests.policies.reports.sample import PRIVATE, bucket, clean, made, resources


def parsed(report: Report) -> ET.Element:
    return ET.fromstring(as_junit(report))  # noqa: S314 - the test's own text


def cases(report: Report) -> dict[tuple[str, str], tuple[str, str]]:
    """Give, by class and name of a case, its outcome and the outcome's type."""
    found = {}
    for case in parsed(report).iter("testcase"):
        outcome = next((each for each in case if each.tag in {"failure", "error", "skipped"}), None)
        said = ("passed", "") if outcome is None else (outcome.tag, outcome.attrib["type"])
        found[case.attrib["classname"], case.attrib["name"]] = said
    return found


def test_each_answer_has_its_outcome() -> None:
    found = cases(made())

    assert found["TST-01.storage.Bucket", "logs-public"] == ("failure", "fail")
    assert found["TST-01.storage.Bucket", "logs-hidden"] == ("error", "indeterminate")
    assert found["TST-01.storage.Bucket", "logs-waived"] == ("skipped", "waived")
    assert found["TST-01.storage.Bucket", "logs-fine"] == ("passed", "")
    assert found["TST-02.storage.Bucket", "logs-open"] == ("skipped", "advisory")
    assert found["TST-03.stack", "the stack as a whole"] == ("failure", "fail")
    assert found["TST-04.bigquery.Dataset", "logs-data"] == ("skipped", "declared")
    assert found["TST-05.stack", "logs-key"] == ("error", "fault")
    assert found["WVR-03", "TST-02 on shop-dev"] == ("skipped", "WVR-03")
    assert found["Document", "every resource type has been reviewed"] == ("failure", "unknown")
    assert found["Document", "the document holds the whole deployment"] == ("passed", "")


def test_with_warn_the_advisory_ones_fail() -> None:
    assert cases(made(level=Level.WARN))["TST-02.storage.Bucket", "logs-open"] == ("failure", "fail")


def test_counts_are_those_of_the_cases() -> None:
    root = parsed(made())

    for element in (root, *root.findall("testsuite")):
        below = list(element.iter("testcase"))
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(element.attrib[name]) == sum(case.find(tag) is not None for case in below), name
        assert int(element.attrib["tests"]) == len(below)
    assert (root.attrib["tests"], root.attrib["failures"], root.attrib["errors"]) == ("16", "4", "2")


def test_a_clean_report_has_no_failures() -> None:
    root = parsed(clean())

    assert (root.attrib["failures"], root.attrib["errors"], root.attrib["skipped"]) == ("0", "0", "0")
    assert root.attrib["tests"] == "4"
    assert root.findtext(".//system-out") == "Clean. Exit code 0."


def test_a_failure_says_where_why_and_what_to_do() -> None:
    case = next(each for each in parsed(made()).iter("testcase") if each.attrib["name"] == "logs-public")
    failure = case.find("failure")

    assert (case.attrib["file"], case.attrib["line"]) == ("storage.py", "12")
    assert failure is not None
    assert failure.attrib["message"] == "fail: publicAccessPrevention: is not enforced (inherited)"
    assert (failure.text or "").splitlines() == [
        "publicAccessPrevention: is not enforced (inherited)",
        "storage.py:12",
        "Why: One grant makes every object readable <b>for years</b>, as `allUsers` is a word. Nobody notices.",
        "To do: Use DataBucket, or set `public_access_prevention` to `enforced`.",
    ]


def test_an_incomplete_document_is_no_pass() -> None:
    report = made()
    report = replace(report, evaluation=replace(report.evaluation, gaps=("no stack",)))

    assert cases(report)["Document", "the document holds the whole deployment"] == ("skipped", "incomplete")


def test_passes_beyond_a_limit_are_counted() -> None:
    number = MOST_PASSES + 2
    found = cases(made(*(bucket(f"b-{each}", PRIVATE) for each in range(number)), with_waivers=()))

    assert found["TST-01.more", "2 more resources"] == ("passed", "")
    assert ("TST-01.storage.Bucket", f"b-{MOST_PASSES - 1}") in found
    assert ("TST-01.storage.Bucket", f"b-{MOST_PASSES}") not in found


def test_characters_that_xml_forbids_are_escaped() -> None:
    name = "a\x00\x0b\x1b]]>\ufffe<x/>"
    text = as_junit(made(*resources(name), with_waivers=()))

    root = ET.fromstring(text)  # noqa: S314 - the test's own text
    names = [case.attrib["name"] for case in root.iter("testcase")]
    assert "a\\x00\\x0b\\x1b]]>\\ufffe<x/>-public" in names
