"""`groundplan preflight` against a mock cloud that is served, and what asks Google."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from groundplan_cli.errors import Error
from groundplan_cli.preflight import asking
from groundplan_cli.preflight.own import Own
from groundplan_cli.remote.google import Google
from groundplan_cli.run import Request
from mockcloud.doors.serving import OpenDoors
from tests.cli.conftest import FakeEngine, Invoke, finished
from tests.cli.preflight.conftest import PROJECT, Plan
from tests.cli.served import served


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenDoors]:
    with served(tmp_path_factory.mktemp("runtime")) as found:
        yield found


@pytest.fixture
def document(plan: Plan, tmp_path: Path) -> str:
    """A file with the state of one topic, whose name is taken."""
    plan.put("pubsub/topic:Topic", "events", name="events")
    raw = plan.document()
    raw["groundplan"] = {"profile": "state"}
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    return str(path)


def test_what_would_stop_it_is_printed_with_the_command(groundplan: Invoke, doors: OpenDoors, document: str) -> None:
    assert groundplan("preflight", document, "--mock").exit_code == 0
    from tests.cli.preflight.conftest import owner

    owner(doors.server.cloud).call("PUT", "pubsub.googleapis.com", f"v1/projects/{PROJECT}/topics/events", {})

    result = groundplan("preflight", document, "--mock")
    assert result.exit_code == 1, result.output
    assert "Names that are taken" in result.stdout
    assert f"pulumi import gcp:pubsub/topic:Topic events projects/{PROJECT}/topics/events" in result.stdout
    assert result.stdout.endswith("1 finding would stop 1 resource in 1 project.\n")
    assert json.loads(groundplan("preflight", document, "--mock", "--json").stdout)["exitCode"] == 1


def test_names_of_the_state_are_the_stacks_own(
    groundplan: Invoke, doors: OpenDoors, document: str, tmp_path: Path
) -> None:
    assert doors.server.cloud.rules.names
    state = tmp_path / "state.json"
    resources = [{"urn": "urn", "id": f"projects/{PROJECT}/topics/events"}]
    state.write_text(json.dumps({"deployment": {"resources": resources}}), encoding="utf-8")

    assert groundplan("preflight", document, "--mock", "--state", str(state)).exit_code == 0
    state.write_text("[]", encoding="utf-8")
    result = groundplan("preflight", document, "--mock", "--state", str(state))
    assert (result.exit_code, "The state cannot be read" in result.stderr) == (2, True)


def test_a_stack_is_deployed_on_a_mock_cloud_first(groundplan: Invoke, doors: OpenDoors, engine: FakeEngine) -> None:
    assert doors.server.cloud.rules.names
    build = Plan()
    build.put("pubsub/topic:Topic", "fresh", name="fresh")
    raw = build.document()
    engine.answer = finished({**raw, "groundplan": {"profile": "state"}})

    assert groundplan("preflight", "dev", "--mock").exit_code == 0
    [(_, stack, options)] = engine.calls
    assert (stack, options["applied"]) == ("dev", True)


def test_names_that_the_engine_knows_are_the_stacks_own(
    groundplan: Invoke, doors: OpenDoors, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.cli.preflight.conftest import owner

    owner(doors.server.cloud).call("PUT", "pubsub.googleapis.com", f"v1/projects/{PROJECT}/topics/own", {})
    build = Plan()
    build.put("pubsub/topic:Topic", "own", name="own")
    engine.answer = finished({**build.document(), "groundplan": {"profile": "state"}})
    asked: list[tuple[str, bool]] = []

    def from_engine(request: Request, *, mock: bool) -> Own:
        asked.append((request.stack, mock))
        return Own(frozenset({f"projects/{PROJECT}/topics/own"}))

    assert groundplan("preflight", "dev", "--mock").exit_code == 1
    monkeypatch.setattr(asking, "from_engine", from_engine)
    assert groundplan("preflight", "dev", "--mock").exit_code == 0
    assert asked == [("dev", True)]


def test_a_preview_does_not_say_enough(groundplan: Invoke, doors: OpenDoors, plan: Plan, tmp_path: Path) -> None:
    assert doors.server.cloud.rules.names
    path = tmp_path / "preview.json"
    path.write_text(json.dumps(plan.document()), encoding="utf-8")

    result = groundplan("preflight", str(path), "--mock")
    assert result.exit_code == 2
    assert "does not say what a deployment would make" in result.stderr


def test_the_caller_of_google_is_that_of_the_credentials(groundplan: Invoke, document: str) -> None:
    result = groundplan("preflight", document, "--caller", "user:a@b.test")

    assert result.exit_code == 2
    assert "takes the caller from the credentials" in result.stderr


@dataclass
class Answered:
    """An answer."""

    status_code: int = 200
    content: bytes = b"{}"


class Recording:
    """Stands in for a session with credentials."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def request(
        self,
        method: str,
        url: str,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        timeout: float,
    ) -> Answered:
        del data, headers
        assert timeout > 0
        self.sent.append((method, url))
        return Answered()


def test_google_is_asked_and_never_told_to_do_anything() -> None:
    session = Recording()
    google = Google(session)

    assert google.send("GET", "pubsub.googleapis.com", "/v1/projects/p/topics/t", "a=b", b"") == (200, b"{}")
    google.send("POST", "cloudresourcemanager.googleapis.com", "/v3/projects/p:testIamPermissions", "", b"{}")
    assert session.sent[0] == ("GET", "https://pubsub.googleapis.com/v1/projects/p/topics/t?a=b")
    for verb, path in (("DELETE", "/v1/x"), ("PATCH", "/v1/x"), ("PUT", "/v1/x"), ("POST", "/v1/x:setIamPolicy")):
        with pytest.raises(Error, match="would change something"):
            google.send(verb, "pubsub.googleapis.com", path, "", b"")
    assert len(session.sent) == 2
