"""Who may read and write which data, of every form of grant."""

from __future__ import annotations

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.flow import Kind, Role
from tests.policies.flow.world import (
    OTHER,
    TRAINER,
    account,
    bucket,
    dataset,
    edges,
    flow,
    on_bucket,
    on_project,
    schedule,
    table,
)
from tests.policies.rules.harness import PROJECT, R, urn

READS = ("raw", "grant", "trainer")
WRITES = ("trainer", "grant", "raw")


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("roles/storage.objectViewer", True, False),
        ("roles/storage.objectCreator", False, True),
        ("roles/storage.objectUser", True, True),
        ("roles/storage.admin", True, True),
        ("roles/storage.objectAdmin", True, True),
        ("roles/storage.legacyObjectReader", True, False),
        ("roles/storage.legacyObjectOwner", True, False),
        ("roles/storage.legacyBucketReader", False, False),
        ("roles/storage.legacyBucketWriter", False, True),
        ("roles/storage.legacyBucketOwner", False, True),
        ("roles/storage.bucketViewer", False, False),
        ("roles/viewer", True, False),
        ("roles/editor", True, True),
        ("roles/owner", True, True),
        ("roles/bigquery.dataViewer", False, False),
        ("roles/storage.folderAdmin", True, True),
        ("roles/dataflow.worker", True, True),
        ("roles/dataflow.admin", True, True),
        ("roles/dataflow.developer", False, False),
        ("roles/dataproc.worker", True, True),
        ("roles/composer.worker", True, True),
        ("roles/cloudbuild.builds.builder", True, True),
        ("roles/cloudbuild.builds.editor", False, False),
        ("roles/clouddeploy.jobRunner", True, True),
    ],
)
def test_what_roles_allow_on_objects(role: str, reads: bool, writes: bool) -> None:
    found = edges(account("trainer"), schedule(), bucket("raw"), on_bucket("raw", role))
    assert (READS in found) is reads
    assert (WRITES in found) is writes


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("roles/bigquery.dataViewer", True, False),
        ("roles/bigquery.dataEditor", True, True),
        ("roles/bigquery.dataOwner", True, True),
        ("roles/bigquery.admin", True, True),
        ("roles/bigquery.studioAdmin", True, True),
        ("roles/bigquery.metadataViewer", False, False),
        ("roles/bigquery.jobUser", False, False),
        ("roles/storage.objectUser", False, False),
    ],
)
def test_what_roles_allow_on_tables(role: str, reads: bool, writes: bool) -> None:
    found = edges(account("trainer"), dataset("raw"), table("people", "raw"), on_project(role))
    for name in ("raw", "people"):
        assert ((name, "grant", "trainer") in found) is reads
        assert (("trainer", "grant", name) in found) is writes


@pytest.mark.parametrize(("role", "writes"), [("READER", False), ("WRITER", True), ("OWNER", True)])
def test_what_lists_of_access_allow(role: str, writes: bool) -> None:
    access = R("bigquery.DatasetAccess", {"datasetId": "raw", "project": PROJECT, "role": role, "userByEmail": TRAINER})
    found = edges(account("trainer"), dataset("raw"), table("people", "raw"), access)
    assert ("people", "grant", "trainer") in found
    assert (("trainer", "grant", "people") in found) is writes


def test_a_grant_on_one_table_reaches_no_other() -> None:
    inputs = {"datasetId": "raw", "tableId": "people", "project": PROJECT, "role": "roles/bigquery.dataViewer"}
    grant = R("bigquery.IamMember", {**inputs, "member": f"serviceAccount:{TRAINER}"}, "grant")
    found = edges(account("trainer"), dataset("raw"), table("people", "raw"), table("places", "raw"), grant)
    assert found == {("people", "grant", "trainer")}


def test_a_grant_on_a_project_reaches_that_project_alone() -> None:
    far = bucket("far", project="acme-other")
    found = edges(account("trainer"), bucket("raw"), far, on_project("roles/storage.objectViewer"))
    assert found == {READS}


def test_a_grant_on_a_folder_reaches_everything() -> None:
    inputs = {"folder": "folders/1", "role": "roles/storage.objectViewer", "member": f"serviceAccount:{TRAINER}"}
    found = edges(account("trainer"), bucket("raw"), bucket("far", "acme-other"), R("folder.IAMMember", inputs))
    assert found == {READS, ("far", "grant", "trainer")}


def test_a_bucket_of_unknown_project_is_reached() -> None:
    lost = R("storage.Bucket", {"name": "raw"}, "raw")
    assert READS in edges(account("trainer"), lost, on_project("roles/storage.objectViewer"))


@pytest.mark.parametrize(
    ("permissions", "reads", "writes"),
    [
        (["storage.objects.get"], True, False),
        (["storage.objects.create"], False, True),
        (["storage.objects.update"], False, True),
        (["storage.objects.get", "storage.objects.update"], True, True),
        (["bigquery.tables.getData", "bigquery.tables.updateData"], False, False),
        (["storage.buckets.get"], False, False),
    ],
)
def test_custom_roles_are_looked_into(permissions: list[str], reads: bool, writes: bool) -> None:
    role = R("projects.IAMCustomRole", {"roleId": "own", "project": PROJECT, "permissions": permissions}, "own")
    grant = on_bucket("raw", f"projects/{PROJECT}/roles/own")
    found = edges(account("trainer"), bucket("raw"), role, grant)
    assert (READS in found) is reads
    assert (WRITES in found) is writes


@pytest.mark.parametrize(
    ("permissions", "reads", "writes"),
    [
        (["bigquery.tables.getData"], True, False),
        (["bigquery.tables.updateData"], False, True),
        (["bigquery.tables.create"], False, True),
        (["bigquery.tables.get", "storage.objects.get"], False, False),
    ],
)
def test_custom_roles_are_looked_into_for_tables(permissions: list[str], reads: bool, writes: bool) -> None:
    role = R("projects.IAMCustomRole", {"roleId": "own", "project": PROJECT, "permissions": permissions}, "own")
    found = edges(account("trainer"), table("people", "raw"), role, on_project(f"projects/{PROJECT}/roles/own"))
    assert (("people", "grant", "trainer") in found) is reads
    assert (("trainer", "grant", "people") in found) is writes


@pytest.mark.parametrize("role", [f"projects/{PROJECT}/roles/elsewhere", UNKNOWN])
def test_a_role_that_nobody_can_look_into_may_allow_anything(role: str) -> None:
    found = flow(account("trainer"), bucket("raw"), on_bucket("raw", role)).edges
    assert {(each.sure, each.target == urn("storage.Bucket", "raw")) for each in found} == {
        (False, True),
        (False, False),
    }


def test_a_grant_on_an_unknown_bucket_may_be_on_any() -> None:
    [edge] = flow(account("trainer"), bucket("raw"), on_bucket(UNKNOWN, "roles/storage.objectViewer")).edges
    assert not edge.sure
    [known] = flow(account("trainer"), bucket("raw"), on_bucket("raw", "roles/storage.objectViewer")).edges
    assert known.sure
    assert edges(account("trainer"), bucket("raw"), on_bucket("elsewhere", "roles/storage.objectViewer")) == set()


def test_people_and_groups_are_no_nodes() -> None:
    inputs = {"bucket": "raw", "role": "roles/storage.objectViewer", "member": "user:alice@acme.test"}
    found = flow(bucket("raw"), R("storage.BucketIAMMember", inputs))
    assert not found.edges
    assert [each.role for each in found.nodes.values()] == [Role.STORE]


def test_an_account_of_elsewhere_is_a_node_by_its_address() -> None:
    outside = "job@acme-partner.iam.gserviceaccount.com"
    found = flow(bucket("raw"), on_bucket("raw", "roles/storage.objectViewer", outside))
    node = found.nodes[f"serviceAccount:{outside}"]
    assert node.role is Role.IDENTITY
    assert node.resource is None


def test_who_acts_as_an_account_reads_what_it_reads() -> None:
    inputs = {
        "serviceAccountId": f"projects/{PROJECT}/serviceAccounts/{OTHER}",
        "role": "roles/iam.serviceAccountTokenCreator",
        "member": f"serviceAccount:{TRAINER}",
    }
    read = on_bucket("raw", "roles/storage.objectViewer", OTHER)
    become = R("serviceaccount.IAMMember", inputs, "become")
    found = flow(account("trainer"), account("other"), bucket("raw"), read, become)
    way = found.upstream(urn("serviceaccount.Account", "trainer"))[urn("storage.Bucket", "raw")]
    assert [each.kind.value for each in way] == ["grant", "acts as"]
    assert ("trainer", "acts as", "other") not in {(each.source, each.kind.value, each.target) for each in found.edges}


def test_on_a_project_one_may_act_as_each_of_its_accounts() -> None:
    become = on_project("roles/iam.serviceAccountUser")
    found = edges(account("trainer"), account("other"), become)
    assert found == {("other", "acts as", "trainer")}


def test_viewing_accounts_is_not_acting_as_them() -> None:
    assert edges(account("trainer"), account("other"), on_project("roles/iam.serviceAccountViewer")) == set()


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [("organizations.IAMMember", {"orgId": "1"}), ("folder.IAMMember", {"folder": "folders/1"})],
)
def test_grants_on_what_is_above_projects_are_sure(type_: str, inputs: dict[str, str]) -> None:
    said = {**inputs, "role": "roles/storage.objectViewer", "member": f"serviceAccount:{TRAINER}"}
    [edge] = flow(account("trainer"), bucket("raw"), R(type_, said, "grant")).edges
    assert (edge.through, edge.sure, edge.masked) == (urn(type_, "grant"), True, False)


def test_a_grant_on_an_unknown_project_may_be_on_any() -> None:
    role = "roles/storage.objectUser"
    found = flow(account("trainer"), bucket("raw"), bucket("far", "acme-other"), on_project(role, project=UNKNOWN))
    assert [each.sure for each in found.edges] == [False] * 4
    known = flow(account("trainer"), bucket("raw"), bucket("far", "acme-other"), on_project(role))
    assert [each.sure for each in known.edges] == [True] * 2


def test_a_grant_on_an_unknown_dataset_may_be_on_any() -> None:
    inputs = {"datasetId": UNKNOWN, "project": PROJECT, "role": "roles/bigquery.dataEditor"}
    grant = R("bigquery.DatasetIamMember", {**inputs, "member": f"serviceAccount:{TRAINER}"}, "grant")
    found = flow(account("trainer"), dataset("raw"), bucket("raw"), grant).edges
    assert [(each.source == urn("bigquery.Dataset", "raw"), each.sure) for each in found] == [
        (True, False),
        (False, False),
    ]


def test_a_grant_on_a_dataset_reaches_its_tables_and_no_others() -> None:
    inputs = {"datasetId": "raw", "project": PROJECT, "role": "roles/bigquery.dataViewer"}
    grant = R("bigquery.DatasetIamMember", {**inputs, "member": f"serviceAccount:{TRAINER}"}, "grant")
    others = (dataset("more"), table("places", "more"))
    found = edges(account("trainer"), dataset("raw"), table("people", "raw"), *others, grant)
    assert found == {("raw", "grant", "trainer"), ("people", "grant", "trainer")}


def test_agents_of_google_are_no_nodes() -> None:
    agent = "service-1@gcp-sa-aiplatform.iam.gserviceaccount.com"
    found = flow(bucket("raw"), on_bucket("raw", "roles/storage.admin", agent))
    assert not found.edges
    assert list(found.nodes) == [urn("storage.Bucket", "raw")]


@pytest.mark.parametrize("role", ["roles/iam.serviceAccountUser", "roles/iam.serviceAccountTokenCreator"])
def test_on_another_project_nobody_acts_as_an_account_of_this(role: str) -> None:
    assert edges(account("trainer"), account("other"), on_project(role, project="acme-other")) == set()


@pytest.mark.parametrize(
    ("role", "sure"),
    [
        ("roles/iam.serviceAccountUser", True),
        (f"projects/{PROJECT}/roles/elsewhere", False),
        ("roles/iam.serviceAccountViewer", None),
    ],
)
def test_whether_one_may_act_as_an_account_hangs_on_the_role(role: str, sure: bool | None) -> None:
    name = f"projects/{PROJECT}/serviceAccounts/{OTHER}"
    inputs = {"serviceAccountId": name, "role": role, "member": f"serviceAccount:{TRAINER}"}
    grant = R("serviceaccount.IAMMember", inputs, "become")
    found = flow(account("trainer"), account("other"), grant).edges
    assert [(each.kind, each.through, each.sure) for each in found] == (
        [] if sure is None else [(Kind.ACTS_AS, grant.urn, sure)]
    )


def test_an_account_does_not_act_as_itself() -> None:
    name = f"projects/{PROJECT}/serviceAccounts/{TRAINER}"
    inputs = {"serviceAccountId": name, "role": "roles/iam.serviceAccountUser", "member": f"serviceAccount:{TRAINER}"}
    assert edges(account("trainer"), R("serviceaccount.IAMMember", inputs, "become")) == set()


@pytest.mark.parametrize("role", ["roles/aiplatform.customCodeServiceAgent", "roles/dataplex.serviceAgent"])
def test_what_a_role_for_agents_of_google_allows_is_not_sure(role: str) -> None:
    found = flow(account("trainer"), bucket("raw"), on_project(role)).edges
    assert {(each.source.endswith("raw"), each.sure) for each in found} == {(True, False), (False, False)}


@pytest.mark.parametrize("project", [PROJECT, "-"])
def test_an_account_that_is_not_there_yet_is_found_by_its_full_name(project: str) -> None:
    """Before the first deployment an account has no id, and a program may write the name of it as a text."""
    reader = R("serviceaccount.Account", {"accountId": "other", "project": PROJECT}, "other")
    name = f"projects/{project}/serviceAccounts/{OTHER}"
    inputs = {"serviceAccountId": name, "role": "roles/iam.serviceAccountTokenCreator"}
    acts = R("serviceaccount.IAMMember", {**inputs, "member": f"serviceAccount:{TRAINER}"}, "acts")
    assert ("other", "acts as", "trainer") in edges(account("trainer"), reader, acts)


def test_a_role_on_an_account_that_is_not_known_may_let_it_be_taken() -> None:
    inputs = {
        "serviceAccountId": f"projects/{PROJECT}/serviceAccounts/{OTHER}",
        "role": UNKNOWN,
        "member": f"serviceAccount:{TRAINER}",
    }
    [edge] = flow(account("trainer"), account("other"), R("serviceaccount.IAMMember", inputs, "become")).edges
    assert (edge.kind.value, edge.sure) == ("acts as", False)


def test_a_grant_on_an_account_that_is_not_known_may_be_on_any() -> None:
    inputs = {
        "serviceAccountId": UNKNOWN,
        "role": "roles/iam.serviceAccountUser",
        "member": f"serviceAccount:{TRAINER}",
    }
    [edge] = flow(account("trainer"), account("other"), R("serviceaccount.IAMMember", inputs, "become")).edges
    assert (edge.source, edge.sure) == (urn("serviceaccount.Account", "other"), False)
