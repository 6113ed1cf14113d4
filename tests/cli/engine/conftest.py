"""An engine that answers with what a test gives it, for the commands that work with one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from groundplan_cli.commands import destroy, import_, preview, refresh, up
from groundplan_cli.engine.events import Event, Kind
from groundplan_cli.errors import Error
from groundplan_cli.run import Request, make_request
from groundplan_policies.engine import Value
from tests.cli.documents import STACK_URN, Builder

TOPIC = "gcp:pubsub/topic:Topic"
PROVIDER = "urn:pulumi:dev::shop::pulumi:providers:gcp::default_10_2_0"


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:dev::shop::{token}::{name}"


def step(op: str, token: str, name: str, *, inputs: dict[str, Value] | None = None, **more: Value) -> dict[str, Value]:
    """A step of `pulumi preview --json`."""
    state: dict[str, Value] = {
        "urn": urn(token, name),
        "custom": True,
        "type": token,
        "inputs": inputs or {},
        "parent": STACK_URN,
        "provider": f"{PROVIDER}::04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "sourcePosition": "project:///__main__.py#12",
    }
    side = "oldState" if op in {"delete", "delete-replaced"} else "newState"
    return {"op": op, "urn": urn(token, name), side: state, "detailedDiff": None, **more}


def steps(*found: dict[str, Value]) -> dict[str, Value]:
    """A document of `pulumi preview --json`."""
    stack: dict[str, Value] = {"urn": STACK_URN, "custom": False, "type": "pulumi:pulumi:Stack"}
    return {"steps": [{"op": "same", "urn": STACK_URN, "newState": stack}, *found], "changeSummary": {"same": 1}}


class FakeSession:
    """Stands in for a stack on the engine: gives its answers, and remembers what it was told to do."""

    def __init__(self) -> None:
        self.lines: dict[str, str] = {}
        self.mock = False
        self.raw = steps(step("create", TOPIC, "events", inputs={"labels": {"team": "a"}}))
        self.held = Builder()
        self.events: list[Event] = [
            Event(Kind.BEGINS, urn(TOPIC, "events"), TOPIC, "create"),
            Event(Kind.ENDS, urn(TOPIC, "events"), TOPIC, "create"),
        ]
        self.failure: Error | None = None
        self.did: list[str] = []

    def preview(self, hear: Callable[[Event], None], plan: Path | None = None) -> dict[str, Value]:
        self.did.append("preview")
        hear(Event(Kind.BEGINS, PROVIDER, "pulumi:providers:gcp", "create", inputs={"version": "10.2.0"}))
        hear(Event(Kind.SAYS, severity="warning", text="careful"))
        if plan is not None:
            plan.write_text("{}", encoding="utf-8")
        return self.raw

    def up(self, hear: Callable[[Event], None], plan: Path | None = None) -> None:
        self.did.append(f"up {plan.name}" if plan else "up")
        self._work(hear)

    def refresh(self, hear: Callable[[Event], None]) -> None:
        self.did.append("refresh")
        self._work(hear)

    def destroy(self, hear: Callable[[Event], None]) -> None:
        self.did.append("destroy")
        self._work(hear)

    def adopt(self, token: str, name: str, identity: str, *, protect: bool) -> None:
        self.did.append(f"import {token} {name} {identity} {protect}")

    def state(self) -> dict[str, Value]:
        document = self.held.document()
        document.pop("groundplan")
        return document

    def _work(self, hear: Callable[[Event], None]) -> None:
        for event in self.events:
            hear(event)
        if self.failure is not None:
            raise self.failure


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> FakeSession:
    fake = FakeSession()

    @contextmanager
    def opened(project: Path | None, stack: str | None, **said: object) -> Iterator[tuple[FakeSession, Request]]:
        fake.mock = bool(said.get("mock"))
        config = said.get("config")
        pairs = [str(each) for each in config] if isinstance(config, list) else None
        yield fake, make_request(project, stack, config=pairs, answers=None, timeout=None)

    for module in (up, refresh, destroy, import_, preview):
        monkeypatch.setattr(f"{module.__name__}.opened", opened)
    return fake
