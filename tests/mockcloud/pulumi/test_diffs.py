"""What a change of inputs means."""

import pytest

from mockcloud.pulumi.diffs import ADD, DELETE, UPDATE, Change, Diff, diff, same
from mockcloud.pulumi.naming import DEFAULTS
from mockcloud.pulumi.properties import properties_of
from mockcloud.pulumi.values import SECRET, SIGNATURE, UNKNOWN

BUCKET = "gcp:storage/bucket:Bucket"
INSTANCE = "gcp:compute/instance:Instance"


def compared(token: str, old: dict[str, object], new: dict[str, object], ignored: tuple[str, ...] = ()) -> Diff:
    properties = properties_of(token)
    assert properties is not None
    return diff(token, properties, old, new, ignored)


def test_what_is_the_same_has_no_changes() -> None:
    inputs: dict[str, object] = {"name": "a", "location": "EU", "labels": {"a": "b"}, DEFAULTS: []}

    assert compared(BUCKET, inputs, dict(inputs)) == Diff()


def test_a_default_is_what_was_there_before_it_was_said() -> None:
    """Of what is imported the inputs are those that are no defaults."""
    key = "gcp:kms/cryptoKey:CryptoKey"

    assert compared(key, {"name": "a"}, {"name": "a", "purpose": "ENCRYPT_DECRYPT"}) == Diff()
    assert compared(key, {"name": "a"}, {"name": "a", "purpose": "MAC"}).replaces == ("purpose",)


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ({}, {"labels": {"a": "b"}}, Change("labels", ADD, replaces=False)),
        ({"labels": {"a": "b"}}, {"labels": {"a": "c"}}, Change("labels.a", UPDATE, replaces=False)),
        ({"labels": {"a": "b"}}, {"labels": {}}, Change("labels.a", DELETE, replaces=False)),
        ({"labels": {"a": "b"}}, {}, Change("labels", DELETE, replaces=False)),
        ({"location": "EU"}, {"location": "US"}, Change("location", UPDATE, replaces=True)),
        ({"location": "EU"}, {"location": UNKNOWN}, Change("location", UPDATE, replaces=True)),
        (
            {"cors": [{"maxAgeSeconds": 1}]},
            {"cors": [{"maxAgeSeconds": 2}]},
            Change("cors[0].maxAgeSeconds", UPDATE, replaces=False),
        ),
        ({"cors": []}, {"cors": [{"maxAgeSeconds": 2}]}, Change("cors[0]", ADD, replaces=False)),
    ],
)
def test_a_change_is_named_by_its_path_and_kind(old: dict[str, object], new: dict[str, object], change: Change) -> None:
    assert compared(BUCKET, old, new).changes == (change,)


def test_a_property_inside_of_one_that_replaces_replaces() -> None:
    found = compared(
        BUCKET, {"hierarchicalNamespace": {"enabled": True}}, {"hierarchicalNamespace": {"enabled": False}}
    )

    assert found.replaces == ("hierarchicalNamespace.enabled",)


def test_where_some_members_replace_the_others_do_not() -> None:
    pool = "gcp:container/nodePool:NodePool"

    labels = compared(pool, {"nodeConfig": {"labels": {"a": "b"}}}, {"nodeConfig": {"labels": {"a": "c"}}})
    key = compared(pool, {"nodeConfig": {"bootDiskKmsKey": "a"}}, {"nodeConfig": {"bootDiskKmsKey": "b"}})

    assert labels.replaces == ()
    assert key.replaces == ("nodeConfig.bootDiskKmsKey",)


TABLE = "gcp:bigquery/table:Table"


@pytest.mark.parametrize(
    ("token", "old", "new", "replaced"),
    [
        # What was not there replaces where something in it does, other than what there was anyway.
        (INSTANCE, {}, {"scheduling": {"preemptible": True}}, ("scheduling",)),
        (INSTANCE, {}, {"scheduling": {"preemptible": False}}, ()),
        (INSTANCE, {}, {"scheduling": {"automaticRestart": False}}, ()),
        (INSTANCE, {"attachedDisks": []}, {"attachedDisks": [{"source": "d", "forceAttach": False}]}, ()),
        (
            INSTANCE,
            {"attachedDisks": []},
            {"attachedDisks": [{"source": "d", "forceAttach": True}]},
            ("attachedDisks[0]",),
        ),
        # Whether a table has a key of its own replaces it, and which one it is does not.
        (TABLE, {}, {"encryptionConfiguration": {"kmsKeyName": "k"}}, ("encryptionConfiguration",)),
        (
            TABLE,
            {"encryptionConfiguration": {"kmsKeyName": "k"}},
            {"encryptionConfiguration": {"kmsKeyName": "l"}},
            (),
        ),
    ],
)
def test_an_object_replaces_by_what_is_in_it(
    token: str, old: dict[str, object], new: dict[str, object], replaced: tuple[str, ...]
) -> None:
    assert compared(token, old, new).replaces == replaced


def test_the_order_counts_only_where_it_means_something() -> None:
    assert not compared(INSTANCE, {"resourcePolicies": "x"}, {"resourcePolicies": "x"}).changes
    unordered: dict[str, object] = {"tags": ["a", "b"]}
    assert not compared(INSTANCE, unordered, {"tags": ["b", "a"]}).changes
    assert compared(INSTANCE, unordered, {"tags": ["b", "c"]}).changes
    ordered: dict[str, object] = {"cors": [{"maxAgeSeconds": 1}, {"maxAgeSeconds": 2}]}
    assert compared(BUCKET, ordered, {"cors": [{"maxAgeSeconds": 2}, {"maxAgeSeconds": 1}]}).changes


def test_a_secret_is_compared_by_what_it_holds() -> None:
    assert not compared(BUCKET, {"location": "EU"}, {"location": {SIGNATURE: SECRET, "value": "EU"}}).changes


@pytest.mark.parametrize("ignored", ["labels", "labels.a", 'labels["a"]', "labels.*"])
def test_what_is_ignored_does_not_count(ignored: str) -> None:
    assert not compared(BUCKET, {"labels": {"a": "b"}}, {"labels": {"a": "c"}}, (ignored,)).changes
    assert compared(BUCKET, {"labels": {"a": "b"}, "location": "EU"}, {"location": "US"}, (ignored,)).replaces


def test_what_replaces_goes_first_where_its_name_is_given() -> None:
    given: dict[str, object] = {"name": "a", "location": "EU", DEFAULTS: []}

    assert compared(BUCKET, given, {**given, "location": "US"}).delete_first
    assert not compared(BUCKET, given, {**given, "labels": {"a": "b"}}).delete_first


@pytest.mark.parametrize(
    ("token", "old", "new"),
    [
        # What Pulumi has in the plural, the provider has in the singular: `depends_on`, `guest_accelerator`.
        ("tpu/v2Vm:V2Vm", {"serviceAccount": {"scopes": ["a"]}}, {"serviceAccount": {"scopes": ["b"]}}),
        (
            "container/nodePool:NodePool",
            {"nodeConfig": {"guestAccelerators": [{"type": "nvidia-l4", "count": 1}]}},
            {"nodeConfig": {"guestAccelerators": [{"type": "nvidia-l4", "count": 2}]}},
        ),
        (
            "compute/vPNTunnel:VPNTunnel",
            {"cipherSuite": {"phase1": {"prves": ["PRF-HMAC-SHA1"]}}},
            {"cipherSuite": {"phase1": {"prves": ["PRF-HMAC-SHA2-256"]}}},
        ),
    ],
)
def test_lists_inside_of_an_object_replace_as_they_do(
    token: str, old: dict[str, object], new: dict[str, object]
) -> None:
    assert compared(f"gcp:{token}", old, new).replaces


def test_variables_of_a_container_have_no_order() -> None:
    def service(*names: str) -> dict[str, object]:
        return {"template": {"containers": [{"envs": [{"name": name, "value": "x"} for name in names]}]}}

    assert not compared("gcp:cloudrunv2/service:Service", service("A", "B"), service("B", "A")).changes


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("a", "a", True),
        ("a", "b", False),
        ("https://www.googleapis.com/compute/v1/projects/p/global/networks/n", "projects/p/global/networks/n", True),
        ("//compute.googleapis.com/v1/projects/p", "https://compute.googleapis.com/beta/projects/p", True),
        ("TRUE", "true", True),
        ("Yes", "yes", False),
        ('{"a": 1, "b": 2}', '{"b":2,"a":1}', True),
        ('{"a": 1}', '{"a": 2}', False),
        ('{"a": 1', '{"a":1', False),
        (1, 1.0, True),
        (1, 2, False),
    ],
)
def test_what_means_the_same(one: object, other: object, *, expected: bool) -> None:
    assert same(one, other) is expected
