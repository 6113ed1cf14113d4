import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan_policies.engine.values import (
    UNKNOWN,
    Value,
    contains_secret,
    contains_unknown,
    is_secret,
    is_special,
    is_unknown,
    join_key,
    leaves,
    redacted_secret,
    signature,
)
from tests.policies.engine.examples import SIGNATURE, secret

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.just(UNKNOWN) | st.just(redacted_secret()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize("value", [UNKNOWN, f"projects/{UNKNOWN}/keys", "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"])
def test_unknown_texts_are_found_also_inside_longer_ones(value: str) -> None:
    assert is_unknown(value)


@pytest.mark.parametrize("value", ["", "unknown", None, 1, [UNKNOWN], {"a": UNKNOWN}])
def test_other_values_are_not_unknown(value: Value) -> None:
    assert not is_unknown(value)


def test_secrets_are_found_by_their_signature() -> None:
    assert is_secret(secret("v1:x"))
    assert is_secret(redacted_secret())
    assert not is_secret({SIGNATURE: "5cf8f73096256a8f31e491e813e4eb8e", "urn": "x"})
    assert is_special({SIGNATURE: "5cf8f73096256a8f31e491e813e4eb8e", "urn": "x"})
    assert not is_secret({"ciphertext": "[secret]"})
    assert not is_secret("[secret]")
    assert signature({"a": 1}) == ""


def test_leaves_come_with_their_paths_in_order() -> None:
    value: Value = {
        "a": 1,
        "b": {"c": [True, {"d-e": None}], 'f"g': "x"},
        "empty": {},
        "none": [],
        "token": secret("v1:x"),
    }

    assert list(leaves(value)) == [
        ("a", 1),
        ("b.c[0]", True),
        ('b.c[1]["d-e"]', None),
        ('b["f\\"g"]', "x"),
        ("empty", {}),
        ("none", []),
        ("token", secret("v1:x")),
    ]


def test_a_scalar_is_its_own_leaf() -> None:
    assert list(leaves("x", "here")) == [("here", "x")]
    assert join_key("", "plain") == "plain"
    assert join_key("", "a.b") == '["a.b"]'


def test_nesting_of_any_depth_is_walked() -> None:
    deep: Value = UNKNOWN
    for _ in range(5_000):
        deep = [deep]

    assert contains_unknown(deep)


@given(VALUES)
def test_a_value_contains_what_one_of_its_leaves_is(value: Value) -> None:
    text = json.dumps(value)

    assert contains_unknown(value) == (UNKNOWN in text)
    assert contains_secret(value) == (SIGNATURE in text)


@given(VALUES)
def test_paths_are_unique(value: Value) -> None:
    paths = [path for path, _ in leaves(value)]

    assert len(paths) == len(set(paths))
