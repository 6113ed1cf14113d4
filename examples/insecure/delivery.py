"""Delivery: from any branch of anybody, as an account that may do all."""

import pulumi_gcp as gcp

# Build workers with external addresses, and images under Google's own keys.
gcp.cloudbuild.WorkerPool("builds", location="us-central1", worker_config={"disk_size_gb": 100})
gcp.artifactregistry.Repository("images", location="us-central1", repository_id="images", format="DOCKER")

# Every repository of the code host gets a token, not only ours; and each that does may act as the deployer.
pool = gcp.iam.WorkloadIdentityPool("code", workload_identity_pool_id="code")
gcp.iam.WorkloadIdentityPoolProvider(
    "code",
    workload_identity_pool_id=pool.workload_identity_pool_id,
    workload_identity_pool_provider_id="code",
    attribute_mapping={"google.subject": "assertion.sub"},
    oidc={"issuer_uri": "https://token.actions.githubusercontent.com"},
)
deployer = gcp.serviceaccount.Account("deployer", account_id="deployer")
gcp.serviceaccount.IAMMember(
    "code",
    service_account_id=deployer.name,
    role="roles/iam.workloadIdentityUser",
    member="principalSet://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/code/*",
)

# Who builds also approves what was built.
for role in ("roles/cloudbuild.builds.editor", "roles/clouddeploy.approver"):
    gcp.projects.IAMMember(
        f"developers-{role.rpartition('.')[2]}",
        project="churn-by-friday",
        role=role,
        member="group:developers@acme.test",
    )
