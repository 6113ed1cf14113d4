"""What the engine changes in Pulumi's SDK to be quick changes nothing of what is sent."""

from __future__ import annotations

import asyncio
import enum
from typing import Annotated, Any

import pulumi
import pytest
from pulumi import _types, log
from pulumi.runtime import resource, rpc

import mockcloud
from tests.mockcloud.embedded.helpers import THING, UNKNOWN, inputs, resources


class Colour(enum.StrEnum):
    """A text that is more than a text."""

    RED = "red"


class Thing(pulumi.CustomResource):
    """A resource with whatever properties a test gives it."""

    def __init__(self, name: str, props: dict[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(THING, name, {"made": None, **props}, opts)


def preview(program: Any) -> mockcloud.Preview:
    return mockcloud.preview_program(program, project="proj", stack="dev")


def test_values_are_sent_as_they_are_however_deep() -> None:
    plain: dict[str, Any] = {"text": "a", "whole": 1, "part": 1.5, "yes": True, "list": ["b", 2, None, {"c": False}]}
    found = inputs(preview(lambda: Thing("one", {**plain, "colours": [Colour.RED]})), "one")
    assert found == {**plain, "colours": ["red"]}
    assert type(found["yes"]) is bool


def test_what_is_not_known_is_found_beside_what_is() -> None:
    def program() -> None:
        first = Thing("first", {})
        Thing("second", {"list": ["a", first.id], "deep": {"id": first.id, "text": "b"}})

    assert inputs(preview(program), "second") == {"list": ["a", UNKNOWN], "deep": {"id": UNKNOWN, "text": "b"}}


def test_a_value_that_cannot_be_sent_is_still_refused() -> None:
    with pytest.raises(mockcloud.ProgramFailed, match="unexpected input of type complex"):
        preview(lambda: Thing("one", {"number": 1j}))


def test_children_have_the_names_of_their_parents() -> None:
    def program() -> None:
        parent = pulumi.ComponentResource("own:kind:Parent", "parent")
        Thing("child", {}, pulumi.ResourceOptions(parent=parent))

    assert resources(preview(program))["child"]["urn"] == f"urn:pulumi:dev::proj::own:kind:Parent${THING}::child"


def test_debugging_messages_are_not_kept_and_others_are() -> None:
    def program() -> None:
        pulumi.log.debug("nobody asked")
        pulumi.log.info("somebody did")

    assert [found.message for found in preview(program).diagnostics] == ["somebody did"]


def test_types_are_unwrapped_as_before_with_or_without_a_hash() -> None:
    preview(lambda: None)  # installs what the SDK is wrapped in
    optional: Any = str | None
    assert _types.unwrap_type(optional) is str
    assert _types.unwrap_type(pulumi.Output[int]) is int
    without: Any = Annotated[str, []]
    with pytest.raises(TypeError):
        hash(without)
    assert _types.unwrap_type(without) == without


def test_other_monitors_notice_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside of our programs the SDK's own functions are asked."""
    preview(lambda: None)
    sent: list[str] = []
    monkeypatch.setattr(log, "get_engine", lambda: sent.append("asked"))
    log.debug("to another engine")
    assert sent == ["asked"]
    assert not rpc.contains_unknowns(["a", {"b": 1}])

    async def named() -> str | None:
        return await resource.create_urn("child", THING, f"urn:pulumi:dev::proj::{THING}::parent").future()

    assert asyncio.run(named()) == f"urn:pulumi:dev::proj::{THING}${THING}::child"
