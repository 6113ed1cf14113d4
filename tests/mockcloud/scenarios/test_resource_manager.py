"""Projects, folders, tags and liens, through Google's own client."""

from collections.abc import Iterator

import pytest
from google.api_core import exceptions
from google.cloud import resourcemanager_v3
from google.iam.v1 import iam_policy_pb2, policy_pb2
from google.oauth2 import credentials
from google.type import expr_pb2

from mockcloud import mock_gcp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.organisations import ORGANISATION
from mockcloud.cloud.tokens import mock_token

pytestmark = pytest.mark.scenario(library="google-cloud-resource-manager")


@pytest.fixture
def strict() -> Iterator[Cloud]:
    with mock_gcp("strict", off=["enablement"]) as cloud:
        yield cloud


def projects(member: str = "", transport: str = "grpc") -> resourcemanager_v3.ProjectsClient:
    held = credentials.Credentials(mock_token(member)) if member else None
    return resourcemanager_v3.ProjectsClient(credentials=held, transport=transport)


def test_a_project_is_made_in_a_folder_moved_deleted_and_brought_back(strict: Cloud, transport: str) -> None:
    folders = resourcemanager_v3.FoldersClient(transport=transport)
    folder = folders.create_folder({"folder": {"parent": ORGANISATION, "display_name": "ml"}}).result()
    with pytest.raises(exceptions.Conflict):
        folders.create_folder({"folder": {"parent": ORGANISATION, "display_name": "ml"}})
    client = projects(transport=transport)
    made = client.create_project(
        {"project": {"project_id": "acme-ml-dev", "parent": folder.name, "labels": {"team": "ml"}}}
    ).result()
    assert (made.parent, made.state.name) == (folder.name, "ACTIVE")
    assert client.get_project(name=made.name).project_id == "acme-ml-dev"
    assert [each.project_id for each in client.list_projects(parent=folder.name)] == ["acme-ml-dev"]
    assert [each.project_id for each in client.search_projects(query="id:acme-ml-dev")] == ["acme-ml-dev"]
    with pytest.raises(exceptions.BadRequest):
        folders.delete_folder(name=folder.name)
    assert client.move_project(name=made.name, destination_parent=ORGANISATION).result().parent == ORGANISATION
    assert client.delete_project(name=made.name).result().state.name == "DELETE_REQUESTED"
    assert client.undelete_project({"name": made.name}).result().state.name == "ACTIVE"
    assert folders.delete_folder(name=folder.name).result().state.name == "DELETE_REQUESTED"


def test_whoever_makes_a_project_owns_it_and_others_do_not_see_it(strict: Cloud) -> None:
    policy = resourcemanager_v3.OrganizationsClient().get_iam_policy({"resource": ORGANISATION})
    policy.bindings.add(role="roles/resourcemanager.projectCreator", members=["user:alice@mock.test"])
    resourcemanager_v3.OrganizationsClient().set_iam_policy(
        iam_policy_pb2.SetIamPolicyRequest(resource=ORGANISATION, policy=policy)
    )
    alice, bob = projects("user:alice@mock.test"), projects("user:bob@mock.test")
    alice.create_project({"project": {"project_id": "acme-ml-dev", "parent": ORGANISATION}}).result()
    assert "roles/owner" in {each.role for each in alice.get_iam_policy({"resource": "projects/acme-ml-dev"}).bindings}
    with pytest.raises(exceptions.PermissionDenied):
        bob.get_project(name="projects/acme-ml-dev")
    assert list(bob.search_projects()) == []
    with pytest.raises(exceptions.PermissionDenied):
        bob.create_project({"project": {"project_id": "bobs-project", "parent": ORGANISATION}})
    held = alice.test_iam_permissions(
        {"resource": "projects/acme-ml-dev", "permissions": ["resourcemanager.projects.delete", "billing.accounts.get"]}
    )
    assert list(held.permissions) == ["resourcemanager.projects.delete"]


def test_a_tag_carries_a_condition_to_everything_below_what_it_is_bound_to(strict: Cloud) -> None:
    strict.projects.ensure("acme-ml-dev")
    keys, values = resourcemanager_v3.TagKeysClient(), resourcemanager_v3.TagValuesClient()
    key = keys.create_tag_key({"tag_key": {"parent": ORGANISATION, "short_name": "env"}}).result()
    prod = values.create_tag_value({"tag_value": {"parent": key.name, "short_name": "prod"}}).result()
    assert prod.namespaced_name == f"{ORGANISATION.partition('/')[2]}/env/prod"
    client = projects()
    policy = policy_pb2.Policy(version=3)
    policy.bindings.add(
        role="roles/browser",
        members=["user:alice@acme.test"],
        condition=expr_pb2.Expr(title="prod", expression=f'resource.matchTag("{key.namespaced_name}", "prod")'),
    )
    client.set_iam_policy(iam_policy_pb2.SetIamPolicyRequest(resource="projects/acme-ml-dev", policy=policy))
    alice = projects("user:alice@acme.test")
    with pytest.raises(exceptions.PermissionDenied):
        alice.get_project(name="projects/acme-ml-dev")
    bindings = resourcemanager_v3.TagBindingsClient()
    parent = f"//cloudresourcemanager.googleapis.com/{ORGANISATION}"
    bound = bindings.create_tag_binding({"tag_binding": {"parent": parent, "tag_value": prod.name}}).result()
    assert alice.get_project(name="projects/acme-ml-dev").project_id == "acme-ml-dev"
    number = client.get_project(name="projects/acme-ml-dev").name
    found = list(bindings.list_effective_tags(parent=f"//cloudresourcemanager.googleapis.com/{number}"))
    assert [(each.namespaced_tag_value, each.inherited) for each in found] == [(prod.namespaced_name, True)]
    with pytest.raises(exceptions.BadRequest):
        values.delete_tag_value(name=prod.name)
    bindings.delete_tag_binding(name=bound.name).result()
    with pytest.raises(exceptions.PermissionDenied):
        alice.get_project(name="projects/acme-ml-dev")
    values.delete_tag_value(name=prod.name).result()
    keys.delete_tag_key(name=key.name).result()


def test_projects_appear_on_first_use_where_nobody_asks(cloud: Cloud) -> None:
    client = projects()
    assert client.get_project(name="projects/somebody-elses").state.name == "ACTIVE"
    assert [each.display_name for each in resourcemanager_v3.OrganizationsClient().search_organizations()] == [
        "mock.test"
    ]
    assert resourcemanager_v3.FoldersClient().get_folder(name="folders/123").state.name == "ACTIVE"
