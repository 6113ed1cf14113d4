"""Organisation policies, through Google's own client: set, inherited, tried out, held."""

from collections.abc import Iterator

import pytest
from google.api_core import exceptions
from google.cloud import iam_admin_v1, notebooks_v2, orgpolicy_v2, resourcemanager_v3, secretmanager_v1, storage

from mockcloud import mock_gcp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.organisations import ORGANISATION

pytestmark = pytest.mark.scenario(library="google-cloud-org-policy")

PROJECT = "projects/acme"


@pytest.fixture
def strict() -> Iterator[Cloud]:
    with mock_gcp("strict", off=["enablement", "access"], project="acme") as cloud:
        cloud.projects.ensure("acme", parent=ORGANISATION)
        yield cloud


def put(parent: str, constraint: str, *rules: dict[str, object], **spec: object) -> orgpolicy_v2.Policy:
    policy = {"name": f"{parent}/policies/{constraint}", "spec": {"rules": list(rules), **spec}}
    return orgpolicy_v2.OrgPolicyClient().create_policy({"parent": parent, "policy": policy})


def test_locations_are_inherited_and_loosened_below(strict: Cloud, transport: str) -> None:
    client = orgpolicy_v2.OrgPolicyClient(transport=transport)
    put(ORGANISATION, "gcp.resourceLocations", {"values": {"allowed_values": ["in:eu-locations"]}})
    with pytest.raises(exceptions.PreconditionFailed, match=r"gcp.resourceLocations"):
        storage.Client().create_bucket("acme-us", location="US-CENTRAL1")
    storage.Client().create_bucket("acme-eu", location="EUROPE-WEST4")
    rule = {"values": {"allowed_values": ["in:us-locations"]}}
    put(PROJECT, "gcp.resourceLocations", rule, inherit_from_parent=True)
    storage.Client().create_bucket("acme-us", location="US-CENTRAL1")
    effective = client.get_effective_policy(name=f"{PROJECT}/policies/gcp.resourceLocations")
    assert list(effective.spec.rules[0].values.allowed_values) == ["in:eu-locations", "in:us-locations"]
    client.delete_policy(name=f"{ORGANISATION}/policies/gcp.resourceLocations")
    with pytest.raises(exceptions.PreconditionFailed):
        storage.Client().create_bucket("acme-eu-2", location="EUROPE-WEST4")


def test_keys_of_service_accounts_and_public_members_are_refused(strict: Cloud) -> None:
    iam = iam_admin_v1.IAMClient()
    account = iam.create_service_account(name=PROJECT, account_id="trainer")
    iam.create_service_account_key({"name": account.name})
    put(ORGANISATION, "iam.disableServiceAccountKeyCreation", {"enforce": True})
    with pytest.raises(exceptions.FailedPrecondition, match=r"iam.disableServiceAccountKeyCreation"):
        iam.create_service_account_key({"name": account.name})
    put(PROJECT, "iam.disableServiceAccountKeyCreation", {"enforce": False})
    iam.create_service_account_key({"name": account.name})
    put(PROJECT, "storage.publicAccessPrevention", {"enforce": True})
    bucket = storage.Client().create_bucket("acme-public")
    policy = bucket.get_iam_policy(requested_policy_version=3)
    policy.bindings.append({"role": "roles/storage.objectViewer", "members": {"allUsers"}})
    with pytest.raises(exceptions.PreconditionFailed):
        bucket.set_iam_policy(policy)


def test_only_members_of_the_organisation_are_let_in(strict: Cloud) -> None:
    customer = resourcemanager_v3.OrganizationsClient().get_organization(name=ORGANISATION).directory_customer_id
    put(ORGANISATION, "iam.allowedPolicyMemberDomains", {"values": {"allowed_values": [customer]}})
    client = resourcemanager_v3.ProjectsClient()
    policy = {"bindings": [{"role": "roles/viewer", "members": ["user:alice@mock.test"]}]}
    client.set_iam_policy({"resource": PROJECT, "policy": policy})
    policy["bindings"][0]["members"] = ["user:eve@evil.test"]
    with pytest.raises(exceptions.FailedPrecondition, match=r"allowedPolicyMemberDomains"):
        client.set_iam_policy({"resource": PROJECT, "policy": policy})


def test_the_set_for_notebooks_holds_new_instances(strict: Cloud) -> None:
    for each in ("disableRootAccess", "disableFileDownloads", "restrictPublicIp"):
        put(ORGANISATION, f"ainotebooks.{each}", {"enforce": True})
    client = notebooks_v2.NotebookServiceClient()
    parent = f"{PROJECT}/locations/europe-west4-a"
    setup = {"machine_type": "e2-standard-4", "disable_public_ip": True}
    request = {"parent": parent, "instance_id": "alice", "instance": {"gce_setup": setup}}
    with pytest.raises(exceptions.FailedPrecondition, match=r"ainotebooks.disable"):
        client.create_instance(request)
    setup["metadata"] = {"notebook-disable-root": "true", "notebook-disable-downloads": "true"}
    client.create_instance(request)


def test_a_dry_run_refuses_nothing_and_is_logged(strict: Cloud) -> None:
    client = orgpolicy_v2.OrgPolicyClient()
    name = f"{PROJECT}/policies/gcp.restrictNonCmekServices"
    spec = {"rules": [{"values": {"denied_values": ["secretmanager.googleapis.com"]}}]}
    made = client.create_policy({"parent": PROJECT, "policy": {"name": name, "dry_run_spec": spec}})
    secrets = secretmanager_v1.SecretManagerServiceClient()
    secrets.create_secret({"parent": PROJECT, "secret_id": "token", "secret": {"replication": {"automatic": {}}}})
    assert [each.policy for each in strict.journal.violations] == ["gcp.restrictNonCmekServices"]
    client.update_policy({"policy": {"name": made.name, "spec": spec}, "update_mask": {"paths": ["spec"]}})
    with pytest.raises(exceptions.FailedPrecondition, match=r"CMEK"):
        secrets.create_secret({"parent": PROJECT, "secret_id": "other", "secret": {"replication": {"automatic": {}}}})


def test_a_custom_constraint_is_a_condition_on_the_resource(strict: Cloud) -> None:
    client = orgpolicy_v2.OrgPolicyClient()
    custom = {
        "name": f"{ORGANISATION}/customConstraints/custom.noPublicInstances",
        "resource_types": ["notebooks.googleapis.com/Instance"],
        "method_types": ["CREATE"],
        "condition": "resource.gceSetup.disablePublicIp == true",
        "action_type": "ALLOW",
        "display_name": "Workbench instances have no public address",
    }
    client.create_custom_constraint({"parent": ORGANISATION, "custom_constraint": custom})
    put(PROJECT, "custom.noPublicInstances", {"enforce": True})
    notebooks = notebooks_v2.NotebookServiceClient()
    request = {"parent": f"{PROJECT}/locations/us-central1-a", "instance_id": "bob", "instance": {"gce_setup": {}}}
    with pytest.raises(exceptions.FailedPrecondition, match=r"no public address"):
        notebooks.create_instance(request)
    request["instance"] = {"gce_setup": {"disable_public_ip": True}}
    notebooks.create_instance(request)
    names = {each.name.rpartition("/")[2] for each in client.list_constraints(parent=PROJECT)}
    assert {"gcp.resourceLocations", "ainotebooks.accessMode"} <= names
