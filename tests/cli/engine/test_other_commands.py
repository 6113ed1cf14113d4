"""`refresh`, `destroy`, `import` and `preview --engine pulumi`, with an engine that answers as told."""

import json

import pytest

from groundplan_cli.commands import destroy
from groundplan_cli.engine.events import Event, Kind
from groundplan_cli.engine.flows import Consent
from tests.cli.conftest import Invoke
from tests.cli.engine.conftest import TOPIC, FakeSession, step, steps, urn


def test_refresh_says_what_changed(groundplan: Invoke, session: FakeSession) -> None:
    session.events = [
        Event(kind, urn(TOPIC, name), TOPIC, op)
        for name, op in (("one", "update"), ("two", "refresh"))
        for kind in (Kind.BEGINS, Kind.ENDS)
    ]

    done = groundplan("refresh", "dev", "--yes")

    assert done.exit_code == 0
    assert "  ~ one  pubsub.Topic" in done.stdout
    assert "two" not in done.stdout
    assert session.did == ["refresh"]


def test_refresh_names_what_was_being_made_when_a_run_was_ended(
    groundplan: Invoke, session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = {"type": "creating", "resource": {"urn": urn(TOPIC, "begun"), "type": TOPIC}}
    gone = {"type": "deleting", "resource": {"urn": urn(TOPIC, "gone"), "type": TOPIC}}
    monkeypatch.setattr(session, "state", lambda: {"deployment": {"pending_operations": [begun, gone]}})

    done = groundplan("refresh", "dev", "--yes")

    assert "! begun  pubsub.Topic  was being made when a run was ended" in done.stdout
    assert "groundplan import" in done.stdout
    assert "gone" not in done.stdout


def test_that_it_was_read_first_is_no_news_of_what_was_deleted(groundplan: Invoke, session: FakeSession) -> None:
    session.held.add(TOPIC, "events")
    session.events = [
        Event(kind, urn(TOPIC, "events"), TOPIC, op)
        for op in ("refresh", "delete")
        for kind in (Kind.BEGINS, Kind.ENDS)
    ]

    assert "\n1 deleted.\n" in groundplan("destroy", "dev", "--yes").stdout


@pytest.mark.parametrize("command", ["refresh", "destroy", "up"])
def test_without_a_terminal_consent_is_given_in_advance(groundplan: Invoke, session: FakeSession, command: str) -> None:
    done = groundplan(command, "dev")

    assert done.exit_code == 2
    assert "to do:   look at the preview first, then add --yes" in done.stderr
    assert session.did == []


@pytest.mark.parametrize(("answer", "did"), [("dev", ["destroy"]), ("yes", []), ("live", [])])
def test_destroy_asks_for_the_stack_by_name(
    groundplan: Invoke, session: FakeSession, monkeypatch: pytest.MonkeyPatch, answer: str, did: list[str]
) -> None:
    session.held.add(TOPIC, "events")
    session.held.add(TOPIC, "kept", retainOnDelete=True)
    monkeypatch.setattr(destroy, "consent", lambda *, yes: Consent(yes=yes, ask=lambda _question: answer))

    done = groundplan("destroy", "dev")

    assert done.exit_code == 0
    assert session.did == did
    assert "  - events  pubsub.Topic" in done.stdout
    assert "- kept" not in done.stdout
    assert "1 stay in the cloud" in done.stdout


def test_what_is_protected_stops_a_destroy(groundplan: Invoke, session: FakeSession) -> None:
    session.held.add(TOPIC, "events", protect=True, sourcePosition="project:///__main__.py#7")

    done = groundplan("destroy", "dev", "--yes")
    on_mock = groundplan("destroy", "dev", "--yes", "--mock")

    assert done.exit_code == 2
    assert "events pubsub.Topic (__main__.py:7)" in done.stderr
    assert "pulumi state unprotect" in done.stderr
    assert "pulumi state unprotect" not in on_mock.stderr  # it would look in the user's own state
    assert session.did == []


def test_an_empty_stack_has_nothing_to_destroy(groundplan: Invoke, session: FakeSession) -> None:
    done = groundplan("destroy", "dev", "--yes")

    assert done.exit_code == 0
    assert "holds no resource" in done.stdout
    assert session.did == []


def test_import_prints_the_code(groundplan: Invoke, session: FakeSession) -> None:
    session.held.add(TOPIC, "events", inputs={"name": "events", "labels": {"team": "a"}}, protect=True)

    done = groundplan("import", "gcp.pubsub.Topic", "events", "projects/p/topics/events", "--stack", "dev")

    assert done.exit_code == 0, done.output
    assert session.did == [f"import {TOPIC} events projects/p/topics/events True"]
    assert 'events = gcp.pubsub.Topic(\n    "events",\n    name="events",\n    labels={"team": "a"},\n' in done.stdout


def test_preview_shows_the_plan_and_what_happens(groundplan: Invoke, session: FakeSession) -> None:
    changed = step("update", TOPIC, "events", inputs={"labels": {"team": "b"}}, diffReasons=["labels"])
    changed["oldState"] = {**changed["newState"], "inputs": {"labels": {"team": "a"}}}  # type: ignore[dict-item]
    changed["detailedDiff"] = {"labels.team": {"kind": "update", "inputDiff": True}}
    session.raw = steps(changed, step("delete", TOPIC, "old"))

    done = groundplan("preview", "dev", "--engine", "pulumi")

    assert done.exit_code == 0, done.output
    assert "└── events  pubsub.Topic" in done.stdout
    assert '  ~ events  pubsub.Topic\n      labels.team: "a" → "b"\n' in done.stdout
    assert "  - old  pubsub.Topic" in done.stdout
    assert "1 to update, 1 to delete." in done.stdout
    assert "Guardrails  regulated" in done.stdout


def test_the_guardrails_see_the_providers_that_the_engine_makes(groundplan: Invoke, session: FakeSession) -> None:
    done = groundplan("preview", "dev", "--engine", "pulumi")

    assert session.did == ["preview"]
    assert "BYP-" not in done.stdout


def test_json_is_the_engines_own_document(groundplan: Invoke, session: FakeSession) -> None:
    done = groundplan("preview", "dev", "--engine", "pulumi", "--json")

    assert json.loads(done.stdout) == session.raw


def test_a_preview_is_compared_with_an_earlier_document(groundplan: Invoke, session: FakeSession) -> None:
    groundplan("preview", "dev", "--engine", "pulumi", "--out", "before.json")
    same = groundplan("preview", "dev", "--engine", "pulumi", "--diff", "before.json", "--exit-code")
    session.raw = steps(step("create", TOPIC, "other"))
    other = groundplan("preview", "dev", "--engine", "pulumi", "--diff", "before.json", "--exit-code")

    assert same.exit_code == 0, same.output
    assert other.exit_code == 1
    assert "  + other  pubsub.Topic" in other.stdout


@pytest.mark.parametrize(
    "options",
    [
        ("--engine", "pulumi", "--watch"),
        ("--engine", "pulumi", "--timeout", "5"),
        ("--mock",),
        ("--save-plan", "plan.json"),
    ],
)
def test_options_without_meaning_are_refused(
    groundplan: Invoke, session: FakeSession, options: tuple[str, ...]
) -> None:
    done = groundplan("preview", "dev", *options)

    assert done.exit_code == 2
    assert "no meaning with this engine" in done.stderr
    assert session.did == []
