"""What the tables say of the provider's types is what the package, and facts about the provider, say."""

import pytest

from mockcloud.pulumi.properties import properties_of
from tools.pulumi_types import _fact, _names


@pytest.mark.parametrize(
    ("known", "prop"),
    [
        ("env", "env"),
        ("env", "envs"),
        ("alias", "aliases"),
        ("integrity", "integrities"),
        ("radius", "radii"),
        ("prf", "prves"),
    ],
)
def test_what_is_known_of_one_is_known_of_several(known: str, prop: str) -> None:
    assert _fact({known: {"replaces": True}, "other": {}}, prop) == {"replaces": True}


@pytest.mark.parametrize("prop", ["envelope", "others"])
def test_nothing_is_known_of_another(prop: str) -> None:
    assert _fact({"env": {"replaces": True}, "other": {}}, prop) == {}


@pytest.mark.parametrize(
    ("kind", "prop", "replaces"),
    [
        ("Bucket", "location", True),
        ("Bucket", "bucketId", True),
        ("Bucket", "keyId", False),  # it is not required
        ("Bucket", "description", False),
        ("PipelineIamMember", "member", True),
        ("PipelineIamBinding", "role", True),
        ("PipelineIamBinding", "members", False),
        ("PipelineIAMPolicy", "policyData", False),
    ],
)
def test_what_says_which_resource_it_is_replaces(kind: str, prop: str, *, replaces: bool) -> None:
    assert _names(prop, kind, {"bucketId"}) is replaces


def test_a_type_of_which_nothing_else_is_known_is_told_so() -> None:
    found = properties_of("gcp:eventarc/pipelineIamBinding:PipelineIamBinding")

    assert found is not None
    assert {each.name for each in found.values() if each.replaces} >= {"location", "pipelineId", "role", "condition"}
    assert not found["members"].replaces
