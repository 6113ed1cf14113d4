"""OSCAL, as OSCAL's own tool reads it."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from trestle.oscal.assessment_results import Model as Results
from trestle.oscal.component import Model as Components

from groundplan_policies.engine.states import State
from groundplan_policies.evidence.oscal.components import as_component_definition, control_id
from groundplan_policies.evidence.oscal.parts import OSCAL, identifier, token
from groundplan_policies.evidence.oscal.results import as_assessment_results
from tests.policies.evidence.world import made, waiver_of
from tests.policies.reports.sample import DAY
from tests.policies.rules.harness import R, document


@cache
def results() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(as_assessment_results(made()))
    return content


@cache
def components() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(as_component_definition(made()))
    return content


def test_assessment_results_are_read() -> None:
    read = Results.model_validate(results()).assessment_results

    (found,) = read.results
    assert len(found.findings or ()) > 10


def test_a_component_definition_is_read() -> None:
    read = Components.model_validate(components()).component_definition

    assert read.components is not None
    (found,) = read.components
    assert {each.source for each in found.control_implementations or ()} >= {"urn:groundplan:frameworks:cis-gcp-5.0"}


def test_what_oscal_does_not_allow_is_noticed() -> None:
    broken = json.loads(json.dumps(results()))
    broken["assessment-results"]["results"][0]["findings"][0]["target"]["status"]["state"] = 7

    with pytest.raises(ValueError, match="state"):
        Results.model_validate(broken)


def test_an_empty_deployment_is_oscal_too() -> None:
    bundle = made(R("kms.KeyRing", {}, "r"))

    Results.model_validate(json.loads(as_assessment_results(bundle)))
    Components.model_validate(json.loads(as_component_definition(bundle)))


def _values(node: Any, key: str) -> Iterator[str]:
    if isinstance(node, dict):
        for name, each in node.items():
            if name == key:
                yield each
            yield from _values(each, key)
    elif isinstance(node, list):
        for each in node:
            yield from _values(each, key)


def test_identifiers_are_unique_and_made_of_what_they_say() -> None:
    for content in (results(), components()):
        found = list(_values(content, "uuid"))
        assert len(found) == len(set(found))
        assert {uuid.UUID(each).version for each in found} == {5}
    assert identifier("a", "b") == identifier("a", "b") != identifier("a", "c")


def test_observations_that_are_named_are_there() -> None:
    (found,) = results()["assessment-results"]["results"]

    assert set(_values(found["findings"], "observation-uuid")) <= {each["uuid"] for each in found["observations"]}
    items = {each["uuid"]: each["description"] for each in found["local-definitions"]["inventory-items"]}
    named = set(_values(found["observations"], "subject-uuid"))
    assert named == set(items)
    assert "raw (storage.Bucket)" in items.values()


def test_dates_are_those_of_the_evidence() -> None:
    moment = f"{DAY.isoformat()}T00:00:00+00:00"

    for key in ("last-modified", "start", "end", "collected"):
        assert set(_values(results(), key)) <= {moment}
    assert list(_values(components(), "oscal-version")) == [OSCAL]


def _states(content: dict[str, Any]) -> dict[str, str]:
    (found,) = content["assessment-results"]["results"]
    return {each["target"]["target-id"]: each["target"]["status"]["state"] for each in found["findings"]}


def test_only_what_is_proven_is_satisfied() -> None:
    bundle = made()
    expected = {
        each.control: "satisfied" if each.state is State.PASS else "not-satisfied"
        for each in bundle.results
        if each.state is not State.NOT_APPLICABLE
    }

    assert _states(results()) == expected
    assert set(expected.values()) == {"satisfied", "not-satisfied"}


def test_what_is_waived_is_not_satisfied() -> None:
    public = R("storage.Bucket", {"name": "open", "publicAccessPrevention": "inherited"}, "open")
    bundle = made(public, waivers=(waiver_of(document(public), "DAT-05", "open"),))

    assert {each.control: each.state for each in bundle.results}["DAT-05"] is State.WAIVED
    assert _states(json.loads(as_assessment_results(bundle)))["DAT-05"] == "not-satisfied"


def test_another_input_has_other_identifiers() -> None:
    bundle = made()
    report = replace(bundle.report, version="1.2.4")
    other = json.loads(as_assessment_results(replace(bundle, report=report)))

    assert not set(_values(other, "uuid")) & set(_values(results(), "uuid"))


@pytest.mark.parametrize(
    ("clause", "expected"),
    [("AC-2(1)", "ac-2.1"), ("1.4", "_1.4"), ("GOVERN 1.1", "govern-1.1"), ("A.6.2.4", "a.6.2.4")],
)
def test_clauses_are_named_as_catalogues_name_them(clause: str, expected: str) -> None:
    assert control_id(clause) == expected
    assert token("a b") == "a-b"
