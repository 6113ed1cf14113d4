"""Delivery: from any branch of anybody, as an account that may do all, to whatever asks for an image."""

import pulumi_gcp as gcp

# Build workers with external addresses, and images under Google's own keys.
gcp.cloudbuild.WorkerPool("builds", location="us-central1", worker_config={"disk_size_gb": 100})
images = gcp.artifactregistry.Repository("images", location="us-central1", repository_id="images", format="DOCKER")

# Nobody looks for holes, everybody may push, and packages come from a mirror that anybody on the way can change.
gcp.artifactregistry.Repository(
    "models",
    location="us-central1",
    repository_id="models",
    format="DOCKER",
    vulnerability_scanning_config={"enablement_config": "DISABLED"},
)
gcp.artifactregistry.RepositoryIamMember(
    "developers",
    location="us-central1",
    repository=images.name,
    role="roles/artifactregistry.writer",
    member="group:developers@acme.test",
)
gcp.artifactregistry.Repository(
    "packages",
    location="us-central1",
    repository_id="packages",
    format="PYTHON",
    mode="REMOTE_REPOSITORY",
    remote_repository_config={
        "disable_upstream_validation": True,
        "python_repository": {"custom_repository": {"uri": "http://mirror.example/simple"}},
    },
)

# A pull request of a stranger starts this build, which deploys to production with a password that all can read.
gcp.cloudbuild.Trigger(
    "production",
    name="deploy-production",
    location="us-central1",
    github={
        "owner": "acme",
        "name": "churn",
        "pull_request": {"branch": ".*", "comment_control": "COMMENTS_DISABLED"},
    },
    build={
        "steps": [{"name": "gcr.io/cloud-builders/docker", "envs": ["DB_PASSWORD=churn2026"], "args": ["build", "."]}],
        "options": {"logging": "NONE"},
    },
)
gcp.clouddeploy.Target("production", name="production", location="us-central1")
gcp.securesourcemanager.Instance("code", location="us-central1", instance_id="code")

# Whatever image it is, it runs; and the one who vouches for images does so with a key on a laptop.
gcp.binaryauthorization.Policy(
    "all", default_admission_rule={"evaluation_mode": "ALWAYS_ALLOW", "enforcement_mode": "DRYRUN_AUDIT_LOG_ONLY"}
)
note = gcp.containeranalysis.Note(
    "checked", name="checked", attestation_authority={"hint": {"human_readable_name": "us"}}
)
gcp.binaryauthorization.Attestor(
    "checked",
    name="checked",
    attestation_authority_note={
        "note_reference": note.name,
        "public_keys": [{"ascii_armored_pgp_public_key": "-----BEGIN PGP PUBLIC KEY BLOCK-----"}],
    },
)

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
