"""A state that was compared with a cloud reaches further, or says why not."""

import json
from typing import Any

import pytest

from groundplan_policies.engine.results import Proof
from groundplan_policies.evidence.comparison import Comparison, read_comparison
from groundplan_policies.evidence.errors import EvidenceError
from groundplan_policies.evidence.flow_view import FlowView
from groundplan_policies.evidence.gather import gather
from groundplan_policies.evidence.levels import reach
from groundplan_policies.evidence.tasks import tasks
from tests.policies.evidence.world import INPUTS, bundle_of, resources
from tests.policies.rules.harness import context, document

STATE = document(*resources(), profile="state", engine="pulumi")
CLEAN = {"stack": "acme/shop/dev", "cloud": "Google Cloud", "compared": 12, "drifted": [], "notCompared": []}
WRONG: tuple[dict[str, Any], ...] = (
    *({"cloud": 7}, {"compared": "12"}, {"compared": True}),
    *({"drifted": None}, {"drifted": [7]}, {"notCompared": {}}),
)
DRIFTED = [{"urn": "urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::raw", "kind": "changed"}]


def read(**changes: Any) -> Comparison:
    return read_comparison(json.dumps({**CLEAN, **changes}).encode(), "drift.json", STATE)


def test_a_state_that_the_cloud_confirms_is_live() -> None:
    found = reach(Proof.STATE, read())

    assert (found.id, found.watermark) == ("live", "")


@pytest.mark.parametrize(
    "changes",
    [
        {"drifted": DRIFTED},
        {"notCompared": [{"urn": "u", "type": "t", "reason": "unknown", "refused": False}]},
        {"compared": 0},
    ],
)
def test_a_state_that_is_not_confirmed_whole_stays_one(changes: dict[str, Any]) -> None:
    assert reach(Proof.STATE, read(**changes)).id == "state"


def test_the_mock_cloud_confirms_nothing() -> None:
    found = reach(Proof.STATE, read(cloud="the mock cloud at http://127.0.0.1:4711"))

    assert found.id == "state"
    assert found.watermark.startswith("MOCK CLOUD")


@pytest.mark.parametrize("proof", [Proof.PROGRAM, Proof.MOCK_APPLIED])
def test_what_is_no_state_stays_what_it_is(proof: Proof) -> None:
    assert reach(proof, read()).id == proof.value


def test_what_differs_is_for_a_person() -> None:
    report = bundle_of(STATE).report
    unread = [{"urn": "u", "type": "t", "reason": "unknown", "refused": False}]

    found = tasks(report, (), {}, (), FlowView(stops=(), links=()), read(drifted=DRIFTED, notCompared=unread))

    assert [(each.kind, each.title) for each in found[:2]] == [
        ("drift", "raw is not as the state says, or gone"),
        ("drift", "1 resource could not be compared with Google Cloud"),
    ]
    assert "level" not in {each.kind for each in found}


def test_the_evidence_says_so() -> None:
    bundle = bundle_of(STATE)

    assert gather(bundle.report, context(*resources()), INPUTS, read()).reach.id == "live"
    assert gather(bundle.report, context(*resources()), INPUTS).reach.id == "state"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no JSON",
        b"[]",
        b"[" * 100_000,
        *(json.dumps({**CLEAN, **each}).encode() for each in WRONG),
    ],
)
def test_what_is_no_look_for_drift_is_refused(content: bytes) -> None:
    with pytest.raises(EvidenceError, match="not understood"):
        read_comparison(content, "drift.json", STATE)


@pytest.mark.parametrize("stack", ["live", "acme/shop/live", None, 7])
def test_a_look_at_another_stack_is_refused(stack: object) -> None:
    with pytest.raises(EvidenceError, match="another stack"):
        read(stack=stack)


def test_drift_is_of_a_state() -> None:
    with pytest.raises(EvidenceError, match="of a state"):
        read_comparison(json.dumps(CLEAN).encode(), "drift.json", document(*resources()))


def test_another_look_has_another_digest() -> None:
    assert read().digest != read(compared=13).digest
