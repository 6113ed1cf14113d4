"""Checks: each kind of check, what it says, and that it says nothing that it should not."""

from __future__ import annotations

import ipaddress
from typing import Any

import pulumi
import pytest

import groundplan as gp
from groundplan.core.errors import LookupFailure, nearest
from groundplan.core.validation import Checks, checked, shown
from tests.constructs.plan import plan


@pytest.mark.parametrize(
    "value",
    [
        "user:alice@acme.test",
        "group:ml+eu@acme.test",
        "serviceAccount:trainer@acme-ml.iam.gserviceaccount.com",
        "serviceAccount:acme-ml.svc.id.goog[ml/trainer]",
        "domain:acme.test",
        "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/s",
        "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/attribute.repository/a/b",
    ],
)
def test_who_can_be_named_can_be_given_access(value: str) -> None:
    assert Checks("here").principal("principal", value)


@pytest.mark.parametrize(
    "value",
    [
        "allUsers",
        "allAuthenticatedUsers",
        "alice@acme.test",
        "user:",
        "user:alice@acme.test;reboot",
        "user:$(reboot)@acme.test",
        "user:alice@acme.test\n",
        "deleted:user:alice@acme.test?uid=1",
        "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/*",
        "principalSet://goog/public:all",
        7,
        None,
    ],
)
def test_the_public_a_pool_and_nonsense_cannot(value: Any) -> None:
    checks = Checks("here")
    assert not checks.principal("principal", value)
    assert checks.problems[0].field == "principal"


@pytest.mark.parametrize("value", ["10.0.0.0/20", "172.16.0.0/12", "192.168.0.0/24", "100.64.0.0/16"])
def test_a_private_range_is_one(value: str) -> None:
    assert Checks("here").cidr("cidr", value, shortest=8, longest=28) == ipaddress.ip_network(value)


@pytest.mark.parametrize(
    "value", ["10.0.0.1/20", "10.0.0.0/29", "10.0.0.0/4", "8.8.8.0/24", "fd00::/64", "ten", 10, None]
)
def test_no_other_range_is(value: Any) -> None:
    checks = Checks("here")
    assert checks.cidr("cidr", value, shortest=8, longest=28) is None
    assert checks.problems[0].fault == "is no usable range of addresses"


def test_ranges_that_overlap_are_named_in_pairs() -> None:
    ranges = {
        name: ipaddress.IPv4Network(cidr)
        for name, cidr in [("a", "10.0.0.0/8"), ("b", "10.1.0.0/16"), ("c", "10.1.2.0/24"), ("d", "192.168.0.0/24")]
    }
    checks = Checks("here")
    checks.disjoint(ranges)
    assert [(p.field, p.fault) for p in checks.problems] == [
        ("b", "overlaps a"),
        ("c", "overlaps a"),
        ("c", "overlaps b"),
    ]


@pytest.mark.parametrize(
    ("value", "good"), [(1, True), (9, True), (0, False), (10, False), (True, False), ("5", False), (5.0, False)]
)
def test_within(value: Any, good: bool) -> None:
    assert Checks("here").within("count", value, 1, 9, "things") is good


def test_one_of_names_the_nearest_or_none() -> None:
    checks = Checks("here")
    assert checks.one_of("mode", "fast", ["fast", "slow"])
    assert not checks.one_of("mode", "slwo", ["fast", "slow"])
    assert not checks.one_of("mode", "zzz", ["fast", "slow"])
    assert [p.remedy for p in checks.problems] == ["did you mean slow?", "choose one of the allowed values"]


def test_unique_names_what_is_there_twice() -> None:
    checks = Checks("here")
    assert checks.unique("names", ["a", "b"], "name")
    assert not checks.unique("names", ["a", "b", "a", "b"], "name")
    assert checks.problems[0].given == "a, b"


@pytest.mark.parametrize(("value", "given"), [("text", "str text"), (7, "int 7"), (None, "NoneType"), ([1], "list")])
def test_a_wrong_type_is_named(value: Any, given: str) -> None:
    checks = Checks("here")
    assert not checks.instance("env", value, gp.Environment, "an Environment")
    assert checks.problems[0].given == given


@pytest.mark.parametrize("value", ["acme-ml-dev", "acme.test:ml-dev"])
def test_a_project_id_is_one(value: str) -> None:
    assert Checks("here").project_id("project", value)


@pytest.mark.parametrize("value", ["short", "acme-", "1acme-ml", "ACME-ML", "123456789012", None])
def test_no_other_is_a_project_id(value: Any) -> None:
    assert not Checks("here").project_id("project", value)


def test_finish_says_everything_in_four_parts() -> None:
    checks = Checks('Network "core"')
    checks.finish()
    checks.within("count", 0, 1, 9, "things")
    checks.matches("name", "X", "[a-z]+", "lower case", "rename it")
    with pytest.raises(gp.ArgumentError) as caught:
        checks.finish()
    assert str(caught.value) == (
        'Network "core": 2 arguments cannot be used\n'
        "  count: is out of range\n"
        "    given:   0\n"
        "    allowed: a whole number of things from 1 to 9\n"
        "    do:      choose between 1 and 9\n"
        "  name: does not have the right form\n"
        "    given:   X\n"
        "    allowed: lower case\n"
        "    do:      rename it"
    )


def test_what_is_shown_is_short_and_on_one_line() -> None:
    assert shown("") == "an empty string"
    assert shown("a\nb\x1b[31m") == "a\\nb\\x1b[31m"
    assert len(shown("x" * 999)) == 120
    assert shown([1]) == "[1]"


def test_an_output_is_never_opened() -> None:
    def program() -> None:
        assert shown(pulumi.Output.secret("hunter2")) == "a value that is known only later"

    plan(program)


def test_a_value_known_later_is_checked_then() -> None:
    def check(checks: Checks, value: str) -> None:
        checks.matches("name", value, "[a-z]+", "lower case", "rename it")

    def program(value: str) -> None:
        pulumi.export("name", checked(pulumi.Output.from_input(value), check, "here"))

    assert plan(lambda: program("good")).outputs == {"name": "good"}
    with pytest.raises(gp.ArgumentError, match="name: does not have the right form"):
        plan(lambda: program("BAD"))


def test_a_lookup_that_fails_lists_what_there_is() -> None:
    message = str(LookupFailure("thing", "zzz", [f"t{n:02}" for n in range(20)], "do it"))
    assert message == (
        "no thing named 'zzz'\n  allowed: t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11 and 8 more\n"
        "  do:      do it"
    )


def test_the_nearest_is_near() -> None:
    assert nearest("netwrok", ["network", "bucket"]) == "network"
    assert nearest("zzz", ["network"]) is None
