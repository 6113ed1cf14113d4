"""PipelineEnvironment: what it plans in each tier, as whom and with what runs happen, what it refuses."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import groundplan as gp
from groundplan.core.references import RepositoryFormat
from tests.constructs.pipelines.given import (
    KEY,
    OURS,
    SHARED,
    account,
    attachment,
    bucket,
    central_keys,
    network,
    pipelines,
    planned,
    refused,
    repository,
    schedule,
    template,
)
from tests.constructs.plan import environment, plan

BUCKET = "gcp:storage/bucket:Bucket"
BUCKET_MEMBER = "gcp:storage/bucketIAMMember:BucketIAMMember"
ACCOUNT = "gcp:serviceaccount/account:Account"
ACCOUNT_MEMBER = "gcp:serviceaccount/iAMMember:IAMMember"
PROJECT_MEMBER = "gcp:projects/iAMMember:IAMMember"
REPOSITORY = "gcp:artifactregistry/repository:Repository"
REPOSITORY_MEMBER = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember"
METADATA = "gcp:vertex/aiMetadataStore:AiMetadataStore"
SCHEDULE = "gcp:colab/schedule:Schedule"
KEY_GRANT = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
AGENT = "gcp:projects/serviceIdentity:ServiceIdentity"
LEARNER = {
    BUCKET: 1,
    BUCKET_MEMBER: 1,
    ACCOUNT: 1,
    ACCOUNT_MEMBER: 1,
    PROJECT_MEMBER: 4,  # logs, metrics, jobs; the agent's own role
    REPOSITORY: 1,
    REPOSITORY_MEMBER: 2,
    METADATA: 1,
    AGENT: 1,
}
# Keys for storage, Artifact Registry and Vertex AI; the agent of Artifact Registry, made on request, with its role.
OTHERS = {**LEARNER, KEY_GRANT: 3, AGENT: 2, PROJECT_MEMBER: 5}


def test_learner_makes_everything_with_google_s_keys() -> None:
    found = planned(gp.Tier.LEARNER)
    assert found.inventory() == dict(sorted(LEARNER.items()))
    assert "encryptionSpec" not in found.one(METADATA).inputs
    assert "kmsKeyName" not in found.one(REPOSITORY).inputs
    assert not found.one(METADATA).options["protect"]


@pytest.mark.parametrize("tier", [gp.Tier.TEAM, gp.Tier.REGULATED], ids=lambda tier: tier.name)
def test_other_tiers_encrypt_everything_with_their_keys(tier: gp.Tier) -> None:
    found = planned(tier, schedules=(schedule(),))
    assert found.inventory() == dict(sorted({**OTHERS, SCHEDULE: 1}.items()))
    assert found.one(METADATA).inputs["encryptionSpec"] == {"kmsKeyName": KEY}
    assert found.one(REPOSITORY).inputs["kmsKeyName"] == KEY
    assert found.one(BUCKET).inputs["encryption"]["defaultKmsKeyName"] == KEY
    job = found.one(SCHEDULE).inputs["createPipelineJobRequest"]["pipelineJob"]
    assert job["encryptionSpec"] == {"kmsKeyName": KEY}
    for kept in (METADATA, REPOSITORY, BUCKET):
        assert found.one(kept).options["protect"]
        assert found.one(kept).inputs["deletionPolicy"] == "PREVENT"


def test_regulated_restricted_data_needs_the_network_of_the_bucket() -> None:
    more = {"data_class": gp.DataClass.RESTRICTED}
    with pytest.raises(gp.ArgumentError, match="reached from its network only"):
        planned(gp.Tier.REGULATED, **more)
    found = planned(gp.Tier.REGULATED, network=network(), **more)
    assert found.one(BUCKET).inputs["ipFilter"]["mode"] == "Enabled"
    root = bucket(gp.DataClass.RESTRICTED)
    assert BUCKET not in planned(gp.Tier.REGULATED, root=root, **more).inventory()


def test_keys_are_granted_before_what_they_encrypt() -> None:
    found = planned()
    for kept, service in ((METADATA, "aiplatform"), (REPOSITORY, "artifactregistry")):
        names = [granted.name for granted in found.of(KEY_GRANT) if f"agent-{service}" in granted.name]
        assert len(names) == 1
        assert any(urn.endswith(names[0]) for urn in found.one(kept).options["dependencies"]), kept


def test_metadata_store_is_the_one_that_runs_record_into() -> None:
    made = planned().one(METADATA).inputs
    assert made["name"] == "default"
    assert made["region"] == "europe-west4"
    assert METADATA not in planned(metadata_store=False).inventory()


def test_templates_are_in_the_build_project_and_cleaned_up() -> None:
    projects = gp.Projects(workload=OURS, network=OURS, keys=OURS, logs=OURS, build=SHARED)
    found = planned(env=environment(projects=projects))
    made = found.one(REPOSITORY).inputs
    assert made["project"] == "acme-shared"
    assert made["format"] == "KFP"
    assert made["repositoryId"] == "gp-churn-templates"
    assert {policy["action"] for policy in made["cleanupPolicies"]} == {"DELETE", "KEEP"}
    assert made["cleanupPolicyDryRun"] is False
    readers = {granted.inputs["member"] for granted in found.of(REPOSITORY_MEMBER)}
    assert len(readers) == 2
    assert all(granted.inputs["role"] == "roles/artifactregistry.reader" for granted in found.of(REPOSITORY_MEMBER))


def test_account_may_use_the_root_and_run_jobs_as_itself() -> None:
    found = planned()
    assert found.one(BUCKET_MEMBER).inputs["role"] == "roles/storage.objectUser"
    assert found.one(ACCOUNT_MEMBER).inputs["role"] == "roles/iam.serviceAccountUser"
    email = "serviceAccount:gp-churn-account@acme-ml-dev.iam.gserviceaccount.com"
    roles = {member.inputs["role"] for member in found.of(PROJECT_MEMBER) if member.inputs["member"] == email}
    assert roles == {"roles/logging.logWriter", "roles/monitoring.metricWriter", "roles/aiplatform.user"}


def test_what_is_there_is_used() -> None:
    found = planned(root=bucket(), account=account(), templates=repository(), schedules=(template(),))
    assert found.inventory() == {
        SCHEDULE: 1,
        METADATA: 1,
        BUCKET_MEMBER: 1,
        ACCOUNT_MEMBER: 1,
        PROJECT_MEMBER: 2,
        REPOSITORY_MEMBER: 2,
        KEY_GRANT: 1,
        AGENT: 1,
    }
    job = found.one(SCHEDULE).inputs["createPipelineJobRequest"]["pipelineJob"]
    assert job["serviceAccount"] == "pipelines@acme-accounts.iam.gserviceaccount.com"
    assert job["runtimeConfig"]["gcsOutputDirectory"] == "gs://acme-root/pipelines/weekly"


def test_what_is_not_ours_to_grant_becomes_a_request() -> None:
    def program() -> None:
        pipelines(root=bucket(), account=account(managed=False), keys=central_keys(managed=False))
        pulumi.export("requests", gp.requests())

    requests = plan(program).outputs["requests"]
    assert {request["grant"] for request in requests} == {
        "roles/cloudkms.cryptoKeyEncrypterDecrypter",
        "roles/iam.serviceAccountUser",
    }


def test_people_run_and_builders_publish() -> None:
    def program() -> None:
        made = pipelines()
        made.grant_run("group:data-scientists@acme.test")
        made.grant_publish("serviceAccount:builder@acme-ml-dev.iam.gserviceaccount.com")

    found = plan(program)
    group = "group:data-scientists@acme.test"
    given = {
        (resource.type, resource.inputs["role"])
        for kind in (ACCOUNT_MEMBER, PROJECT_MEMBER, REPOSITORY_MEMBER)
        for resource in found.of(kind)
        if resource.inputs["member"] == group
    }
    assert given == {
        (ACCOUNT_MEMBER, "roles/iam.serviceAccountUser"),
        (PROJECT_MEMBER, "roles/aiplatform.user"),
        (REPOSITORY_MEMBER, "roles/artifactregistry.reader"),
    }
    writers = [m.inputs["member"] for m in found.of(REPOSITORY_MEMBER) if m.inputs["role"].endswith("writer")]
    assert writers == ["serviceAccount:builder@acme-ml-dev.iam.gserviceaccount.com"]


def test_existing_environment_in_an_unmanaged_project_is_requested() -> None:
    def program() -> None:
        existing = gp.PipelineEnvironment.from_existing(
            label="central",
            project=gp.Project(id="acme-central", managed=False),
            region="europe-west4",
            data_class=gp.DataClass.INTERNAL,
            root=bucket(),
            account=account(managed=False),
            templates=repository(),
        )
        _, run, _ = existing.grant_run("group:data-scientists@acme.test")
        assert run.binding is None
        assert run.scope == "project"
        pulumi.export("uri", existing.root_uri)
        pulumi.export("requests", gp.requests())

    found = plan(program)
    assert found.inventory() == {REPOSITORY_MEMBER: 1}
    assert found.outputs["uri"] == "gs://acme-root/pipelines"
    assert len(found.outputs["requests"]) == 2


def test_outputs_and_overrides() -> None:
    def program() -> None:
        made = pipelines(schedules=(schedule(),), overrides={"schedule-weekly": {"maxRunCount": "5"}})
        pulumi.export("exported", made.exported())

    found = plan(program)
    assert found.one(SCHEDULE).inputs["maxRunCount"] == "5"
    exported = found.outputs["exported"]
    assert exported["root"]["bucket_name"] == "acme-ml-dev-gp-churn-root"
    assert exported["templates"]["format"] == "KFP"
    assert exported["root_path"] == "pipelines"


def test_names_are_the_same_each_time_and_inside_the_limit() -> None:
    long = "-".join(["pipelines"] * 5)

    def name() -> str:
        return str(planned(name=long, root=bucket(), account=account()).one(REPOSITORY).inputs["repositoryId"])

    assert name() == name()
    assert len(name()) <= 63


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"data_class": "secret"}, "a DataClass"),
        ({"owner": "domain:acme.test"}, "everybody of a domain"),
        ({"keys": None}, "tier team encrypts data with keys of one's own"),
        ({"root": "gs://acme-root"}, "a DataBucket, or DataBucket.from_existing"),
        ({"root": bucket(gp.DataClass.PUBLIC)}, "is for public data, and pipelines would write confidential data"),
        ({"root": bucket(), "network": network()}, "is for a bucket of its own, and one is given"),
        ({"root": bucket(), "delete_after_days": 30}, "delete_after_days without root"),
        ({"network": "default"}, "a Network, or Network.from_existing"),
        ({"root_path": "/pipelines/"}, "a path of letters"),
        ({"root_path": "a/../b"}, "a path of letters"),
        ({"account": "pipelines@acme.iam.gserviceaccount.com"}, "a ServiceIdentity"),
        ({"templates": "templates"}, "an ImageRepository"),
        ({"templates": repository(RepositoryFormat.DOCKER)}, "does not hold pipelines"),
        ({"metadata_store": "default"}, "true or false"),
        ({"connection": "default"}, "a NetworkAttachment or a PrivateServiceAccess"),
        ({"connection": attachment("europe-west1")}, "is in another region than the pipelines"),
        ({"schedules": ("weekly",)}, "a PipelineSchedule"),
        ({"schedules": (schedule(), template())}, "names a schedule twice"),
    ],
)
def test_bad_input_is_refused(more: dict[str, Any], words: str) -> None:
    assert words in refused(**more)


def test_key_elsewhere_is_refused() -> None:
    with pytest.raises(Exception, match="is not where the data is"):
        planned(root=bucket(), keys=central_keys(KEY.replace("europe-west4", "europe-west1")))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"region": "EU"}, "a region such as europe-west4"),
        ({"data_class": "data"}, "a DataClass"),
        ({"root": "acme-root"}, "a DataBucket"),
        ({"account": "pipelines"}, "a ServiceIdentity"),
        ({"templates": "templates"}, "an ImageRepository"),
        ({"root_path": "pipelines/"}, "without slashes at its ends"),
    ],
)
def test_from_existing_refuses_what_it_cannot_be(more: dict[str, Any], words: str) -> None:
    given: dict[str, Any] = {
        "label": "central",
        "project": OURS,
        "region": "europe-west4",
        "data_class": gp.DataClass.INTERNAL,
        "root": bucket(),
        "account": account(),
        "templates": repository(),
    }
    with pytest.raises(gp.ArgumentError) as caught:
        gp.PipelineEnvironment.from_existing(**{**given, **more})
    assert words in str(caught.value)
