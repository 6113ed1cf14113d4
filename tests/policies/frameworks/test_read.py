"""A framework's file is read whole or refused, with the line of what is wrong."""

from datetime import date

import pytest

from groundplan_policies import frameworks
from groundplan_policies.frameworks import Claim, FrameworkError, Requirement, Seen, Source
from groundplan_policies.frameworks.read import parse

HEAD = """\
id: own-1
title: Our own framework 1
publisher: We
scope: All of it.
sources:
  book:
    name: The book
    read: 2026-03-01
clauses:
"""
FULL = '  - number: "1.10"\n    title: Nothing is public\n    coverage: full\n    verified: book\n'
NONE = '  - number: "1.2"\n    title: People are trained\n    coverage: none\n    missing: No code shows it.\n'


def test_all_of_it_is_read() -> None:
    found = parse(HEAD + FULL + NONE, "own-1.yaml")

    assert (found.id, found.title, found.publisher, found.scope) == (
        "own-1",
        "Our own framework 1",
        "We",
        "All of it.",
    )
    assert found.claim is Claim.MET
    assert found.heading == "Our own framework 1"
    assert found.clauses == (
        Requirement(
            number="1.10",
            title="Nothing is public",
            coverage=Seen.FULL,
            missing="",
            verified=Source(name="The book", read=date(2026, 3, 1)),
        ),
        Requirement(
            number="1.2",
            title="People are trained",
            coverage=Seen.NONE,
            missing="No code shows it.",
            verified=None,
        ),
    )


def test_a_framework_of_evidence_says_so_in_its_heading() -> None:
    found = parse("claim: evidence\n" + HEAD + NONE, "own-1.yaml")

    assert found.claim is Claim.EVIDENCE
    assert found.heading == "Evidence for Our own framework 1"


@pytest.mark.parametrize(
    ("text", "what", "place"),
    [
        (HEAD.replace("own-1", "own-2") + FULL, "The id is not the file's name", "own-1.yaml:1"),
        (HEAD + FULL + FULL, "A clause is listed twice", "own-1.yaml:14"),
        (HEAD + FULL.replace('"1.10"', "1.10"), "The number, in quotes is of another type", "own-1.yaml:10"),
        (HEAD + FULL.replace("full", "all"), "There is no such coverage", "own-1.yaml:12"),
        (HEAD + FULL.replace("verified: book", "verified: bok"), "There is no such source", "own-1.yaml:13"),
        ("claim: all\n" + HEAD + FULL, "There is no such claim", "own-1.yaml:1"),
        ("claim: evidence\n" + HEAD + NONE + FULL, "Evidence is never all of a clause", "own-1.yaml:17"),
        (HEAD + FULL + "    missing: Much.\n", "What is missing does not fit the coverage", "own-1.yaml:10"),
        (HEAD + NONE.replace("    missing: No code shows it.\n", ""), "What is missing does not fit", "own-1.yaml:10"),
        (HEAD + FULL.replace("title", "titel"), "There is no such key of a clause", "own-1.yaml:11"),
        (HEAD + FULL + "notes: none\n", "There is no such key of a framework", "own-1.yaml:14"),
        (HEAD.replace("2026-03-01", "yesterday") + FULL, "The day on which it was read is of another type", ":8"),
        (HEAD.replace("title: Our own framework 1\n", "") + FULL, "The title is of another type", ":1"),
        ("- 1", "The file is of another type", ":1"),
    ],
)
def test_what_it_may_not_say_is_refused_with_its_line(text: str, what: str, place: str) -> None:
    with pytest.raises(FrameworkError) as caught:
        parse(text, "own-1.yaml")
    assert caught.value.what.startswith(what)
    assert place in caught.value.given


def test_a_framework_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(FrameworkError) as caught:
        frameworks.load("cis-gcp-4.0")
    assert (caught.value.given, caught.value.allowed.partition(",")[0]) == ("cis-gcp-4.0", "cis-gcp-5.0")
    with pytest.raises(FrameworkError):
        frameworks.load("../settings/team")
