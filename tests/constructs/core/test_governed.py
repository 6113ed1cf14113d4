"""What answers to agreements and reviews: what it says of them, what follows from them, what contradicts them."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import groundplan as gp
from groundplan.core.agents import service_agent
from tests.constructs.governance.given import TRAINER, agreement, agreement_args, review
from tests.constructs.plan import UNKNOWN, LateArgumentError, Plan, environment, plan

BUCKET = "gcp:storage/bucket:Bucket"
MEMBER = "gcp:storage/bucketIAMMember:BucketIAMMember"
DATASET = "gcp:bigquery/dataset:Dataset"
TABLE = "gcp:bigquery/table:Table"
DAY_MS = 86_400_000
FAR = "urn:pulumi:other::groundplan::groundplan:training:TrainingPool::far"
COLUMNS = (
    gp.Column(name="person", type="STRING"),
    gp.Column(name="day", type="DATE"),
    gp.Column(name="job", type="RECORD", fields=(gp.Column(name="income", type="INT64"),)),
)


def bucket_args(*agreements: gp.AgreementRef, **more: Any) -> gp.DataBucketArgs:
    given: dict[str, Any] = {
        "env": environment(gp.Tier.LEARNER),
        "owner": "group:data@acme.test",
        "agreements": agreements,
    }
    return gp.DataBucketArgs(**{**given, **more})


def warehouse_args(*agreements: gp.AgreementRef, **more: Any) -> gp.WarehouseArgs:
    given: dict[str, Any] = {
        "env": environment(gp.Tier.LEARNER),
        "owner": "group:data@acme.test",
        "agreements": agreements,
        "tables": (gp.Table(name="people", columns=COLUMNS, partition_by="day"),),
    }
    return gp.WarehouseArgs(**{**given, **more})


def bucket(agreed: dict[str, Any] | None = None, **more: Any) -> Plan:
    return plan(lambda: gp.DataBucket("raw", bucket_args(agreement(**(agreed or {})), **more)))


def warehouse(agreed: dict[str, Any] | None = None, **more: Any) -> Plan:
    return plan(lambda: gp.Warehouse("raw", warehouse_args(agreement(**(agreed or {})), **more)))


def refusal(make: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        make(*args, **more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


def test_a_bucket_takes_its_class_and_its_days_from_the_agreement() -> None:
    found = bucket()
    made = found.one(BUCKET).inputs
    assert made["labels"]["classification"] == "personal"
    ages = [rule["condition"].get("age") for rule in made["lifecycleRules"] if rule["action"]["type"] == "Delete"]
    assert ages[0] == 200
    assert found.one("groundplan:data:DataBucket").inputs["governance"] == {
        "agreements": ["urn:pulumi:test::groundplan::groundplan:governance:DataUseAgreement::census"]
    }


def test_of_several_agreements_the_strictest_holds() -> None:
    def program() -> None:
        short = agreement("short", data_class=gp.DataClass.HEALTH, retention_days=30)
        gp.DataBucket("raw", bucket_args(agreement(), short))

    made = plan(program).one(BUCKET).inputs
    assert made["labels"]["classification"] == "health"
    assert 30 in [rule["condition"].get("age") for rule in made["lifecycleRules"]]


def test_without_an_agreement_the_class_must_be_given_and_nothing_is_said() -> None:
    assert "data_class: is of the wrong type" in refusal(plan, lambda: gp.DataBucket("raw", bucket_args()))
    found = plan(lambda: gp.DataBucket("raw", bucket_args(data_class=gp.DataClass.INTERNAL)))
    assert "governance" not in found.one("groundplan:data:DataBucket").inputs


@pytest.mark.parametrize(
    ("agreed", "more", "fault"),
    [
        ({}, {"data_class": gp.DataClass.INTERNAL}, "data_class: is laxer than the agreement census says"),
        ({}, {"delete_after_days": 201}, "delete_after_days: keeps the data for longer than was agreed"),
        ({}, {"retention_days": 201}, "retention_days: keeps objects beyond the day"),
        ({}, {"location": "europe-west1"}, "agreements[0]: does not allow the data to be in europe-west1"),
        ({}, {"second_region": "europe-west1"}, "agreements[0]: does not allow the data to be in europe-west1"),
        ({"residency": ("US",)}, {}, "agreements[0]: does not allow the data to be in europe-west4"),
    ],
)
def test_a_bucket_that_contradicts_its_agreement_is_refused(
    agreed: dict[str, Any], more: dict[str, Any], fault: str
) -> None:
    assert fault in refusal(bucket, agreed, **more)


def test_a_multi_region_allows_its_regions() -> None:
    bucket({"residency": ("EU",)}, location="europe-west1")
    assert "europe-west2" in refusal(bucket, {"residency": ("EU",)}, location="europe-west2")


def test_stricter_than_agreed_is_no_contradiction() -> None:
    made = bucket(data_class=gp.DataClass.HEALTH, delete_after_days=10).one(BUCKET).inputs
    assert made["labels"]["classification"] == "health"


def test_what_is_no_agreement_is_refused() -> None:
    message = refusal(plan, lambda: gp.DataBucket("raw", bucket_args("census", data_class=gp.DataClass.PERSONAL)))  # type: ignore[arg-type] # wrong on purpose
    assert "agreements[0]: is of the wrong type" in message


@pytest.mark.parametrize("consumer", [TRAINER, "group:ml@acme.test", "group:data@acme.test"])
def test_consumers_and_the_owner_are_granted_access(consumer: str) -> None:
    found = plan(lambda: gp.DataBucket("raw", bucket_args(agreement())).grant_read(consumer))
    assert found.one(MEMBER).inputs["member"] == consumer


@pytest.mark.parametrize("grant", ["grant_read", "grant_write", "grant_read_write"])
def test_others_are_refused_access_at_once(grant: str) -> None:
    def program() -> None:
        getattr(gp.DataBucket("raw", bucket_args(agreement())), grant)("user:eve@acme.test")

    message = refusal(plan, program)
    assert "principal: is no consumer by the agreement census" in message
    assert "group:ml@acme.test" in message


def test_an_account_whose_address_is_known_later_is_judged_then() -> None:
    def program(name: str) -> None:
        account = gp.ServiceIdentity(name, gp.ServiceIdentityArgs(env=environment(gp.Tier.LEARNER), purpose="Trains"))
        gp.DataBucket("raw", bucket_args(agreement())).grant_read(account)

    assert plan(lambda: program("trainer")).one(MEMBER).inputs["member"] == TRAINER
    with pytest.raises(LateArgumentError, match="is no consumer by the agreement census"):
        plan(lambda: program("other"))


def test_an_address_that_nobody_knows_is_no_failure() -> None:
    def program() -> None:
        made = gp.KeyRing("main", gp.KeyRingArgs(env=environment()))
        unknown = pulumi.Output.concat("serviceAccount:", made.ring_id, "@acme-ml-dev.iam.gserviceaccount.com")
        identity = gp.ServiceIdentity.from_existing(
            unknown.apply(lambda text: text.split(":")[1]), project=environment().projects.workload, label="late"
        )
        gp.DataBucket("raw", bucket_args(agreement())).grant_read(identity)

    assert plan(program).one(MEMBER).inputs["member"] == UNKNOWN


def test_agents_of_google_need_no_mention() -> None:
    def program() -> None:
        agent = service_agent(environment().projects.workload, "storage.googleapis.com")
        gp.DataBucket("raw", bucket_args(agreement())).grant_read(agent)

    member = plan(program).one(MEMBER).inputs["member"]
    assert member == "serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com"


def test_a_bucket_that_was_there_before_obeys_too() -> None:
    def program(location: str = "europe-west4") -> None:
        gp.DataBucket.from_existing(
            "acme-raw",
            project=environment().projects.workload,
            location=location,
            data_class=gp.DataClass.PERSONAL,
            agreements=(agreement(),),
        ).grant_read("user:eve@acme.test")

    assert "is no consumer" in refusal(plan, program)
    assert "does not allow the data to be in europe-west1" in refusal(plan, lambda: program("europe-west1"))


def test_a_warehouse_masks_the_columns_that_the_agreement_names() -> None:
    found = warehouse({"personal_fields": {"person": "identifier", "income": "sensitive"}})
    assert found.inventory()["gcp:datacatalog/policyTag:PolicyTag"] == 2
    assert found.one("groundplan:data:Warehouse").inputs["governance"]["agreements"]
    made = found.one(DATASET).inputs
    assert made["defaultTableExpirationMs"] == made["defaultPartitionExpirationMs"] == 200 * DAY_MS
    assert made["labels"]["classification"] == "personal"
    assert found.one(TABLE).inputs["timePartitioning"]["expirationMs"] == 200 * DAY_MS


def test_a_column_may_be_marked_as_agreed_by_hand() -> None:
    marked = (gp.Column(name="person", type="STRING", personal=gp.Personal.IDENTIFIER), *COLUMNS[1:])
    warehouse(tables=(gp.Table(name="people", columns=marked, partition_by="day"),))


@pytest.mark.parametrize(
    ("agreed", "table", "fault"),
    [
        (
            {"personal_fields": {}},
            gp.Table(name="people", columns=COLUMNS, partition_by="day"),
            "agreements[0]: says that there is personal data, and no column is marked",
        ),
        (
            {},
            gp.Table(
                name="people",
                columns=(gp.Column(name="person", type="STRING", personal=gp.Personal.SENSITIVE), *COLUMNS[1:]),
                partition_by="day",
            ),
            "mark person otherwise than the agreement census",
        ),
        (
            {"personal_fields": {}, "personal_data": (), "lawful_basis": None},
            gp.Table(
                name="people",
                columns=(gp.Column(name="person", type="STRING", personal=gp.Personal.SENSITIVE), *COLUMNS[1:]),
                partition_by="day",
            ),
            "the agreement census says that there is no personal data",
        ),
        (
            {"personal_fields": {"day": "identifier"}},
            gp.Table(name="people", columns=COLUMNS, partition_by="day"),
            "is masked by SHA256, which does not take the column's type",
        ),
        (
            {},
            gp.Table(name="people", columns=COLUMNS, partition_by="day", expires_days=201),
            "tables[0].expires_days: keeps rows for longer than the agreement census says",
        ),
    ],
)
def test_a_table_that_contradicts_the_agreement_is_refused(agreed: dict[str, Any], table: gp.Table, fault: str) -> None:
    assert fault in refusal(warehouse, agreed, tables=(table,))


def test_only_consumers_own_a_warehouse_and_see_its_rows() -> None:
    assert "is no consumer" in refusal(warehouse, owner="group:other@acme.test")
    policy = gp.RowPolicy(name="eu", filter='person = "1"', grantees=("user:eve@acme.test",))
    table = gp.Table(name="people", columns=COLUMNS, partition_by="day", row_policies=(policy,))
    assert "is no consumer" in refusal(warehouse, tables=(table,))
    assert "is no consumer" in refusal(
        plan, lambda: gp.Warehouse("raw", warehouse_args(agreement())).grant_read_masked("user:eve@acme.test")
    )


def features(reader: str, **more: Any) -> Plan:
    columns = (*COLUMNS, gp.Column(name="feature_timestamp", type="TIMESTAMP"), gp.Column(name="hours", type="INT64"))

    def program() -> None:
        env = environment(gp.Tier.LEARNER)
        table = gp.Table(name="people", columns=columns, partition_by="day")
        source = gp.FeatureSource(
            dataset=gp.Warehouse("raw", warehouse_args(agreement(), tables=(table,))),
            table="people",
            entity_id_columns=("person",),
        )
        group = gp.FeatureGroup(
            "people",
            gp.FeatureGroupArgs(
                env=env,
                source=source,
                features=(gp.Feature(name="hours", description="Hours"),),
                owner="group:data@acme.test",
            ),
        )
        store = gp.OnlineStore(
            "main", gp.OnlineStoreArgs(env=env, data_class=gp.DataClass.PERSONAL, agreements=group.agreements, **more)
        )
        view = gp.FeatureView(
            "people", gp.FeatureViewArgs(env=env, store=store, source=(gp.GroupFeatures(group=group),))
        )
        view.grant_read(reader)

    return plan(program)


def test_features_take_over_the_agreements_of_what_they_come_from() -> None:
    found = features("group:ml@acme.test")
    said = {r.type: r.inputs.get("governance") for r in found.resources if r.type.startswith("groundplan:features:")}
    assert set(said) == {f"groundplan:features:{name}" for name in ("FeatureGroup", "OnlineStore", "FeatureView")}
    assert all(each is not None and len(each["agreements"]) == 1 for each in said.values())


def test_values_are_served_to_consumers_only() -> None:
    assert "is no consumer by the agreement census" in refusal(features, "user:eve@acme.test")


def pool_args(**more: Any) -> gp.TrainingPoolArgs:
    staging = gp.DataBucket.from_existing(
        "acme-staging",
        project=environment().projects.workload,
        location="europe-west4",
        data_class=gp.DataClass.HEALTH,
    )
    given: dict[str, Any] = {
        "env": environment(gp.Tier.LEARNER),
        "staging": staging,
        "public_egress": True,
        "data_class": gp.DataClass.PERSONAL,
    }
    return gp.TrainingPoolArgs(**{**given, **more})


def test_training_says_what_it_answers_to() -> None:
    def program() -> None:
        answers = {"review": review(), "agreements": (agreement(),), "purpose": "credit-scoring"}
        gp.TrainingPool("income", pool_args(**answers))

    urn = "urn:pulumi:test::groundplan::groundplan:governance"
    assert plan(program).one("groundplan:training:TrainingPool").inputs["governance"] == {
        "review": f"{urn}:ResponsibleAiReview::income",
        "agreements": [f"{urn}:DataUseAgreement::census"],
        "purpose": "credit-scoring",
    }


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        (lambda: {"review": review(), "purpose": "hiring"}, "purpose: is not one that the review income allows"),
        (
            lambda: {"agreements": (agreement(),), "purpose": "hiring"},
            "purpose: is not one that the agreement census allows",
        ),
        (lambda: {"purpose": "Hiring!"}, "purpose: does not have the right form"),
        (lambda: {"review": "income"}, "review: is of the wrong type"),
        (lambda: {"agreements": (agreement(),), "data_class": gp.DataClass.INTERNAL}, "data_class: is laxer"),
        (lambda: {"agreements": (agreement(residency=("US",)),)}, "does not allow the data to be in europe-west4"),
    ],
)
def test_a_use_that_was_not_reviewed_or_agreed_is_refused(answers: Any, fault: str) -> None:
    assert fault in refusal(plan, lambda: gp.TrainingPool("income", pool_args(**answers())))


def pipelines(**more: Any) -> Plan:
    def program() -> None:
        gp.PipelineEnvironment(
            "income",
            gp.PipelineEnvironmentArgs(
                env=environment(gp.Tier.LEARNER),
                owner="group:ml@acme.test",
                review=review(),
                agreements=(agreement(),),
                **more,
            ),
        )

    return plan(program)


def test_pipelines_answer_and_their_bucket_keeps_nothing_longer() -> None:
    found = pipelines(purpose="credit-scoring")
    said = found.one("groundplan:pipelines:PipelineEnvironment").inputs["governance"]
    assert set(said) == {"review", "agreements", "purpose"}
    ages = [rule["condition"].get("age") for rule in found.one(BUCKET).inputs["lifecycleRules"]]
    assert 200 in ages
    assert "is not one that the review income allows" in refusal(pipelines, purpose="hiring")


def endpoint(**more: Any) -> Plan:
    def program() -> None:
        env = environment(gp.Tier.LEARNER)
        gp.OnlineEndpoint(
            "income",
            gp.OnlineEndpointArgs(
                env=env,
                access=gp.PublicDedicated(),
                account=gp.ServiceIdentity.from_existing(
                    "models@acme-ml-dev.iam.gserviceaccount.com", project=environment().projects.workload
                ),
                owner="group:ml@acme.test",
                data_class=gp.DataClass.PERSONAL,
                review=review(),
                agreements=(agreement(),),
                **more,
            ),
        )

    return plan(program)


def test_an_endpoint_answers_to_its_review() -> None:
    said = endpoint(purpose="credit-scoring").one("groundplan:serving:OnlineEndpoint").inputs["governance"]
    assert said["purpose"] == "credit-scoring"
    assert said["review"].endswith("ResponsibleAiReview::income")
    assert "is not one that the review income allows" in refusal(endpoint, purpose="hiring")


def trained(*more: Any) -> Plan:
    def program() -> None:
        env = environment(gp.Tier.LEARNER)
        pool = gp.TrainingPool("pool", pool_args())
        pipelines = gp.PipelineEnvironment(
            "weekly",
            gp.PipelineEnvironmentArgs(env=env, owner="group:ml@acme.test", data_class=gp.DataClass.INTERNAL),
        )
        elsewhere = gp.TrainingPoolRef.imported({**pool.exported(), "training_urn": FAR})
        args = gp.OnlineEndpointArgs(
            env=env,
            access=gp.PublicDedicated(),
            account=pipelines.account,
            owner="group:ml@acme.test",
            trained_by=(pool, pipelines, elsewhere, *more),
        )
        gp.OnlineEndpoint("income", args)

    return plan(program)


def test_an_endpoint_says_where_its_models_are_trained() -> None:
    project = environment().projects.workload
    account = gp.ServiceIdentity.from_existing("trainer@acme-ml-dev.iam.gserviceaccount.com", project=project)
    before = gp.TrainingPool.from_existing(account, project=project, region="europe-west4", label="before")
    said = trained(before).one("groundplan:serving:OnlineEndpoint").inputs["governance"]
    urns = [
        f"urn:pulumi:test::groundplan::groundplan:{made}"
        for made in ("training:TrainingPool::pool", "pipelines:PipelineEnvironment::weekly")
    ]
    assert said == {"trainedBy": [*urns, FAR]}


def test_an_endpoint_without_training_says_nothing_of_it() -> None:
    assert "trainedBy" not in endpoint().one("groundplan:serving:OnlineEndpoint").inputs["governance"]


def test_an_endpoint_is_trained_by_nothing_else() -> None:
    message = refusal(trained, "income-training")
    assert "trained_by[3]: is of the wrong type" in message
    assert "a TrainingPool or a PipelineEnvironment" in message


def test_terms_are_what_the_arguments_say() -> None:
    terms = agreement_args().terms
    assert terms.personal_data == ("pii", "financial")
    assert terms.retention_days == 200
