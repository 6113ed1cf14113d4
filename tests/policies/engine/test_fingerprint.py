"""A fingerprint stays as long as what a control read stays, and no longer."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from groundplan_policies.engine import Document, Resource
from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read
from groundplan_policies.engine.fingerprint import fingerprint
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, fail, indeterminate
from tests.policies.engine.small import control, evaluated
from tests.policies.rules.harness import R, document, secret, urn

NO = fail("no", "a")
READS = control(reads=(Read("storage.Bucket", "a.b"), Read("storage.Bucket", "document:protect")))
KEY, OTHER = urn("kms.CryptoKey", "key"), urn("kms.CryptoKey", "other")


def printed(
    inputs: dict[str, Any],
    *,
    outcome: Outcome = NO,
    by: Control = READS,
    origins: dict[str, str] | None = None,
    **record: Any,
) -> str:
    made = document(R("storage.Bucket", inputs, "it", origins=origins or {}, record=record))
    return fingerprint(by, made[urn("storage.Bucket", "it")], outcome, Graph(made))


def test_it_is_hexadecimal_and_the_same_every_time() -> None:
    assert printed({"a": {"b": 1}}) == printed({"a": {"b": 1}})
    assert printed({"a": {"b": 1}}) == "e7965dc1d15e627a975ec890dcd49562"
    assert len(printed({})) == 32
    int(printed({}), 16)


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"a": None},
        {"a": {}},
        {"a": []},
        {"a": {"b": 2}},
        {"a": {"b": "1"}},
        {"a": {"b": 1.5}},
        {"a": {"b": True}},
        {"a": {"b": [1]}},
        {"a": {"b": {"c": 1}}},
        {"a": [{"b": 1}, {"b": 1}]},
        {"a": {"b": UNKNOWN}},
        {"a": {"b": secret()}},
        {"a": "x"},
    ],
    ids=json.dumps,
)
def test_a_change_of_what_is_read_changes_it(inputs: dict[str, Any]) -> None:
    assert printed(inputs) != printed({"a": {"b": 1}})


def test_a_change_of_something_else_does_not() -> None:
    assert printed({"a": {"b": 1, "c": 2}, "d": 3}, dependencies=[]) == printed({"a": {"b": 1}})


def test_an_option_that_is_read_counts() -> None:
    assert printed({}, protect=True) != printed({})
    assert printed({}, retainOnDelete=True) == printed({})


def test_what_was_asked_for_beyond_the_state_counts_where_it_is_read() -> None:
    asks = control(reads=(Read("storage.Bucket", "request:transforms"),))
    made = R("storage.Bucket", {}, "it")

    def printed_of(**member: Any) -> str:
        found = document(made, **member)
        return fingerprint(asks, found[made.urn], NO, Graph(found))

    assert printed_of(requests={made.urn: {"transforms": ["a"]}}) != printed_of()


def test_a_secret_counts_as_one_whatever_it_is() -> None:
    other = {**secret(), "ciphertext": "v1:other"}

    assert printed({"a": {"b": secret()}}) == printed({"a": {"b": other}})
    assert printed({"a": {"b": {"c": secret()}}}) == printed({"a": {"b": {"c": other}}})


def test_an_unknown_value_counts_by_where_it_comes_from() -> None:
    from_key = printed({"a": {"b": UNKNOWN}}, origins={"a.b": KEY})

    assert from_key == printed({"a": {"b": UNKNOWN}}, origins={"a.b": KEY})
    assert from_key != printed({"a": {"b": UNKNOWN}}, origins={"a.b": OTHER})
    assert from_key != printed({"a": {"b": UNKNOWN}})
    assert printed({"a": {"b": f"x/{UNKNOWN}"}}) != printed({"a": {"b": f"y/{UNKNOWN}"}})


def test_a_verdict_or_a_place_that_changes_changes_it() -> None:
    inputs = {"a": {"b": 1}}

    assert printed(inputs, outcome=indeterminate("no", "a")) != printed(inputs)
    assert printed(inputs, outcome=fail("no", "b")) != printed(inputs)
    assert printed(inputs, outcome=fail("no", "a", "EU")) != printed(inputs, outcome=fail("no", "a", "US"))
    assert printed(inputs, outcome=fail("said in other words", "a")) == printed(inputs)


def test_each_control_has_its_own() -> None:
    assert printed({}, by=control(id="TST-09", reads=READS.reads)) != printed({})


def test_the_name_of_the_stack_is_no_part_of_it() -> None:
    made = document(R("storage.Bucket", {"a": {"b": 1}}, "it"))
    text = json.dumps(
        {
            "version": 3,
            "deployment": {
                "resources": [
                    {
                        "urn": "urn:pulumi:prod::other::gcp:storage/bucket:Bucket::it",
                        "type": "gcp:storage/bucket:Bucket",
                        "custom": True,
                        "inputs": {"a": {"b": 1}},
                    }
                ]
            },
        }
    )
    other = Document.read(text)

    assert fingerprint(READS, other.resources[0], NO, Graph(other)) == fingerprint(
        READS, made.resources[1], NO, Graph(made)
    )


def test_a_value_that_is_nested_too_deeply_is_no_crash() -> None:
    deep: Any = 1
    for _ in range(3000):
        deep = [deep]
    resource = document(R("storage.Bucket", {}, "it")).resources[1]
    made = Graph(document())
    object.__setattr__(resource, "inputs", {"a": deep})

    assert len(fingerprint(READS, resource, NO, made)) == 32


def test_a_finding_on_the_stack_as_a_whole_hangs_on_all_that_the_control_reads() -> None:
    def stack(_: Context) -> Iterator[tuple[Resource | None, Outcome]]:
        yield None, fail("no")

    whole = control(checks={}, stack=stack, reads=(Read("storage.Bucket", "a.b"),))

    def of(*resources: R) -> str:
        return evaluated(*resources, controls=(whole,)).findings[0].fingerprint

    first, second = R("storage.Bucket", {"a": {"b": 1}}, "x"), R("storage.Bucket", {"a": {"b": 2}}, "y")
    assert of(first, second) == of(second, first)
    assert of(first, second) != of(first)
    assert of(first, second) == of(first, second, R("kms.KeyRing"))
    assert of(first) != of(R("storage.Bucket", {"a": {"b": 2}}, "x"))
