"""`groundplan up`: what it asks, what stops it, and what it says."""

import pytest

from groundplan_cli.commands import up
from groundplan_cli.engine.events import Event, Kind
from groundplan_cli.engine.faults import EngineFailed
from groundplan_cli.engine.flows import Consent
from groundplan_policies.engine.values import redacted_secret
from tests.cli.conftest import Invoke
from tests.cli.engine.conftest import TOPIC, FakeSession, step, steps, urn


def test_what_the_guardrails_let_pass_is_made(groundplan: Invoke, session: FakeSession) -> None:
    session.held.outputs(topic="events", password=redacted_secret())

    done = groundplan("up", "dev", "--yes", "--tier", "learner")

    assert done.exit_code == 0, done.output
    assert session.did == ["preview", "up"]
    assert "  + events  pubsub.Topic\n" in done.stdout
    assert "1 to create." in done.stdout
    assert "Guardrails: Clean" in done.stdout
    assert "  + events  pubsub.Topic  0.0 s" in done.stdout
    assert "1 created." in done.stdout
    assert "password  secret" in done.stdout
    assert "careful" in done.stderr


def test_what_they_block_stops_before_the_first_change(groundplan: Invoke, session: FakeSession) -> None:
    done = groundplan("up", "dev", "--yes")  # nothing says a tier, so it is the strictest

    assert done.exit_code == 1
    assert session.did == ["preview"]
    assert "ENC-05" in done.stdout
    assert "__main__.py:12" in done.stdout
    assert "nothing was changed" in done.stdout


def test_the_way_past_the_gate_is_said_loudly(groundplan: Invoke, session: FakeSession) -> None:
    done = groundplan("up", "dev", "--yes", "--no-gate")

    assert done.exit_code == 0
    assert session.did == ["preview", "up"]
    assert "NO GATE" in done.stdout


def test_a_state_that_does_not_pass_is_a_finding(groundplan: Invoke, session: FakeSession) -> None:
    session.raw = steps()
    session.held.add(TOPIC, "events")

    done = groundplan("up", "dev", "--yes", "--tier", "learner", "--config", "shop:tier=learner")
    strict = groundplan("up", "dev", "--yes")

    assert done.exit_code == 0
    assert strict.exit_code == 1


def test_nobody_to_ask_is_wrong_use(groundplan: Invoke, session: FakeSession) -> None:
    done = groundplan("up", "dev")

    assert done.exit_code == 2
    assert "--yes" in done.stderr
    assert session.did == []


@pytest.mark.parametrize(("answer", "did"), [("yes", ["preview", "up"]), ("y", ["preview"]), ("", ["preview"])])
def test_consent_is_a_whole_word(
    groundplan: Invoke, session: FakeSession, monkeypatch: pytest.MonkeyPatch, answer: str, did: list[str]
) -> None:
    asked: list[str] = []
    _answering(monkeypatch, asked, answer)

    done = groundplan("up", "dev", "--tier", "learner")

    assert done.exit_code == 0, done.output
    assert session.did == did
    assert "dev" in asked[0]


def test_a_failure_names_resource_and_line(groundplan: Invoke, session: FakeSession) -> None:
    session.events[1] = Event(Kind.FAILS, urn(TOPIC, "events"), TOPIC, "create")
    session.failure = EngineFailed("A resource failed", given="events", allowed="", remedy="")

    done = groundplan("up", "dev", "--yes", "--no-gate")

    assert done.exit_code == 2
    assert "! events  pubsub.Topic  failed  0.0 s  __main__.py:12" in done.stdout
    assert done.stderr.rstrip().splitlines()[-2].startswith("error: A resource failed")


def test_a_plan_is_kept_to(groundplan: Invoke, session: FakeSession) -> None:
    saved = groundplan("preview", "dev", "--engine", "pulumi", "--save-plan", "plan.json")
    done = groundplan("up", "dev", "--yes", "--no-gate", "--plan", "plan.json")
    missing = groundplan("up", "dev", "--yes", "--plan", "other.json")

    assert saved.exit_code == done.exit_code == 0
    assert session.did == ["preview", "preview", "up plan.json"]
    assert missing.exit_code == 2


def test_a_replacement_is_counted_once(groundplan: Invoke, session: FakeSession) -> None:
    name = urn(TOPIC, "events")
    session.raw = steps(step("create-replacement", TOPIC, "events", replaceReasons=["name"], diffReasons=["name"]))
    session.events = [
        Event(kind, name, TOPIC, op)
        for op in ("create-replacement", "replace", "delete-replaced")
        for kind in (Kind.BEGINS, Kind.ENDS)
    ]

    done = groundplan("up", "dev", "--yes", "--no-gate")

    assert "± events  pubsub.Topic  replaced since name changes" in done.stdout
    assert "1 replaced." in done.stdout


def _answering(monkeypatch: pytest.MonkeyPatch, asked: list[str], answer: str) -> None:
    def ask(question: str) -> str:
        asked.append(question)
        return answer

    monkeypatch.setattr(up, "consent", lambda *, yes: Consent(yes=yes, ask=ask))
