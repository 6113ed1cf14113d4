"""What a reviewer looks for first in the three environments, without any policy having been run."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from tests.stacks.previews import resources

STACKS = ("learner", "team", "regulated")
BASIC = {"roles/owner", "roles/editor", "roles/viewer"}
PUBLIC = {"allUsers", "allAuthenticatedUsers"}
# Where Google takes a key of one's own, and the property that names it.
KEYED = {
    "gcp:artifactregistry/repository:Repository": "kmsKeyName",
    "gcp:bigquery/dataset:Dataset": "defaultEncryptionConfiguration.kmsKeyName",
    "gcp:bigquery/table:Table": "encryptionConfiguration.kmsKeyName",
    "gcp:colab/runtimeTemplate:RuntimeTemplate": "encryptionSpec.kmsKeyName",
    "gcp:container/cluster:Cluster": "databaseEncryption.keyName",
    "gcp:container/nodePool:NodePool": "nodeConfig.bootDiskKmsKey",
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": "cmekSettings.kmsKeyName",
    "gcp:storage/bucket:Bucket": "encryption.defaultKmsKeyName",
    "gcp:vertex/aiEndpoint:AiEndpoint": "encryptionSpec.kmsKeyName",
    "gcp:vertex/aiFeatureOnlineStore:AiFeatureOnlineStore": "encryptionSpec.kmsKeyName",
    "gcp:vertex/aiMetadataStore:AiMetadataStore": "encryptionSpec.kmsKeyName",
    "gcp:workbench/instance:Instance": "gceSetup.bootDisk.kmsKey",
}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Give every property of the inputs with its path; empty blocks too, as Google gives an address for one."""
    if isinstance(value, dict):
        for key, inner in value.items():
            place = f"{path}.{key}" if path else key
            if isinstance(inner, dict | list):
                yield place, inner
            yield from leaves(inner, place)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, path)
    else:
        yield path, value


def at(inputs: Any, path: str) -> Any:
    """Return what is at a path, or None."""
    for part in path.split("."):
        inputs = inputs.get(part) if isinstance(inputs, dict) else None
    return inputs


@pytest.mark.parametrize("stack", STACKS)
def test_nothing_has_a_public_address(stack: str) -> None:
    for r in resources(stack):
        for path, value in leaves(r.get("inputs", {})):
            last = path.rsplit(".", 1)[-1]
            assert last not in {"accessConfigs", "natIp", "externalIp"}, r["urn"]
            if last in {"disablePublicIp", "noExternalIp", "enablePrivateNodes"}:
                assert value is True, r["urn"]
            if last in {"enableExternalIps", "enableInternetAccess", "publicEndpointEnabled"}:
                assert value is False, r["urn"]
        if r["type"] in {"gcp:compute/address:Address", "gcp:compute/globalAddress:GlobalAddress"}:
            assert r["inputs"]["addressType"] == "INTERNAL", r["urn"]


@pytest.mark.parametrize("stack", STACKS)
def test_nobody_has_a_basic_role_and_nothing_is_public(stack: str) -> None:
    for r in resources(stack):
        inputs = r.get("inputs", {})
        assert inputs.get("role") not in BASIC, r["urn"]
        assert not PUBLIC & {value for _, value in leaves(inputs) if isinstance(value, str)}, r["urn"]


@pytest.mark.parametrize("stack", STACKS)
def test_nothing_runs_as_a_default_account(stack: str) -> None:
    for r in resources(stack):
        text = json.dumps(r.get("inputs", {}))
        assert "-compute@developer.gserviceaccount.com" not in text, r["urn"]
        assert "@appspot.gserviceaccount.com" not in text, r["urn"]
        assert "@cloudbuild.gserviceaccount.com" not in text, r["urn"]
    accounts = {
        "gcp:workbench/instance:Instance": "gceSetup.serviceAccounts",
        "gcp:cloudbuild/trigger:Trigger": "serviceAccount",
        "gcp:container/nodePool:NodePool": "nodeConfig.serviceAccount",
        "gcp:tpu/v2Vm:V2Vm": "serviceAccount.email",
    }
    for r in resources(stack):
        if r["type"] in accounts:
            assert at(r["inputs"], accounts[r["type"]]), r["urn"]


@pytest.mark.parametrize("stack", ["team", "regulated"])
def test_what_takes_a_key_has_one(stack: str) -> None:
    found = {r["type"] for r in resources(stack)}
    assert len(found & set(KEYED)) >= 10
    for r in resources(stack):
        is_view = at(r.get("inputs", {}), "view") is not None
        mode = at(r.get("inputs", {}), "mode")
        if r["type"] in KEYED and not is_view and mode != "VIRTUAL_REPOSITORY":
            inherited = r["type"] == "gcp:bigquery/table:Table"
            assert at(r["inputs"], KEYED[r["type"]]) or inherited, r["urn"]


@pytest.mark.parametrize("stack", ["team", "regulated"])
def test_who_makes_images_does_not_deploy(stack: str) -> None:
    """Neither by a role on the images and one on the endpoint, nor by acting as an account that has one."""
    may: dict[str, set[str]] = defaultdict(set)
    for r in resources(stack):
        member = at(r.get("inputs", {}), "member")
        if isinstance(member, str):
            role = str(r["inputs"].get("role"))
            if r["type"].startswith("gcp:artifactregistry/") and role.endswith("artifactregistry.writer"):
                may[member].add("build")
            if r["type"].startswith("gcp:vertex/aiEndpoint") and "deployer" in role:
                may[member].add("deploy")
            if r["type"].startswith("gcp:iam/") or role.endswith("iam.workloadIdentityUser"):
                may[member].add("federated")
    assert any("build" in roles for roles in may.values())
    assert not {member: roles for member, roles in may.items() if {"build", "deploy"} <= roles}
    outside = {
        r["inputs"]["serviceAccountId"]
        for r in resources(stack)
        if str(at(r.get("inputs", {}), "role")).endswith("workloadIdentityUser")
    }
    for account in outside:
        email = account.rsplit("/", 1)[-1]
        assert not {"build", "deploy"} & may.get(f"serviceAccount:{email}", set()), account
