"""What stays when a program sets it no more, and what goes."""

from typing import Any

import pytest

from mockcloud.pulumi.diffs import ADD, DELETE, UPDATE, Change, Diff
from mockcloud.pulumi.naming import DEFAULTS
from mockcloud.pulumi.planned import awaited, difference, planned, previewed
from mockcloud.pulumi.properties import properties_of, read
from mockcloud.pulumi.values import SECRET, SIGNATURE, UNKNOWN

BUCKET = "storage/bucket:Bucket"
DATASET = "bigquery/dataset:Dataset"
INSTANCE = "compute/instance:Instance"
REDIS = "redis/instance:Instance"
SERVICE = "cloudrunv2/service:Service"
SQL = "sql/databaseInstance:DatabaseInstance"

Values = dict[str, Any]


def compared(token: str, old: Values, new: Values, state: Values | None = None) -> Diff:
    properties = properties_of(f"gcp:{token}")
    assert properties is not None
    return difference(f"gcp:{token}", properties, old, new, old if state is None else state)


@pytest.mark.parametrize(
    ("token", "old", "new"),
    [
        (BUCKET, {"rpo": "DEFAULT", "location": "EU"}, {"location": "EU"}),
        (BUCKET, {"project": "acme"}, {}),
        # It would replace, were it set to another.
        (REDIS, {"reservedIpRange": "10.0.0.0/29"}, {}),
        # Objects and lists go whole, or in part.
        (BUCKET, {"versioning": {"enabled": True}}, {}),
        (INSTANCE, {"scheduling": {"preemptible": True, "provisioningModel": "SPOT"}}, {}),
        (INSTANCE, {"guestAccelerators": [{"type": "nvidia-l4", "count": 1}]}, {}),
        (SQL, {"settings": {"tier": "a", "diskSize": 20}}, {"settings": {"tier": "a"}}),
        (
            SQL,
            {"settings": {"tier": "a", "backupConfiguration": {"enabled": True, "startTime": "01:00"}}},
            {"settings": {"tier": "a", "backupConfiguration": {"enabled": True}}},
        ),
        (
            INSTANCE,
            {"networkInterfaces": [{"subnetwork": "a", "networkIp": "10.0.0.2"}, {"subnetwork": "b"}]},
            {"networkInterfaces": [{"subnetwork": "a"}, {"subnetwork": "b"}]},
        ),
        (
            SERVICE,
            {"template": {"containers": [{"image": "i", "resources": {"limits": {"cpu": "2"}}}]}},
            {"template": {"containers": [{"image": "i"}]}},
        ),
        # A list of objects that is empty is one that is not set.
        (SERVICE, {"traffics": [{"type": "LATEST", "percent": 100}]}, {"traffics": []}),
        (DATASET, {"accesses": [{"role": "OWNER", "userByEmail": "ada@acme.test"}]}, {}),
        # What is false, zero or empty is so where nothing is said, too.
        (BUCKET, {"requesterPays": False}, {}),
        ("pubsub/topic:Topic", {"labels": {}}, {}),
        (INSTANCE, {"description": ""}, {}),
        (INSTANCE, {}, {"description": "", "resourcePolicies": None, "labels": {}}),
    ],
)
def test_what_the_provider_fills_stays(token: str, old: Values, new: Values) -> None:
    assert compared(token, old, new) == Diff()


@pytest.mark.parametrize(
    ("token", "old", "new", "change"),
    [
        (BUCKET, {"requesterPays": True}, {}, Change("requesterPays", DELETE, replaces=False)),
        (BUCKET, {"labels": {"a": "b"}}, {}, Change("labels", DELETE, replaces=False)),
        (INSTANCE, {"hostname": "a.acme.test"}, {}, Change("hostname", DELETE, replaces=True)),
        # The provider sets its own default again.
        (BUCKET, {"deletionPolicy": "ABANDON"}, {}, Change("deletionPolicy", DELETE, replaces=False)),
        (
            SQL,
            {"settings": {"tier": "a", "timeZone": "UTC"}},
            {"settings": {"tier": "a"}},
            Change("settings.timeZone", DELETE, replaces=False),
        ),
        (
            BUCKET,
            {"cors": [{"maxAgeSeconds": 1}]},
            {"cors": []},
            Change("cors[0]", DELETE, replaces=False),
        ),
        (
            INSTANCE,
            {"guestAccelerators": [{"type": "nvidia-l4", "count": 1}]},
            {"guestAccelerators": []},
            Change("guestAccelerators[0]", DELETE, replaces=True),
        ),
        # An object that is there says something, though it is empty.
        (
            "vertex/aiRagEngineConfig:AiRagEngineConfig",
            {"ragManagedDbConfig": {"basic": {}}},
            {"ragManagedDbConfig": {}},
            Change("ragManagedDbConfig.basic", DELETE, replaces=False),
        ),
        (BUCKET, {"rpo": "DEFAULT"}, {"rpo": UNKNOWN}, Change("rpo", UPDATE, replaces=False)),
    ],
)
def test_what_is_merely_optional_goes(token: str, old: Values, new: Values, change: Change) -> None:
    assert compared(token, old, new).changes == (change,)


@pytest.mark.parametrize(
    ("token", "state", "new", "changes"),
    [
        # What is set to what it is anyway is no change, and another value changes what it is.
        (BUCKET, {"rpo": "DEFAULT"}, {"rpo": "DEFAULT"}, ()),
        (BUCKET, {"rpo": "DEFAULT"}, {"rpo": "ASYNC_TURBO"}, (Change("rpo", UPDATE, replaces=False),)),
        (BUCKET, {}, {"rpo": "ASYNC_TURBO"}, (Change("rpo", ADD, replaces=False),)),
        (REDIS, {"reservedIpRange": "a"}, {"reservedIpRange": "a"}, ()),
        (
            REDIS,
            {"reservedIpRange": "a"},
            {"reservedIpRange": "b"},
            (Change("reservedIpRange", UPDATE, replaces=True),),
        ),
        (
            BUCKET,
            {"softDeletePolicy": {"retentionDurationSeconds": 604800, "effectiveTime": "2026-01-01T00:00:00Z"}},
            {"softDeletePolicy": {"retentionDurationSeconds": 0}},
            (Change("softDeletePolicy.retentionDurationSeconds", UPDATE, replaces=False),),
        ),
        # What only the cloud sets, and what is merely optional, is not taken from the state.
        (BUCKET, {"url": "gs://a", "requesterPays": True}, {}, ()),
    ],
)
def test_what_was_filled_is_compared_with(token: str, state: Values, new: Values, changes: tuple[Change, ...]) -> None:
    assert compared(token, {}, new, state).changes == changes


def test_an_item_without_an_order_keeps_what_was_filled_of_the_same_item() -> None:
    properties = read({"rules": ["[object]*", {"name": "string!", "filled": "string?", "said": "string"}]})
    before = {"rules": [{"name": "a", "filled": "1"}, {"name": "b", "filled": "2", "said": "x"}]}

    found = planned(properties, {"rules": [{"name": "b", "said": "x"}, {"name": "c"}, {"name": "a"}]}, before)

    assert found["rules"] == [{"name": "b", "filled": "2", "said": "x"}, {"name": "c"}, {"name": "a", "filled": "1"}]


def test_items_that_are_alike_keep_what_was_filled_of_one_each() -> None:
    properties = read({"rules": ["[object]*", {"name": "string!", "filled": "string?"}]})
    before = {"rules": [{"name": "a", "filled": "1"}, {"name": "a", "filled": "2"}]}

    assert planned(properties, {"rules": [{"name": "a"}, {"name": "a"}, {"name": "a"}]}, before) == {
        "rules": [*before["rules"], {"name": "a"}]
    }


def test_what_only_the_cloud_sets_is_shown_and_not_set() -> None:
    properties = read({"url": "string=", "policy": ["object", {"days": "integer", "since": "string="}]})
    before = {"url": "a", "policy": {"days": 1, "since": "then"}}

    assert planned(properties, {"policy": {"days": 2}}, before) == {"policy": {"days": 2}}
    assert planned(properties, {"policy": {"days": 2}}, before, outputs=True) == {
        "url": "a",
        "policy": {"days": 2, "since": "then"},
    }


def test_objects_of_a_mapping_keep_what_was_filled_by_key() -> None:
    properties = read({"hosts": ["{object}", {"port": "integer?", "path": "string"}]})
    before = {"hosts": {"a": {"port": 80, "path": "/"}, "b": {"port": 81}}}

    assert planned(properties, {"hosts": {"a": {}, "c": {}}}, before) == {"hosts": {"a": {"port": 80}, "c": {}}}


def hidden(**values: object) -> Values:
    return {SIGNATURE: SECRET, "value": values}


@pytest.mark.parametrize(
    ("given", "before", "found"),
    [
        ({}, {"whole": hidden(name="x")}, {"whole": hidden(name="x")}),
        ({"part": hidden(name="x")}, {"part": {"name": "y", "id": "1"}}, {"part": hidden(name="x", id="1")}),
        # What is filled in it was secret before.
        ({"part": {"name": "x"}}, {"part": hidden(name="y", id="1")}, {"part": hidden(name="x", id="1")}),
        ({"part": UNKNOWN}, {"part": hidden(name="y", id="1")}, {"part": UNKNOWN}),
        ({"plain": "x"}, {"plain": {SIGNATURE: SECRET, "value": "y"}}, {"plain": "x"}),
    ],
)
def test_a_secret_stays_one(given: Values, before: Values, found: Values) -> None:
    properties = read(
        {
            "whole": ["object?", {"name": "string"}],
            "part": ["object", {"name": "string", "id": "string?"}],
            "plain": "string?",
        }
    )

    assert planned(properties, given, before) == found


def test_an_update_shows_what_stays_and_what_goes() -> None:
    properties = properties_of(f"gcp:{BUCKET}")
    assert properties is not None
    state = {
        "name": "a",
        "url": "gs://a",
        "rpo": "DEFAULT",
        "requesterPays": True,
        "softDeletePolicy": {"retentionDurationSeconds": 604800, "effectiveTime": "2026-01-01T00:00:00Z"},
    }
    inputs = {"name": "a", "softDeletePolicy": {"retentionDurationSeconds": 0}, "labels": {"a": UNKNOWN}, DEFAULTS: []}

    assert previewed(properties, inputs, state) == {
        "name": "a",
        "url": "gs://a",
        "rpo": "DEFAULT",
        "labels": {"a": UNKNOWN},
        "softDeletePolicy": {"retentionDurationSeconds": 0, "effectiveTime": "2026-01-01T00:00:00Z"},
    }


def test_of_a_new_resource_what_the_cloud_fills_inside_of_objects_is_unknown() -> None:
    """A program that reads it waits for it, where it would have found nothing."""
    properties = properties_of(f"gcp:{BUCKET}")
    assert properties is not None
    hidden = {SIGNATURE: SECRET, "value": {"retentionDurationSeconds": 0}}

    for given, shown in (
        ({"retentionDurationSeconds": 0}, {"retentionDurationSeconds": 0, "effectiveTime": UNKNOWN}),
        (UNKNOWN, UNKNOWN),
        (hidden, hidden),
    ):
        assert awaited(properties, {"name": "a", "softDeletePolicy": given}) == {"name": "a", "softDeletePolicy": shown}
    rules = [{"action": {"type": "Delete"}, "condition": {"age": 3}}]
    assert awaited(properties, {"lifecycleRules": rules, "other": 1})["other"] == 1


def test_of_an_unknown_type_all_stays() -> None:
    assert previewed({}, {"a": 2}, {"a": 1, "b": 1}) == {"a": 2, "b": 1}
