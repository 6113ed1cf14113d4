"""What counts as a difference, and what does not."""

from typing import Any

import pytest

from groundplan_cli.drift.comparing import difference
from groundplan_cli.drift.reading import Seen
from groundplan_policies.engine import Document
from tests.cli.documents import Builder

BUCKET = "gcp:storage/bucket:Bucket"
INSTANCE = "gcp:workbench/instance:Instance"


def paths(
    token: str,
    *,
    inputs: dict[str, Any] | None = None,
    outputs: dict[str, Any] | None = None,
    now: dict[str, Any] | None = None,
    real: dict[str, Any] | None = None,
) -> list[str]:
    """Give the paths that differ: state's inputs and outputs, against inputs and outputs as they are."""
    build = Builder()
    urn = build.add(token, "it", inputs=inputs or {}, outputs=outputs or {}, id="it")
    resource = Document.read({**build.document(), "groundplan": {"profile": "state"}})[urn]
    seen = Seen(resource=resource, inputs=now if now is not None else inputs or {}, outputs=real or {})
    return [each.path for each in difference(seen).changes]


@pytest.mark.parametrize("nothing", [None, "", [], {}, False])
def test_nothing_in_another_form_is_no_difference(nothing: object) -> None:
    assert paths(BUCKET, outputs={"cors": None}, real={"cors": nothing}) == []


def test_what_only_the_cloud_sets_is_no_difference() -> None:
    assert paths(BUCKET, outputs={"updated": "1", "selfLink": "a"}, real={"updated": "2", "selfLink": "b"}) == []


def test_a_default_that_no_api_gives_back_is_no_difference() -> None:
    assert paths(INSTANCE, outputs={"desiredState": "ACTIVE"}) == []
    assert paths(INSTANCE, outputs={"desiredState": "STOPPED"}) == ["desiredState"]


def test_a_link_and_a_name_of_the_same_thing_are_no_difference() -> None:
    link = "https://www.googleapis.com/compute/v1/projects/p/global/networks/core"
    inputs = {"network": "projects/p/global/networks/core"}
    assert paths("gcp:compute/subnetwork:Subnetwork", inputs=inputs, now={"network": link}) == []


def test_leaves_are_told_and_lists_of_another_length_whole() -> None:
    rule = {"action": {"type": "Delete"}, "condition": {"age": 30}}
    other = {"action": {"type": "Delete"}, "condition": {"age": 3}}
    found = {"lifecycleRules": [rule]}
    assert paths(BUCKET, inputs=found, now={"lifecycleRules": [other]}) == ["lifecycleRules[0].condition.age"]
    assert paths(BUCKET, inputs=found, now={"lifecycleRules": [rule, other]}) == ["lifecycleRules"]


def test_the_order_of_a_set_is_no_difference() -> None:
    token, name = "gcp:compute/firewall:Firewall", "sourceRanges"
    given = {name: ["10.0.0.0/8", "192.168.0.0/16"]}
    assert paths(token, inputs=given, now={name: list(reversed(given[name]))}) == []
    assert paths(token, inputs=given, now={name: ["0.0.0.0/0", "10.0.0.0/8"]}) == [name]
