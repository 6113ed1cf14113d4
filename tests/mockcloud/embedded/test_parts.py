"""The engine's small parts, each alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime.proto import resource_pb2, source_pb2

from mockcloud.doors.embedded.goal import seconds
from mockcloud.doors.embedded.messages import Channel, line
from mockcloud.doors.embedded.positions import Positions, readable
from mockcloud.doors.embedded.providers import Package
from mockcloud.doors.embedded.redaction import SHORTEST, Redaction, redaction_of
from mockcloud.doors.embedded.urns import Urns, name_of, package_of, qualified_type, simple_type

URNS = Urns("dev", "proj")
names = st.text(min_size=1, max_size=10)


@given(names, names)
def test_a_urn_can_be_taken_apart(parent: str, name: str) -> None:
    above = URNS.make("", "a:b:C", parent)
    urn = URNS.make(above, "d:e:F", name)
    assert (qualified_type(urn), simple_type(urn), name_of(urn)) == ("a:b:C$d:e:F", "d:e:F", name)


def test_the_stack_as_parent_does_not_show_in_a_urn() -> None:
    stack = URNS.make("", "pulumi:pulumi:Stack", "proj-dev")
    assert URNS.make(stack, "a:b:C", "x") == "urn:pulumi:dev::proj::a:b:C::x"


@pytest.mark.parametrize(
    ("token", "package"),
    [("gcp:a/b:C", "gcp"), ("pulumi:providers:gcp", "gcp"), ("pulumi:pulumi:StackReference", "pulumi")],
)
def test_the_package_of_a_token(token: str, package: str) -> None:
    assert package_of(token) == package


@pytest.mark.parametrize(
    ("package", "name"),
    [
        (Package("gcp"), "default"),
        (Package("gcp", "10.2.0"), "default_10_2_0"),
        (Package("gcp", "1.0.0-alpha.1+b2"), "default_1_0_0_alpha_1_b2"),
    ],
)
def test_the_name_of_a_default_provider(package: Package, name: str) -> None:
    assert package.default_name() == name


@pytest.mark.parametrize(("text", "value"), [("5m", 300), ("1h30m", 5400), ("90s", 90), ("1.5s", 1.5), ("500ms", 0.5)])
def test_durations(text: str, value: float) -> None:
    assert seconds(text) == value


@pytest.mark.parametrize("text", ["5", "m", "5 m", "5m!", "five", "-5m"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        seconds(text)


def test_positions_are_relative_to_the_project() -> None:
    frames = [
        ("file:///p/my%20app/a.py", 3),
        ("file:///p/my%20app/.venv/lib/python3.11/site-packages/kit/b.py", 4),
        ("file:///elsewhere/c.py", 5),
    ]
    trace = [source_pb2.StackFrame(pc=source_pb2.SourcePosition(uri=uri, line=number)) for uri, number in frames]
    request = resource_pb2.RegisterResourceRequest(
        sourcePosition=trace[1].pc, stackTrace=source_pb2.StackTrace(frames=trace)
    )
    source, kept = Positions(Path("/p/my app")).of(request)
    assert source == "project:///.venv/lib/python3.11/site-packages/kit/b.py#4"
    assert [frame["sourcePosition"] for frame in kept if isinstance(frame, dict)] == [
        "project:///a.py#3",
        "project:///.venv/lib/python3.11/site-packages/kit/b.py#4",
        "project:///../../elsewhere/c.py#5",
    ]
    assert readable(source, kept) == "a.py:3"
    assert readable(source, []) == ".venv/lib/python3.11/site-packages/kit/b.py:4"
    assert readable("", []) == "an unknown line"


@given(st.text(min_size=SHORTEST, max_size=20).filter(lambda text: text.strip() == text), st.text(), st.text())
def test_no_secret_survives_in_a_text(secret: str, before: str, after: str) -> None:
    redaction = redaction_of({"password": secret})
    if secret not in "[secret]":
        cleared = redaction.clear_text(f"{before}{secret}{after}")
        assert secret not in cleared.replace("[secret]", "")


@given(st.text(min_size=SHORTEST, max_size=20).filter(lambda text: text not in "[secret]"))
def test_no_secret_survives_in_a_document(secret: str) -> None:
    cleared = redaction_of({"password": secret}).clear_document({"a": [secret, {f"k{secret}": 1}], "n": 1, "t": True})
    assert json.dumps(cleared).count("[secret]") >= 2
    assert cleared != {"a": [secret, {f"k{secret}": 1}], "n": 1, "t": True}


def test_the_longest_secret_is_cleared_first() -> None:
    redaction = redaction_of({"a": "hush-hush", "b": "hush"})
    assert redaction.clear_text("hush-hush hush") == "[secret] [secret]"


def test_without_secrets_nothing_is_cleared() -> None:
    assert Redaction().clear_text("text") == "text"
    assert Redaction().clear_document({"a": 1}) == {"a": 1}


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=200000), max_size=2), max_size=4))
def test_messages_arrive_whole_and_in_order(messages: list[dict[str, str]]) -> None:
    import socket
    import threading

    one, two = socket.socketpair()
    sender, receiver = Channel(one), Channel(two)

    def send() -> None:
        for message in messages:
            sender.send(line(message))
        sender.close()

    thread = threading.Thread(target=send)
    thread.start()
    received = []
    while (message := receiver.read()) is not None:
        received.append(message)
    thread.join()
    receiver.close()
    assert received == messages
