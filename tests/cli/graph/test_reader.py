"""Questions to a plan, and how answers are worded."""

import pytest

from groundplan_cli.graph.environment import environment_of
from groundplan_cli.graph.model import build_graph
from groundplan_cli.graph.reader import Reader, cron_in_words, listed, marked, people
from groundplan_policies.engine import Document
from groundplan_policies.engine.values import Value
from tests.cli.graph.small_platform import platform


def reader() -> Reader:
    document = Document.read(platform().document())
    return Reader(build_graph(document), environment_of(document))


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("0 4 * * *", "every day at 04:00"),
        ("CRON_TZ=Europe/Amsterdam 30 16 * * MON", "every Monday at 16:30 (Europe/Amsterdam)"),
        ("0 0 * * 0", "every Sunday at 00:00"),
        ("*/5 * * * *", "by the schedule */5 * * * *"),
        ("0 4 1 * *", "by the schedule 0 4 1 * *"),
        ("", "by the schedule "),
    ],
)
def test_schedules_in_words(cron: str, words: str) -> None:
    assert cron_in_words(cron) == words


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c", "d"], "a, b, c and d"),
        (["a", "b", "c", "d", "e"], "a, b, c and 2 more"),
    ],
)
def test_lists_in_words(words: list[str], text: str) -> None:
    assert listed(words) == text


def test_a_name_cannot_end_its_mark() -> None:
    assert marked("a`b") == "`ab`"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("user:alice@acme.test", ["`alice@acme.test`"]),
        (["group:ml@acme.test", None], ["`ml@acme.test`"]),
        (None, []),
        ("04da6b54-80e4-46f7-96ec-b56ff0331ba9", []),
    ],
)
def test_people_are_named_without_their_kind(value: Value, found: list[str]) -> None:
    assert people(value) == found


def test_constructs_and_resources_are_found_by_name() -> None:
    asked = reader()

    assert [each.name for each in asked.components("DataBucket", "Network")] == ["datasets", "core"]
    assert [each.name for each in asked.resources("compute.RouterNat")] == ["core-nat"]
    [network] = asked.components("Network")
    assert [each.name for each in asked.below(network, "compute.Network")] == ["core-vpc"]


def test_accounts_lead_to_what_they_may_do() -> None:
    asked = reader()
    [jobs] = asked.components("TrainingPool")

    account = asked.account(jobs)
    assert account
    assert account.name == "trainer"
    assert [each.name for each in asked.targets(account, "read")] == ["datasets"]
    assert asked.targets(account, "write") == []


def test_people_on_a_box_are_those_from_outside() -> None:
    asked = reader()
    [notebook] = asked.components("Workbench")

    assert asked.outsiders_on(asked.graph.homes[notebook.urn]) == ["`alice@acme.test`"]
