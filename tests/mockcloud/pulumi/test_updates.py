"""What an update leaves as it was in the cloud: what the program sets no more, and the provider keeps."""

from typing import Any

import pytest

from mockcloud.doors.pulumi.transport import InProcess
from mockcloud.pulumi.api import Api
from mockcloud.pulumi.lifecycle import Place, Settings
from mockcloud.pulumi.naming import Naming
from mockcloud.pulumi.provider import Provider
from mockcloud.pulumi.values import SECRET, SIGNATURE, plain
from mockcloud.simulator import new_cloud

Values = dict[str, Any]

_NAMING = Naming("thing", b"seed")
_FIELD = {"fieldId": "owner", "type": {"primitiveType": "STRING"}}


def updated(token: str, first: Values, then: Values) -> Values:
    """Make a resource, change what the program says of it, and give what a refresh finds."""
    here = Provider(Place(Api(InProcess(new_cloud(waits="poll"))), Settings("acme-dev", "europe-west4")))
    before = here.check(token, first, {}, _NAMING)
    assert before.failures == []
    state = here.create(token, before.inputs, "urn")
    after = here.check(token, then, before.inputs, _NAMING)
    assert here.diff(token, before.inputs, after.inputs, state.outputs).changes
    state = here.update(token, state, after.inputs, before.inputs, "urn")
    found = here.read(token, state.id, after.inputs, state.outputs)
    assert found is not None
    assert found[0] == state
    assert found[1] == after.inputs
    return state.outputs


@pytest.mark.parametrize(
    ("token", "first", "then", "kept"),
    [
        pytest.param(
            "sql/databaseInstance:DatabaseInstance",
            {
                "name": "main",
                "databaseVersion": "POSTGRES_17",
                "settings": {"tier": "db-custom-2-8192", "diskSize": 50, "insightsConfig": {"queryStringLength": 2048}},
            },
            {"name": "main", "databaseVersion": "POSTGRES_17", "settings": {"tier": "db-custom-4-16384"}},
            {"settings": {"tier": "db-custom-4-16384", "diskSize": 50, "insightsConfig": {"queryStringLength": 2048}}},
            id="the whole is sent",
        ),
        pytest.param(
            "cloudrunv2/service:Service",
            {
                "name": "app",
                "location": "europe-west4",
                "ingress": "INGRESS_TRAFFIC_INTERNAL_ONLY",
                "template": {
                    "timeout": "120s",
                    "containers": [{"image": "img:1", "resources": {"limits": {"cpu": "2", "memory": "1Gi"}}}],
                },
            },
            {"name": "app", "location": "europe-west4", "template": {"containers": [{"image": "img:2"}]}},
            {
                "ingress": "INGRESS_TRAFFIC_INTERNAL_ONLY",
                "template": {
                    "timeout": "120s",
                    "containers": [{"image": "img:2", "resources": {"limits": {"cpu": "2", "memory": "1Gi"}}}],
                },
            },
            id="what is in the mask is sent",
        ),
        pytest.param(
            "storage/bucket:Bucket",
            {"name": "lake", "location": "EU", "publicAccessPrevention": "enforced", "requesterPays": True},
            {"name": "lake", "location": "EU"},
            {"publicAccessPrevention": "enforced"},
            id="another property changes",
        ),
        pytest.param(
            "datacatalog/tagTemplate:TagTemplate",
            {"tagTemplateId": "t", "displayName": "a", "region": "europe-west1", "fields": [_FIELD]},
            {"tagTemplateId": "t", "displayName": "b", "fields": [_FIELD]},
            {"region": "europe-west1", "displayName": "b"},
            id="of an opaque type",
        ),
    ],
)
def test_what_a_program_sets_no_more_stays_in_the_cloud(token: str, first: Values, then: Values, kept: Values) -> None:
    found = updated(f"gcp:{token}", first, then)

    assert _part(found, kept) == kept
    assert found.get("requesterPays") in (None, False)


def test_a_secret_that_stays_is_still_one() -> None:
    token = "gcp:pubsub/topic:Topic"
    here = Provider(Place(Api(InProcess(new_cloud(waits="poll"))), Settings("acme-dev")))
    regions = {SIGNATURE: SECRET, "value": {"allowedPersistenceRegions": ["europe-west4"]}}
    first = here.check(token, {"name": "news", "messageStoragePolicy": regions}, {}, Naming("news")).inputs
    state = here.create(token, first, "urn")

    for then in ({"name": "news", "labels": {"a": "b"}}, {"name": "news", "labels": {"a": "c"}}):
        after = here.check(token, then, first, Naming("news")).inputs
        state, first = here.update(token, state, after, first, "urn"), after

    found = state.outputs["messageStoragePolicy"]
    assert found[SIGNATURE] == SECRET
    assert plain(found)["allowedPersistenceRegions"] == ["europe-west4"]


def test_a_preview_shows_what_stays_and_what_goes() -> None:
    token = "gcp:storage/bucket:Bucket"
    here = Provider(Place(Api(InProcess(new_cloud(waits="poll"))), Settings("acme-dev")))
    first = here.check(token, {"name": "lake", "location": "EU", "rpo": "DEFAULT", "requesterPays": True}, {}, _NAMING)
    state = here.create(token, first.inputs, "urn")
    then = here.check(token, {"name": "lake", "location": "EU"}, first.inputs, _NAMING)

    shown = here.preview(token, then.inputs, state.outputs)

    assert (shown["rpo"], shown["url"]) == ("DEFAULT", state.outputs["url"])
    assert "requesterPays" not in shown


def _part(found: Any, told: Any) -> Any:
    """Give the part of a value that is told of."""
    if isinstance(told, dict):
        return {name: _part(found.get(name), each) for name, each in told.items()}
    if isinstance(told, list):
        return [_part(one, other) for one, other in zip(found, told, strict=True)]
    return found
