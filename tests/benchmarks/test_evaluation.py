"""The document that is evaluated in the benchmarks is one that rules read, and mostly find in order."""

import json

from benchmarks.evaluation import DAY, PLATFORM, TEAM, document
from groundplan_policies.engine import Document
from groundplan_policies.engine.evaluate import evaluate
from groundplan_policies.settings import read_settings


def test_rules_read_the_document_and_find_it_in_order() -> None:
    read = Document.read(json.dumps(document(2 * len(PLATFORM))))
    found = evaluate(read, read_settings("regulated").filled(**TEAM), as_of=DAY)
    passed = sum(each.passed for each in found.counts.values())
    pairs = sum(each.evaluated for each in found.counts.values())

    assert found.complete
    assert found.faults == ()
    assert pairs >= 10 * len(read)
    assert passed >= 0.85 * (pairs - sum(each.not_applicable for each in found.counts.values()))


def test_unknown_values_come_from_resources_of_the_document() -> None:
    read = Document.read(json.dumps(document(2 * len(PLATFORM))))

    named = {urn for places in read.member.provenance.values() for urns in places.values() for urn in urns}
    assert named
    assert all(read.get(urn) is not None for urn in named)
