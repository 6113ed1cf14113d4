"""The tables of roles and permissions: whole, and what they say of some that matter."""

import re
from pathlib import Path

import pytest

from mockcloud.cloud.access.permissions import permission_of, permissions_of_api, service_of
from mockcloud.cloud.access.roles import can_be_custom, included, known_permissions, predefined
from mockcloud.cloud.errors import ApiError
from mockcloud.discovery.catalogue import description
from mockcloud.discovery.documents import apis
from mockcloud.discovery.methods import Method

ROOT = Path(__file__).parents[4]


def method(full_id: str, version: str = "v1") -> Method:
    api, _, identifier = full_id.partition(".")
    return description(api, version).routes.by_id[identifier]


@pytest.mark.parametrize(
    ("full_id", "version", "permission"),
    [
        ("aiplatform.projects.locations.endpoints.create", "v1", "aiplatform.endpoints.create"),
        ("aiplatform.projects.locations.endpoints.deployModel", "v1", "aiplatform.endpoints.deploy"),
        ("aiplatform.projects.locations.publishers.models.generateContent", "v1", "aiplatform.endpoints.predict"),
        ("aiplatform.projects.locations.models.evaluations.list", "v1", "aiplatform.modelEvaluations.list"),
        ("aiplatform.projects.locations.models.patch", "v1", "aiplatform.models.update"),
        ("storage.objects.insert", "v1", "storage.objects.create"),
        ("storage.bucketAccessControls.list", "v1", "storage.buckets.getIamPolicy"),
        ("bigquery.tabledata.list", "v2", "bigquery.tables.getData"),
        ("bigquery.jobs.query", "v2", "bigquery.jobs.create"),
        ("cloudkms.projects.locations.keyRings.cryptoKeys.encrypt", "v1", "cloudkms.cryptoKeyVersions.useToEncrypt"),
        ("secretmanager.projects.secrets.versions.access", "v1", "secretmanager.versions.access"),
        ("cloudresourcemanager.projects.setIamPolicy", "v3", "resourcemanager.projects.setIamPolicy"),
        ("cloudresourcemanager.projects.getOrgPolicy", "v1", "orgpolicy.policy.get"),
        ("compute.instances.setMetadata", "v1", "compute.instances.setMetadata"),
        ("compute.instances.aggregatedList", "v1", "compute.instances.list"),
        ("container.projects.locations.clusters.nodePools.setSize", "v1", "container.clusters.update"),
        ("sqladmin.instances.insert", "v1", "cloudsql.instances.create"),
        ("dlp.projects.locations.content.inspect", "v2", "serviceusage.services.use"),
        ("iam.projects.serviceAccounts.keys.create", "v1", "iam.serviceAccountKeys.create"),
        ("logging.entries.list", "v2", "logging.logEntries.list"),
        ("aiplatform.projects.locations.operations.get", "v1", None),
        ("aiplatform.projects.locations.list", "v1", None),
        ("cloudresourcemanager.projects.testIamPermissions", "v3", None),
        ("iam.roles.get", "v1", None),
        ("sts.token", "v1", None),
    ],
)
def test_a_method_asks_for_a_permission(full_id: str, version: str, permission: str | None) -> None:
    assert permission_of(method(full_id, version)) == permission


def test_a_method_without_a_row_names_itself() -> None:
    with pytest.raises(ApiError, match=r"dataflow\.projects\.workerMessages") as refused:
        permission_of(method("dataflow.projects.workerMessages", "v1b3"))
    assert refused.value.code == 501


def test_nearly_every_method_has_a_row() -> None:
    total, missing = 0, 0
    for api in ("aiplatform", "storage", "compute", "bigquery", "cloudkms", "run", "iam", "secretmanager"):
        for each in description(api, next(iter(apis()[api]["versions"]))).routes.by_id.values():
            total += 1
            try:
                permission_of(each)
            except ApiError:
                missing += 1
    assert missing / total < 0.15


@pytest.mark.parametrize(
    ("role", "has", "lacks"),
    [
        ("viewer", "aiplatform.models.list", "aiplatform.models.upload"),
        ("viewer", "storage.buckets.list", "storage.objects.get"),
        ("editor", "aiplatform.models.upload", "resourcemanager.projects.setIamPolicy"),
        ("editor", "secretmanager.secrets.create", "secretmanager.versions.access"),
        ("owner", "resourcemanager.projects.setIamPolicy", "iam.serviceAccounts.getAccessToken"),
        ("aiplatform.user", "aiplatform.endpoints.predict", "aiplatform.endpoints.setIamPolicy"),
        ("aiplatform.viewer", "aiplatform.endpoints.get", "aiplatform.endpoints.predict"),
        ("storage.objectViewer", "storage.objects.list", "storage.buckets.get"),
        ("storage.legacyBucketWriter", "storage.buckets.get", "storage.objects.get"),
        ("cloudkms.admin", "cloudkms.cryptoKeys.create", "cloudkms.cryptoKeyVersions.useToDecrypt"),
        ("cloudkms.signerVerifier", "cloudkms.cryptoKeyVersions.useToSign", "cloudkms.cryptoKeyVersions.useToDecrypt"),
        ("secretmanager.secretAccessor", "secretmanager.versions.access", "secretmanager.versions.add"),
        ("run.developer", "run.services.create", "run.services.setIamPolicy"),
        ("iam.serviceAccountUser", "iam.serviceAccounts.actAs", "iam.serviceAccounts.getAccessToken"),
    ],
)
def test_a_role_allows_what_google_says(role: str, has: str, lacks: str) -> None:
    found = predefined()[f"roles/{role}"]
    assert found.allows(has)
    assert not found.allows(lacks)


def test_every_role_that_the_constructs_grant_has_a_row_and_allows_something() -> None:
    named: set[str] = set()
    for file in (ROOT / "constructs" / "groundplan").rglob("*"):
        if file.suffix in {".py", ".yaml"}:
            named |= set(re.findall(r"roles/[A-Za-z]+(?:\.[A-Za-z]+)*", file.read_text(encoding="utf-8")))
    assert len(named) > 100
    assert sorted(named - set(predefined())) == []
    assert [each for each in predefined() if not included(each)] == []


def test_permissions_are_known_by_api() -> None:
    assert "aiplatform.models.upload" in permissions_of_api("aiplatform")
    assert "iam.serviceAccounts.actAs" in known_permissions()
    assert service_of("cloudresourcemanager") == "resourcemanager"


@pytest.mark.parametrize(
    ("permission", "of_project", "of_organisation"),
    [
        ("aiplatform.models.upload", True, True),
        ("compute.instances.osLogin", True, True),
        ("container.pods.exec", True, True),
        ("bigquery.tables.setCategory", True, True),
        ("healthcare.datasets.get", True, True),
        ("iam.googleapis.com/workforcePools.get", True, True),
        ("resourcemanager.projects.list", False, True),
        ("resourcemanager.folders.get", False, True),
        ("storage.objects.frobnicate", False, False),
        ("foo.bar.get", False, False),
        ("storage.get", False, False),
        ("storage.objects.*", False, False),
    ],
)
def test_a_custom_role_holds_what_can_be_a_permission(permission: str, of_project: bool, of_organisation: bool) -> None:
    assert can_be_custom(permission, "projects/acme") is of_project
    assert can_be_custom(permission, "organizations/1") is of_organisation


def test_every_method_that_is_modelled_has_a_row() -> None:
    from mockcloud.services.registry import service

    missing = []
    for api in apis():
        for version in apis()[api]["versions"]:
            for each in description(api, version).routes.by_id.values():
                if service(api).how(each):
                    try:
                        permission_of(each)
                    except ApiError:
                        missing.append(each.full_id)
    assert missing == []
