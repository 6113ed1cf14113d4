"""Secrets inside of what a resource holds: they stay secrets, whether a program says so or its type does."""

from typing import Any

from mockcloud.doors.pulumi.transport import InProcess
from mockcloud.pulumi.api import Api
from mockcloud.pulumi.hiding import hidden
from mockcloud.pulumi.lifecycle import Place, Settings
from mockcloud.pulumi.naming import Naming
from mockcloud.pulumi.properties import properties_of, read
from mockcloud.pulumi.provider import Provider
from mockcloud.pulumi.values import UNKNOWN, secret
from mockcloud.simulator import new_cloud

CHANNEL = "gcp:monitoring/notificationChannel:NotificationChannel"
GIVEN: dict[str, Any] = {
    "type": "slack",
    "labels": {"channel_name": "#ops"},
    "sensitiveLabels": {"authToken": "hunter2"},
}
TYPE = read({
    "auth": ["object", {"user": "string", "password": "string$"}],
    "keys": ["[object]", {"id": "string", "value": "string$"}],
    "labels": "{string}",
    "envs": ["[object]", {"value": "string"}],
    "token": "string$",
})  # fmt: skip


class TestWhatTheTypeSays:
    def test_it_is_marked_at_any_depth(self) -> None:
        values = {"auth": {"user": "ada", "password": "a"}, "keys": [{"id": "1", "value": "b"}], "token": "c"}

        assert hidden(TYPE, values) == {
            "auth": {"user": "ada", "password": secret("a")},
            "keys": [{"id": "1", "value": secret("b")}],
            "token": secret("c"),
        }

    def test_what_is_not_there_or_not_known_is_not(self) -> None:
        values = {"auth": {"password": None}, "keys": UNKNOWN, "token": UNKNOWN}

        assert hidden(TYPE, values) == values

    def test_no_mark_is_set_twice(self) -> None:
        once = hidden(TYPE, {"auth": {"password": "a"}})

        assert hidden(TYPE, once) == once


class TestWhatTheProgramSays:
    def test_a_member_comes_back_as_one(self) -> None:
        values = {"labels": {"a": "b", "c": "d"}}

        assert hidden(TYPE, values, {"labels": {"a": secret("b"), "c": "d"}}) == {
            "labels": {"a": secret("b"), "c": "d"}
        }

    def test_of_a_list_all_of_it_does(self) -> None:
        values = {"envs": [{"value": "a"}, {"value": "b"}]}

        assert hidden(TYPE, values, {"envs": [{"value": secret("b")}, {"value": "a"}]}) == {
            "envs": secret([{"value": "a"}, {"value": "b"}])
        }

    def test_what_is_as_it_was_given_stays_so(self) -> None:
        given = {"envs": [{"value": secret("a")}, {"value": "b"}]}

        assert hidden(TYPE, given, given) == given

    def test_no_secret_is_within_another(self) -> None:
        given = {"envs": [{"value": secret("a")}, {"value": "b"}]}
        changed = {"envs": [{"value": secret("a")}, {"value": "c"}]}

        assert hidden(TYPE, changed, given) == {"envs": secret([{"value": "a"}, {"value": "c"}])}

    def test_what_the_type_says_beside_it_counts(self) -> None:
        values = {"auth": {"user": "ada", "password": "a"}}

        assert hidden(TYPE, values, {"auth": {"user": secret("ada")}}) == {
            "auth": {"user": secret("ada"), "password": secret("a")}
        }


def test_a_token_stays_hidden_through_a_life() -> None:
    here = Provider(Place(Api(InProcess(new_cloud(waits="poll"))), Settings("acme-dev")))

    inputs = here.check(CHANNEL, GIVEN, {}, Naming("slack", b"seed")).inputs
    state = here.create(CHANNEL, inputs, "urn")
    read_again = here.read(CHANNEL, state.id, inputs, state.outputs)
    newer = here.check(CHANNEL, {**GIVEN, "sensitiveLabels": {"authToken": "hunter3"}}, inputs, Naming("slack")).inputs
    changed = here.update(CHANNEL, state, newer, inputs, "urn")

    assert read_again is not None
    for found in (inputs, state.outputs, read_again[0].outputs, read_again[1]):
        assert found["sensitiveLabels"]["authToken"] == secret("hunter2")
    assert [each.path for each in here.diff(CHANNEL, inputs, newer, state.outputs).changes] == [
        "sensitiveLabels.authToken"
    ]
    assert changed.outputs["sensitiveLabels"]["authToken"] == secret("hunter3")


def test_what_no_state_keeps_is_a_secret() -> None:
    properties = properties_of("gcp:sql/user:User")

    assert properties is not None
    assert properties["passwordWo"].secret
