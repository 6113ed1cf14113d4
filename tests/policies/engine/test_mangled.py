"""Whatever a document holds, evaluating it ends in an answer: findings, or an error that says what is wrong."""

import copy
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundplan_policies.engine import Document, DocumentError
from groundplan_policies.engine.evaluate import evaluate
from groundplan_policies.engine.names import token
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.engine.values import ASSET, REDACTED, SECRET, SIGNATURE, UNKNOWN
from groundplan_policies.settings import read_settings
from tests.policies.engine import examples

DAY = date(2026, 6, 15)
REGULATED = read_settings("regulated").filled(allowed_regions=("europe-west4", "eu"), allowed_domains=("acme.test",))
QUICK = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])

MARKERS: list[Any] = [
    UNKNOWN,
    REDACTED,
    {SIGNATURE: SECRET, "ciphertext": "v1:canary"},
    {SIGNATURE: SECRET, "plaintext": '"canary"'},
    {SIGNATURE: ASSET, "text": "x"},
    {SIGNATURE: 7},
    f"projects/{UNKNOWN}/x",
]
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(MARKERS)
    | st.sampled_from(["allUsers", "0.0.0.0/0", "EU", "*", "", " "]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
TYPES = sorted(
    {
        name
        for control in all_controls().values()
        for name in (*control.checks, *(each.type for each in control.reads))
        if "*" not in name and ":" not in name
    }
)
PATHS = {
    short: sorted({read.path for control in all_controls().values() for read in control.reads if read.type == short})
    for short in TYPES
}


def put(inputs: dict[str, Any], path: str, value: Any, *, in_list: bool) -> None:
    here = inputs
    *way, last = path.split(".")
    for key in way:
        below: Any = here.setdefault(key, {})
        if isinstance(below, list):
            below = below[0] if below and isinstance(below[0], dict) else {}
        if not isinstance(below, dict):
            return
        here[key] = [below] if in_list else below
        here = below
    here[last] = value


@st.composite
def resources(draw: st.DrawFn) -> dict[str, Any]:
    """Give a resource of a type that rules read, with anything at the places that they read."""
    short = draw(st.sampled_from(TYPES))
    inputs: dict[str, Any] = {}
    for path in draw(st.lists(st.sampled_from(PATHS[short] or ["labels"]), max_size=6)):
        if ":" not in path:
            put(inputs, path, draw(json_values), in_list=draw(st.booleans()))
    record: dict[str, Any] = {"type": token(short), "custom": True, "inputs": inputs}
    record.update(
        draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "ignoreChanges": st.lists(st.text(max_size=6) | st.sampled_from(["*", "labels", "a[", "**"])),
                    "external": st.booleans(),
                    "protect": st.booleans(),
                    "outputs": st.dictionaries(st.text(max_size=6), json_values, max_size=3),
                    "aliases": st.lists(st.text(max_size=6)),
                    "provider": st.text(max_size=20),
                    "retainOnDelete": st.booleans(),
                },
            )
        )
    )
    return record


def exported(found: list[dict[str, Any]], **member: Any) -> dict[str, Any]:
    for number, entry in enumerate(found):
        entry["urn"] = f"urn:pulumi:dev::shop::{entry['type']}::r{number}"
    return {"version": 3, "deployment": {"resources": found}, "groundplan": member}


@QUICK
@given(st.lists(resources(), max_size=5))
def test_no_value_makes_a_rule_fail(found: list[dict[str, Any]]) -> None:
    document = Document.read(json.dumps(exported(found)))

    evaluation = evaluate(document, REGULATED, as_of=DAY)

    assert evaluation.faults == ()
    assert "canary" not in repr(evaluation.findings)


@QUICK
@given(json_values)
def test_foreign_json_is_refused_or_read(value: Any) -> None:
    try:
        document = Document.read(json.dumps(value))
    except DocumentError:
        return
    evaluate(document, REGULATED, as_of=DAY)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in pairs:
        found.extend(places(below, (*path, key)))
    return found


@QUICK
@given(st.sampled_from([examples.export(), examples.preview()]), st.data())
def test_a_document_in_which_anything_is_replaced_or_gone_is_refused_or_read(raw: Any, data: st.DataObject) -> None:
    raw = copy.deepcopy(raw)
    for _ in range(data.draw(st.integers(1, 3))):
        if len(places(raw)) == 1:
            break
        *way, last = data.draw(st.sampled_from(places(raw)[1:]))
        here = raw
        for key in way:
            here = here[key]
        if data.draw(st.booleans()):
            del here[last]
        else:
            here[last] = copy.deepcopy(data.draw(json_values))  # what is drawn may be changed by the next turn
    try:
        document = Document.read(json.dumps(raw))
    except DocumentError:
        return
    evaluate(document, REGULATED, as_of=DAY)


def nested(depth: int, opening: str, closing: str, filling: str) -> Document | None:
    """Read a bucket with a value of so many levels; None if it is refused for that."""
    bucket = '"urn": "urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::x", "type": "gcp:storage/bucket:Bucket"'
    inputs = f'{{"encryption": {opening * depth}1{closing * depth}{filling}}}'
    try:
        return Document.read(
            f'{{"version": 3, "deployment": {{"resources": [{{{bucket}, "custom": true, "inputs": {inputs}}}]}}}}'
        )
    except DocumentError as error:
        return None if "nested too deeply" in error.what else pytest.fail(str(error))


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a": ', "}")], ids=["lists", "objects"])
@pytest.mark.parametrize("filling", ["", ', "__defaults": []'], ids=["plain", "with defaults"])
def test_deep_nesting_is_refused_or_read_at_any_depth(opening: str, closing: str, filling: str) -> None:
    read = [nested(depth, opening, closing, filling) for depth in (50, 200, 300, 350, 450, 900, 2000)]

    assert read[0] is not None
    assert read[-1] is None
    for document in filter(None, read):
        assert not evaluate(document, REGULATED, as_of=DAY).clean


def test_an_object_that_is_nested_too_deeply_is_refused() -> None:
    deep: Any = {}
    for _ in range(3000):
        deep = {"a": deep}

    with pytest.raises(DocumentError, match="nested too deeply"):
        Document.read(exported([{"type": "gcp:storage/bucket:Bucket", "custom": True, "inputs": deep}]))
