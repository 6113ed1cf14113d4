"""A refresh sees what somebody took away of what a program set, and `up` puts it back."""

from collections.abc import Mapping
from typing import Any

import pytest

from mockcloud.discovery.fields import field_of
from mockcloud.pulumi.links import type_of
from mockcloud.pulumi.remaining import remaining
from tests.mockcloud.pulumi.lives import SETTINGS, world

FIREWALL = "gcp:compute/firewall:Firewall"


def left(token: str, body: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    kind = type_of(token)
    assert kind is not None
    return remaining(kind, body, inputs)


class TestRemaining:
    def test_what_the_api_has_stays_as_the_program_set_it(self) -> None:
        body = {"description": "other", "targetTags": ["web"]}

        assert left(FIREWALL, body, {"description": "in", "targetTags": ["web"]}) == {
            "description": "in",
            "targetTags": ["web"],
        }

    def test_what_it_has_not_goes(self) -> None:
        assert left(FIREWALL, {}, {"description": "in", "targetTags": ["web"]}) == {}

    @pytest.mark.parametrize("empty", ["", [], {}, False, 0, "DIRECTION_UNSPECIFIED"])
    def test_what_is_empty_an_api_leaves_out(self, empty: object) -> None:
        assert left(FIREWALL, {}, {"targetTags": empty}) == {"targetTags": empty}

    def test_so_it_does_a_default(self) -> None:
        assert left(FIREWALL, {}, {"priority": 1000}) == {"priority": 1000}
        assert left(FIREWALL, {}, {"priority": 900}) == {}

    def test_names_and_places_are_in_no_body(self) -> None:
        given = {"name": "in", "project": "acme-dev"}

        assert left(FIREWALL, {}, given) == given

    def test_a_map_is_not_empty_for_having_no_properties(self) -> None:
        given = {"userEnvVars": {"ENV": "dev"}}

        assert left("gcp:workflows/workflow:Workflow", {}, given) == {}
        assert left("gcp:workflows/workflow:Workflow", {"userEnvVars": {"ENV": "x"}}, given) == given

    def test_parts_of_an_object_go_one_by_one(self) -> None:
        token = "gcp:storage/bucket:Bucket"
        given = {"website": {"mainPageSuffix": "index.html", "notFoundPage": "404.html"}}

        assert left(token, {"website": {"mainPageSuffix": "index.html"}}, given) == {
            "website": {"mainPageSuffix": "index.html"}
        }

    def test_what_is_only_sent_stays(self) -> None:
        assert left("gcp:compute/disk:Disk", {}, {"params": {"resourceManagerTags": {"a": "b"}}}) != {}
        assert left("gcp:compute/sSLCertificate:SSLCertificate", {}, {"privateKey": "x"}) == {"privateKey": "x"}


@pytest.mark.parametrize(
    ("description", "told"),
    [
        ("Input only. The TTL.", True),
        ("Optional. Input only. Immutable. Tags.", True),
        ("[Input Only] Additional params.", True),
        ("Optional. A key.\n\n@InputOnly", True),
        ("A write-only private key in PEM format.", True),
        ("Output only. Derived from the input only.", False),
        ("The value set by the user in the corresponding input only field.", False),
        ("", False),
    ],
)
def test_descriptions_say_what_is_only_sent(description: str, told: bool) -> None:
    assert field_of("key", {"type": "string", "description": description}).input_only is told


def test_it_is_put_back() -> None:
    here = world()
    key = "compute/firewall:Firewall"
    inputs = here.make(key)
    state, api = here.made[key], here.provider.place.api
    path = f"compute/v1/projects/{SETTINGS.project}/global/firewalls/{inputs['name']}"
    before = api.call("GET", "compute.googleapis.com", path)
    assert before["sourceRanges"]

    api.call("PATCH", "compute.googleapis.com", path, {"sourceRanges": [], "sourceTags": ["a"]})
    read = here.provider.read(FIREWALL, state.id, inputs, state.outputs)
    assert read is not None
    assert not read[1].get("sourceRanges")

    difference = here.provider.diff(FIREWALL, read[1], inputs, read[0].outputs)
    assert {each.top for each in difference.changes} == {"sourceRanges"}
    here.provider.update(FIREWALL, read[0], inputs, read[1], "urn")
    assert api.call("GET", "compute.googleapis.com", path)["sourceRanges"] == before["sourceRanges"]


def test_what_the_program_leaves_out_of_an_object_is_none_of_its_inputs() -> None:
    here = world()
    key = "sql/databaseInstance:DatabaseInstance"
    inputs = here.make(key)
    state = here.made[key]
    path = f"v1/projects/{SETTINGS.project}/instances/{inputs['name']}"
    here.provider.place.api.call("PATCH", "sqladmin.googleapis.com", path, {"settings": {"tier": "db-custom-8-30720"}})

    read = here.provider.read(f"gcp:{key}", state.id, inputs, state.outputs)

    assert read is not None
    changes = here.provider.diff(f"gcp:{key}", inputs, read[1], state.outputs).changes
    assert [each.path for each in changes] == ["settings.tier"]


def test_what_the_program_sets_no_more_is_not_sent_again_as_it_was() -> None:
    here = world()
    inputs = here.make("compute/firewall:Firewall")
    state = here.made["compute/firewall:Firewall"]
    fewer = {name: value for name, value in inputs.items() if name != "targetTags"}

    after = here.provider.update(FIREWALL, state, fewer, inputs, "urn")

    path = f"compute/v1/{state.id}"
    assert not here.provider.place.api.call("GET", "compute.googleapis.com", path).get("targetTags")
    assert not after.outputs.get("targetTags")
