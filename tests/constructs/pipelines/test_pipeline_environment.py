"""PipelineEnvironment: what it plans in each tier, as whom and with what runs happen, what it refuses."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pulumi
import pytest

import groundplan as gp
from groundplan.core.references import (
    ExistingImageRepository,
    ExistingNetwork,
    ExistingNetworkAttachment,
    ExistingServiceAccess,
    RepositoryFormat,
)
from tests.constructs.plan import Plan, environment, plan

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
KEY = "projects/acme-keys/locations/europe-west4/keyRings/ring/cryptoKeys/data"
OURS = gp.Project(id="acme-ml-dev", number="123456789012")
SHARED = gp.Project(id="acme-shared", number="210987654321")
DIGEST = f"churn/sha256:{'0a' * 32}"
SPEC = {
    "pipelineInfo": {"name": "churn"},
    "root": {
        "dag": {"tasks": {}},
        "inputDefinitions": {
            "parameters": {
                "table": {"parameterType": "STRING"},
                "rows": {"parameterType": "NUMBER_INTEGER", "defaultValue": 1000},
                "share": {"parameterType": "NUMBER_DOUBLE", "isOptional": True},
                "full": {"parameterType": "BOOLEAN", "defaultValue": False},
                "groups": {"parameterType": "LIST", "isOptional": True},
                "limits": {"parameterType": "STRUCT", "isOptional": True},
            }
        },
    },
    "schemaVersion": "2.1.0",
    "sdkVersion": "kfp-2.17.0",
}


def central_keys(key: str = KEY, *, managed: bool = True) -> gp.KeyRingRef:
    project = gp.Project(id="acme-keys", managed=managed)
    return gp.KeyRing.from_existing(dict.fromkeys(gp.DataClass, key), project=project)


def bucket(data_class: gp.DataClass = gp.DataClass.CONFIDENTIAL) -> gp.BucketRef:
    return gp.DataBucket.from_existing("acme-root", project=OURS, location="europe-west4", data_class=data_class)


def account(*, managed: bool = True) -> gp.AccountRef:
    project = gp.Project(id="acme-accounts", managed=managed)
    return gp.ServiceIdentity.from_existing("pipelines@acme-accounts.iam.gserviceaccount.com", project=project)


def repository(kind: RepositoryFormat = RepositoryFormat.KFP) -> gp.ImageRepositoryRef:
    return ExistingImageRepository(
        label="shared-templates", project=SHARED, repository_id="templates", location="europe-west4", format=kind
    )


def network() -> gp.NetworkRef:
    return ExistingNetwork(
        label="shared",
        project=SHARED,
        region="europe-west4",
        network_id="projects/acme-shared/global/networks/core",
        subnetwork_id="projects/acme-shared/regions/europe-west4/subnetworks/ml",
        subnetwork_name="ml",
    )


def attachment(region: str = "europe-west4") -> gp.NetworkAttachmentRef:
    full = f"projects/acme-shared/regions/{region}/networkAttachments/ml"
    return ExistingNetworkAttachment(label="ml", project=SHARED, attachment_id=full, region=region)


def schedule(**more: Any) -> gp.PipelineSchedule:
    given: dict[str, Any] = {"name": "weekly", "cron": "0 4 * * MON", "spec": SPEC, "parameters": {"table": "people"}}
    return gp.PipelineSchedule(**{**given, **more})


def template(**more: Any) -> gp.PipelineSchedule:
    return schedule(**{"spec": None, "template": DIGEST, "parameters": {}, **more})


def pipelines(tier: gp.Tier = gp.Tier.TEAM, name: str = "churn", **more: Any) -> gp.PipelineEnvironment:
    given: dict[str, Any] = {
        "env": environment(tier),
        "data_class": gp.DataClass.CONFIDENTIAL,
        "owner": "group:ml-data@acme.test",
        "keys": central_keys() if tier.defaults.customer_managed_keys else None,
    }
    return gp.PipelineEnvironment(name, gp.PipelineEnvironmentArgs(**{**given, **more}))


def planned(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Plan:
    return plan(lambda: pipelines(tier, **more))


def run(*schedules: gp.PipelineSchedule, **more: Any) -> Any:
    made = planned(schedules=schedules or (schedule(),), **more).one(SCHEDULE)
    return made.inputs["createPipelineJobRequest"]["pipelineJob"]


def refused(**more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(**more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


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


def test_run_has_account_key_root_and_pipeline_said() -> None:
    found = planned(schedules=(schedule(),))
    made = found.one(SCHEDULE)
    assert made.inputs["cron"] == "0 4 * * MON"
    assert made.inputs["displayName"] == "gp churn weekly"
    assert made.inputs["desiredState"] == "ACTIVE"
    assert made.inputs["maxConcurrentRunCount"] == made.inputs["maxConcurrentActiveRunCount"] == "1"
    assert made.inputs["allowQueueing"] is False
    request = made.inputs["createPipelineJobRequest"]
    assert request["parent"] == "projects/acme-ml-dev/locations/europe-west4"
    job = request["pipelineJob"]
    assert job["serviceAccount"] == "gp-churn-account@acme-ml-dev.iam.gserviceaccount.com"
    assert job["runtimeConfig"] == {
        "gcsOutputDirectory": "gs://acme-ml-dev-gp-churn-root/pipelines/weekly",
        "failurePolicy": "PIPELINE_FAILURE_POLICY_FAIL_FAST",
        "parameterValues": {"table": "people"},
    }
    assert json.loads(job["pipelineSpec"]) == SPEC
    assert job["labels"]["classification"] == "confidential"
    assert not {"templateUri", "network", "pscInterfaceConfig", "reservedIpRanges"} & set(job)


def test_schedule_waits_for_every_grant_and_the_metadata_store() -> None:
    found = planned(schedules=(schedule(),))
    waits = {urn.rsplit("::", 1)[-1] for urn in found.one(SCHEDULE).options["dependencies"]}
    needed = {r.name for kind in (BUCKET_MEMBER, ACCOUNT_MEMBER, REPOSITORY_MEMBER) for r in found.of(kind)}
    needed |= {granted.name for granted in found.of(KEY_GRANT) if "agent-aiplatform" in granted.name}
    assert needed | {"churn-metadata"} <= waits


def test_published_template_is_named_by_its_digest() -> None:
    job = run(template(parameters={"table": "people"}), templates=repository())
    assert job["templateUri"] == f"https://europe-west4-kfp.pkg.dev/acme-shared/templates/{DIGEST}"
    assert job["runtimeConfig"]["parameterValues"] == {"table": "people"}
    assert "pipelineSpec" not in job


def test_parameters_that_are_no_text_become_defaults_of_the_pipeline() -> None:
    given = {"table": "people", "rows": 5, "share": 0.5, "full": True, "groups": ["a"], "limits": {"a": 1}}
    job = run(schedule(parameters=given))
    known = json.loads(job["pipelineSpec"])["root"]["inputDefinitions"]["parameters"]
    assert {name: row.get("defaultValue") for name, row in known.items()} == {**given, "table": None}
    assert job["runtimeConfig"]["parameterValues"] == {"table": "people"}
    parameters: Any = SPEC["root"]
    assert parameters["inputDefinitions"]["parameters"]["rows"]["defaultValue"] == 1000  # the caller's is not changed


def test_times_pause_and_queue_are_passed_on() -> None:
    amsterdam = dt.timezone(dt.timedelta(hours=1))
    planned_schedule = schedule(
        start=dt.datetime(2027, 1, 1, 1, tzinfo=amsterdam),
        end=dt.datetime(2027, 6, 1, tzinfo=dt.UTC),
        paused=True,
        queue=True,
        runs_at_once=3,
        fail_fast=False,
    )
    made = planned(schedules=(planned_schedule,)).one(SCHEDULE).inputs
    assert made["startTime"] == "2027-01-01T00:00:00Z"
    assert made["endTime"] == "2027-06-01T00:00:00Z"
    assert made["desiredState"] == "PAUSED"
    assert made["allowQueueing"] is True
    assert made["maxConcurrentRunCount"] == "3"
    config = made["createPipelineJobRequest"]["pipelineJob"]["runtimeConfig"]
    assert config["failurePolicy"] == "PIPELINE_FAILURE_POLICY_FAIL_SLOW"


def test_jobs_reach_a_network_through_an_attachment() -> None:
    job = run(connection=attachment())
    assert job["pscInterfaceConfig"] == {
        "networkAttachment": "projects/acme-shared/regions/europe-west4/networkAttachments/ml"
    }
    assert "network" not in job


def test_attachment_made_here_lets_the_agent_connect_first() -> None:
    def program() -> None:
        made = gp.NetworkAttachment("jobs", gp.NetworkAttachmentArgs(env=environment(), network=network()))
        pipelines(connection=made, schedules=(schedule(),))

    found = plan(program)
    waits = found.one(SCHEDULE).options["dependencies"]
    assert any("jobs-" in urn and "agent-aiplatform" in urn for urn in waits)


def test_jobs_reach_a_network_through_its_peering_by_number() -> None:
    access = ExistingServiceAccess(
        label="core",
        project=SHARED,
        network_id="projects/acme-shared/global/networks/core",
        range_name="google-services",
    )
    job = run(connection=access)
    assert job["network"] == "projects/210987654321/global/networks/core"
    assert job["reservedIpRanges"] == ["google-services"]
    assert "pscInterfaceConfig" not in job


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


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": "Weekly"}, "lower-case words joined by hyphens"),
        ({"cron": "every monday"}, "has 2 fields, not cron's five"),
        ({"cron": "0 4 31 2 *"}, "never comes"),
        ({"spec": None}, "one of `spec` and `template`"),
        ({"template": DIGEST}, "one of `spec` and `template`"),
        ({"spec": "pipeline.yaml"}, "is no compiled pipeline"),
        ({"spec": {"root": {}}}, "without pipelineInfo, schemaVersion"),
        ({"spec": {**SPEC, "at": dt.datetime(2027, 1, 1, tzinfo=dt.UTC)}}, "cannot be written as JSON"),
        ({"spec": {**SPEC, "share": float("nan")}}, "cannot be written as JSON"),
        ({"parameters": {}}, "values for table too"),
        ({"parameters": {"table": "a", "row": 1}}, "did you mean rows?"),
        ({"parameters": {"table": 1}}, "is not of the parameter's type"),
        ({"parameters": {"table": "a", "rows": True}}, "is not of the parameter's type"),
        ({"parameters": {"table": "a", "full": 1}}, "is not of the parameter's type"),
        ({"parameters": ["table"]}, "a mapping of names to values"),
        ({"runs_at_once": 0}, "of runs from 1 to 100"),
        ({"start": dt.datetime(2027, 1, 1)}, "says no time zone"),  # noqa: DTZ001 - what is tested
        ({"end": "2027-01-01"}, "a datetime with tzinfo"),
        (
            {"start": dt.datetime(2027, 2, 1, tzinfo=dt.UTC), "end": dt.datetime(2027, 1, 1, tzinfo=dt.UTC)},
            "is not after the start",
        ),
        ({"spec": None, "template": "churn/latest"}, "by its digest"),
        ({"spec": None, "template": DIGEST, "parameters": {"rows": 5}}, "is no text"),
    ],
)
def test_bad_schedule_is_refused(more: dict[str, Any], words: str) -> None:
    assert words in refused(schedules=(schedule(**more),))


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
