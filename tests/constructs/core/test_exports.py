"""Exports: what one stack publishes, the next reads as the same types."""

from __future__ import annotations

from typing import Any

import pytest

import groundplan as gp
from groundplan.core import exports as exports_module
from groundplan.core.references import (
    AgreementTerms,
    ExistingAccessPolicy,
    ExistingAccount,
    ExistingAgreement,
    ExistingAttestor,
    ExistingBucket,
    ExistingBuildPool,
    ExistingBuildTrigger,
    ExistingCluster,
    ExistingDataset,
    ExistingEndpoint,
    ExistingFeatureGroup,
    ExistingFeatureView,
    ExistingFederation,
    ExistingImageRepository,
    ExistingKey,
    ExistingKeyRing,
    ExistingLogArchive,
    ExistingNetwork,
    ExistingNetworkAttachment,
    ExistingOnlineEndpoint,
    ExistingOnlineStore,
    ExistingPerimeter,
    ExistingPipelineEnvironment,
    ExistingReservation,
    ExistingReview,
    ExistingServiceAccess,
    ExistingSourceRepository,
    ExistingTrainingPool,
    Reference,
    RepositoryFormat,
    SourceConnector,
)
from tests.constructs.plan import environment, plan

STACK = "acme/platform/dev"
OURS = gp.Project(id="acme-ml-dev", number="123456789012")
SHARED = gp.Project(
    id="acme-shared",
    number="210987654321",
    quota_project="acme-bill",
    impersonate="infra@acme-shared.iam.gserviceaccount.com",
    managed=False,
)
KEY = "projects/acme-shared/locations/europe-west4/keyRings/r/cryptoKeys/k"
POOL = "projects/1/locations/global/workloadIdentityPools/p"

AGREEMENT = ExistingAgreement(
    label="census",
    project=OURS,
    agreement_urn="urn:pulumi:prod::acme::groundplan:governance:DataUseAgreement::census",
    digest="sha256:" + "ab" * 32,
    terms=AgreementTerms(
        owner="group:data@acme.test",
        purposes=("credit-scoring",),
        data_class=gp.DataClass.PERSONAL,
        personal_data=("pii",),
        personal_fields={"person": "identifier"},
        retention_days=200,
        residency=("EU",),
        consumers=("group:ml@acme.test",),
    ),
)

REFERENCES: dict[str, Any] = {
    "network": ExistingNetwork(
        label="shared",
        project=SHARED,
        region="europe-west4",
        network_id="projects/acme-shared/global/networks/shared",
        subnetwork_id="projects/acme-shared/regions/europe-west4/subnetworks/ml",
        subnetwork_name="ml",
        pods_range="pods",
    ),
    "keys": ExistingKeyRing({gp.DataClass.HEALTH: ExistingKey(key_id=KEY, project=SHARED, label="k")}),
    "account": ExistingAccount(email="a@acme-shared.iam.gserviceaccount.com", project=SHARED, label="a"),
    "bucket": ExistingBucket(
        label="b",
        project=OURS,
        bucket_name="acme-b",
        location="EU",
        data_class=gp.DataClass.HEALTH,
        agreements=(AGREEMENT,),
    ),
    "dataset": ExistingDataset(
        label="d",
        project=OURS,
        dataset_id="d",
        location="EU",
        data_class=gp.DataClass.PUBLIC,
        agreements=(AGREEMENT,),
    ),
    "federation": ExistingFederation(
        label="ci", project=OURS, pool_name=POOL, provider_name=f"{POOL}/providers/p", workloads={"w": "subject/w"}
    ),
    "access_policy": ExistingAccessPolicy(policy_id="accessPolicies/123", project=SHARED),
    "endpoint": ExistingEndpoint(
        label="apis",
        project=OURS,
        network_id="projects/acme-ml-dev/global/networks/core",
        address="10.0.0.2",
        forwarding_rule_id="projects/acme-ml-dev/global/forwardingRules/apis",
    ),
    "perimeter": ExistingPerimeter(label="ml", project=SHARED, perimeter_id="accessPolicies/123/servicePerimeters/ml"),
    "feature_group": ExistingFeatureGroup(
        label="g",
        project=SHARED,
        region="europe-west4",
        data_class=gp.DataClass.PERSONAL,
        group_id="g",
        features=("age", "income"),
        dataset=ExistingDataset(
            label="d", project=OURS, dataset_id="d", location="EU", data_class=gp.DataClass.PERSONAL
        ),
    ),
    "online_store": ExistingOnlineStore(
        label="s",
        project=SHARED,
        region="europe-west4",
        data_class=gp.DataClass.PERSONAL,
        store_id="s",
        optimized=False,
    ),
    "feature_view": ExistingFeatureView(
        label="v",
        project=SHARED,
        region="europe-west4",
        data_class=gp.DataClass.PERSONAL,
        store_id="s",
        view_id="v",
        agreements=(AGREEMENT,),
    ),
    "agreement": AGREEMENT,
    "review": ExistingReview(
        label="income",
        project=OURS,
        review_urn="urn:pulumi:prod::acme::groundplan:governance:ResponsibleAiReview::income",
        digest="sha256:" + "ab" * 32,
        purposes=("credit-scoring",),
    ),
    "network_attachment": ExistingNetworkAttachment(
        label="jobs",
        project=OURS,
        attachment_id="projects/acme-ml-dev/regions/europe-west4/networkAttachments/jobs",
        region="europe-west4",
    ),
    "service_access": ExistingServiceAccess(
        label="services",
        project=SHARED,
        network_id="projects/acme-shared/global/networks/shared",
        range_name="services",
    ),
    "cluster": ExistingCluster(label="c", project=SHARED, cluster_name="training", location="europe-west4"),
    "reservation": ExistingReservation(
        label="r",
        project=SHARED,
        reservation_name="h100",
        zone="europe-west4-b",
        machine_type="a3-highgpu-8g",
        machines=2,
    ),
    "training_pool": ExistingTrainingPool(
        label="t",
        project=SHARED,
        region="europe-west4",
        account=ExistingAccount(email="jobs@acme-ml-dev.iam.gserviceaccount.com", project=OURS, label="jobs"),
        custom_job={"jobSpec": {"serviceAccount": "jobs@acme-ml-dev.iam.gserviceaccount.com"}},
        training_urn="urn:pulumi:prod::acme::groundplan:training:TrainingPool::t",
    ),
    "online_endpoint": ExistingOnlineEndpoint(
        label="scores",
        project=SHARED,
        endpoint_name="4711",
        region="europe-west4",
        data_class=gp.DataClass.PERSONAL,
        host="scores.acme.test",
        caller_role="projects/acme-shared/roles/caller",
        account=ExistingAccount(email="a@acme-shared.iam.gserviceaccount.com", project=SHARED, label="a"),
    ),
    "log_archive": ExistingLogArchive(
        label="l", project=SHARED, log_bucket_id="projects/acme-shared/locations/eu/buckets/l"
    ),
    "attestor": ExistingAttestor(
        label="built",
        project=SHARED,
        attestor_name="projects/acme-shared/attestors/built",
        note_id="built",
        key_id=KEY,
        key_version=f"{KEY}/cryptoKeyVersions/1",
        key_project=OURS,
    ),
    "source_repository": ExistingSourceRepository(
        label="churn",
        project=SHARED,
        connector=SourceConnector.CLOUD_BUILD,
        region="europe-west4",
        parent_name="code",
        repository_name="churn",
        url="https://git.acme.test/churn.git",
    ),
    "build_pool": ExistingBuildPool(
        label="pool", project=SHARED, pool_id="projects/acme-shared/locations/eu/workerPools/p", location="eu"
    ),
    "build_trigger": ExistingBuildTrigger(
        label="deploy", project=SHARED, trigger_id="projects/acme-shared/locations/eu/triggers/d", location="eu"
    ),
    "image_repository": ExistingImageRepository(
        label="images",
        project=SHARED,
        repository_id="images",
        location="europe-west4",
        format=RepositoryFormat.PYTHON,
        remote=True,
    ),
    "pipelines": ExistingPipelineEnvironment(
        label="p",
        project=SHARED,
        region="europe-west4",
        data_class=gp.DataClass.PERSONAL,
        root=ExistingBucket(
            label="b", project=OURS, bucket_name="acme-b", location="EU", data_class=gp.DataClass.HEALTH
        ),
        root_path="pipelines",
        account=ExistingAccount(email="a@acme-shared.iam.gserviceaccount.com", project=SHARED, label="a"),
        templates=ExistingImageRepository(
            label="t", project=SHARED, repository_id="t", location="europe-west4", format=RepositoryFormat.KFP
        ),
        training_urn="urn:pulumi:prod::acme::groundplan:pipelines:PipelineEnvironment::p",
    ),
}


def published(env: gp.Environment | None = None, references: dict[str, Any] | None = None) -> dict[str, Any]:
    return dict(plan(lambda: gp.publish(env or environment(), references or {})).outputs)


def read(outputs: dict[str, Any]) -> gp.Exports:
    found: list[gp.Exports] = []
    plan(lambda: found.append(gp.Exports.read(STACK)), stacks={STACK: outputs})
    return found[0]


@pytest.mark.parametrize(
    "env",
    [
        environment(),
        environment(gp.Tier.REGULATED, zones=("europe-west4-b",), prefix="acme", generation=2, labels={"team": "ml"}),
        environment(organization="123456789012", domains=("acme.test",)),
        environment(
            gp.Tier.extending(
                "team",
                name="acme",
                settings={"log_retention_days": 30, "budget_thresholds": [0.5, 1], "flow_log_sampling": 1},
            )
        ),
        environment(
            projects=gp.Projects(workload=OURS, network=SHARED, keys=SHARED, logs=SHARED, build=OURS),
        ),
    ],
    ids=["plain", "named", "organisation", "own tier", "projects"],
)
def test_an_environment_comes_back_as_it_was(env: gp.Environment) -> None:
    assert read(published(env)).environment == env


def test_an_environment_is_read_by_itself() -> None:
    found: list[gp.Environment] = []
    plan(lambda: found.append(gp.Environment.from_stack(STACK)), stacks={STACK: published()})
    assert found == [environment()]


def attributes(reference: Any) -> Any:
    if isinstance(reference, gp.KeyRingRef):
        return {data_class: attributes(key) for data_class, key in reference.keys.items()}
    if isinstance(reference, Reference):
        return {name: attributes(value) for name, value in vars(reference).items()}
    return tuple(map(attributes, reference)) if isinstance(reference, tuple) else reference


def test_every_kind_that_is_published_is_read_here() -> None:
    assert set(REFERENCES) == set(exports_module._KINDS)


@pytest.mark.parametrize("kind", REFERENCES)
def test_a_reference_comes_back_as_it_was(kind: str) -> None:
    exports = read(published(references={"shared": REFERENCES[kind]}))
    back = getattr(exports, kind)("shared")
    assert type(back) is type(REFERENCES[kind])
    assert attributes(back) == attributes(REFERENCES[kind])


@pytest.mark.parametrize("kind", ["training_pool", "pipelines"])
def test_training_of_a_release_before_says_no_urn(kind: str) -> None:
    outputs = published(references={"shared": REFERENCES[kind]})
    del outputs["groundplan"]["references"]["shared"]["value"]["training_urn"]
    assert getattr(read(outputs), kind)("shared").training_urn is None


def test_what_was_read_is_granted_on_like_what_it_was() -> None:
    outputs = published(references=REFERENCES)

    def program() -> None:
        exports = gp.Exports.read(STACK)
        bucket = exports.bucket("bucket")
        assert bucket.grant_read("group:ml@acme.test") is exports.bucket("bucket").grant_read("group:ml@acme.test")
        with pytest.raises(gp.ArgumentError, match="is no consumer by the agreement census"):
            exports.dataset("dataset").grant_read("user:alice@acme.test")

    granted = plan(program, stacks={STACK: outputs})
    assert granted.one("gcp:storage/bucketIAMMember:BucketIAMMember").inputs["bucket"] == "acme-b"


def test_whether_something_was_exported_can_be_asked() -> None:
    exports = read(published(references={"data": REFERENCES["bucket"]}))
    assert exports.has("data")
    assert not exports.has("other")


def test_a_missing_export_names_those_there_are() -> None:
    exports = read(published(references={"data": REFERENCES["bucket"]}))
    with pytest.raises(
        gp.Error, match=rf"no bucket exported by stack {STACK} named 'dta'(?s:.*)allowed: data \(bucket\)(?s:.*)do: "
    ):
        exports.bucket("dta")


def test_an_export_of_another_kind_is_not_taken_for_it() -> None:
    exports = read(published(references={"data": REFERENCES["bucket"]}))
    with pytest.raises(gp.Error, match=r"no dataset exported by stack(?s:.*)allowed: data \(bucket\)"):
        exports.dataset("data")


def test_another_version_is_refused_by_name() -> None:
    outputs = published()
    outputs["groundplan"]["version"] = 99
    with pytest.raises(gp.Error, match=r"given:   version 99(?s:.*)allowed: version 1(?s:.*)do:      run `pulumi up`"):
        read(outputs)


@pytest.mark.parametrize(("outputs", "given"), [({}, "nothing"), ({"groundplan": "text"}, "str")])
def test_a_stack_that_exports_nothing_of_ours_is_refused(outputs: dict[str, Any], given: str) -> None:
    with pytest.raises(gp.Error, match=rf"given:   {given} in output 'groundplan'(?s:.*)do: "):
        read(outputs)
