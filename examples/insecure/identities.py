"""Identities: rights that work at once, and for ever."""

import delivery
import keys
import pulumi
import pulumi_gcp as gcp

PROJECT = "churn-by-friday"

# Basic roles, rights to be every account, an administrator that is a machine, and people who administer without end.
for name, role, member in (
    ("editors", "roles/editor", "group:developers@acme.test"),
    ("impersonators", "roles/iam.serviceAccountTokenCreator", "group:developers@acme.test"),
    ("users", "roles/iam.serviceAccountUser", "user:alice@acme.test"),
    ("account-admins", "roles/iam.serviceAccountAdmin", "user:alice@acme.test"),
    ("readers", "roles/storage.objectViewer", "group:everybody@acme.test"),
):
    gcp.projects.IAMMember(name, project=PROJECT, role=role, member=member)
gcp.projects.IAMMember(
    "deployer",
    project=PROJECT,
    role="roles/storage.admin",
    member=pulumi.Output.concat("serviceAccount:", delivery.deployer.email),
)

# Keys in files: of an account, and of the storage's own kind.
gcp.serviceaccount.Key("deployer", service_account_id=delivery.deployer.name)
gcp.storage.HmacKey("deployer", service_account_email=delivery.deployer.email)

# A role of our own that can give itself any other, and carry models away.
gcp.projects.IAMCustomRole(
    "helper",
    role_id="helper",
    title="helper",
    permissions=["resourcemanager.projects.setIamPolicy", "aiplatform.models.export"],
)

# People read models, and may swap them.
gcp.storage.BucketIAMMember(
    "models", bucket=keys.models.name, role="roles/storage.objectAdmin", member="user:alice@acme.test"
)

# Privileged access that nobody approves, for a month at a time, without a reason.
gcp.privilegedaccessmanager.Entitlement(
    "break-glass",
    entitlement_id="break-glass",
    parent=f"projects/{PROJECT}",
    location="global",
    max_request_duration="2592000s",
    eligible_users=[{"principals": ["group:developers@acme.test"]}],
    privileged_access={
        "gcp_iam_access": {
            "resource": f"//cloudresourcemanager.googleapis.com/projects/{PROJECT}",
            "resource_type": "cloudresourcemanager.googleapis.com/Project",
            "role_bindings": [{"role": "roles/owner"}],
        }
    },
    requester_justification_config={"not_mandatory": {}},
)

# The only rule of the organisation is one that is switched off.
gcp.orgpolicy.Policy(
    "downloads",
    name=f"projects/{PROJECT}/policies/ainotebooks.disableFileDownloads",
    parent=f"projects/{PROJECT}",
    spec={"rules": [{"enforce": "FALSE"}]},
)
