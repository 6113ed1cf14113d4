"""BYP-14: the document holds the whole deployment."""

from typing import Any

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.document import Document
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.verdicts import PASS, Verdict
from groundplan_policies.rules.bypass.byp_14 import CONTROL
from tests.policies.rules.bypass.worlds import MANAGED, PROVIDER, answers, messages, world
from tests.policies.rules.harness import STACK, R

BUCKET = R("storage.Bucket", {}, record=MANAGED)


def test_a_whole_document_passes() -> None:
    assert answers(CONTROL, world(PROVIDER, BUCKET)) == {"": PASS}


def test_every_gap_is_a_reason() -> None:
    found = answers(CONTROL, world(PROVIDER, BUCKET, complete=False, gaps=("a is missing", "b is missing")))[""]
    assert found.verdict is Verdict.FAIL
    assert [each.message for each in found.reasons] == ["a is missing", "b is missing"]


def test_an_incomplete_document_without_a_reason_is_no_pass() -> None:
    assert answers(CONTROL, world(PROVIDER, complete=False))[""].verdict is Verdict.INDETERMINATE


def test_a_missing_provider_is_indeterminate() -> None:
    found = answers(CONTROL, world(BUCKET))[""]
    assert found.verdict is Verdict.INDETERMINATE
    assert "of 1 resources" in messages(found)
    assert len(answers(CONTROL, world(BUCKET, gaps=("x",)))[""].reasons) == 2


def test_the_gaps_of_the_document_itself_count() -> None:
    stack = {"urn": STACK, "type": "pulumi:pulumi:Stack", "custom": False}
    old = {"urn": BUCKET.urn, "type": "gcp:storage/bucket:Bucket", "custom": True, "delete": True}
    deployments: list[dict[str, Any]] = [
        {"resources": [stack, old]},
        {"resources": [stack], "pending_operations": [{"resource": old, "type": "creating"}]},
        {"resources": []},
    ]
    for deployment in deployments:
        document = Document.read({"version": 3, "deployment": deployment})
        found = answers(CONTROL, Context(Graph(document)))[""]
        assert found.verdict is Verdict.FAIL, deployment
        assert len(found.reasons) == 1
