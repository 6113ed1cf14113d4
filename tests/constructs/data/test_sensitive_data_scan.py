"""SensitiveDataScan: what is looked through, what is copied and how, who may, what is refused."""

from __future__ import annotations

import base64
import json
from typing import Any

import pulumi
import pytest

import groundplan as gp
from tests.constructs.governance.given import agreement
from tests.constructs.plan import Plan, environment, plan

TRIGGER = "gcp:dataloss/preventionJobTrigger:PreventionJobTrigger"
INSPECT = "gcp:dataloss/preventionInspectTemplate:PreventionInspectTemplate"
DEIDENTIFY = "gcp:dataloss/preventionDeidentifyTemplate:PreventionDeidentifyTemplate"
TOPIC = "gcp:pubsub/topic:Topic"
JOB = "gcp:cloudscheduler/job:Job"
MEMBER = "gcp:storage/bucketIAMMember:BucketIAMMember"
ACCESS = "gcp:bigquery/datasetAccess:DatasetAccess"
KEY = "projects/acme-keys/locations/europe-west4/keyRings/ring/cryptoKeys/data"
TIERS = [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED]


def bucket(name: str = "intake", data_class: gp.DataClass = gp.DataClass.PERSONAL, **more: Any) -> gp.BucketRef:
    given: dict[str, Any] = {"project": environment().projects.workload, "location": "europe-west4"}
    return gp.DataBucket.from_existing(f"acme-{name}", label=name, data_class=data_class, **{**given, **more})


def dataset(name: str = "findings", **more: Any) -> gp.DatasetRef:
    given: dict[str, Any] = {"project": environment().projects.workload, "location": "europe-west4"}
    return gp.Warehouse.from_existing(name, data_class=gp.DataClass.CONFIDENTIAL, **{**given, **more})


def keys() -> gp.KeyRingRef:
    return gp.KeyRing.from_existing(dict.fromkeys(gp.DataClass, KEY), project=gp.Project(id="acme-keys"))


def scan(tier: gp.Tier = gp.Tier.TEAM, name: str = "data", **more: Any) -> gp.SensitiveDataScan:
    given: dict[str, Any] = {
        "env": environment(tier),
        "findings": dataset(),
        "buckets": (gp.BucketScan(bucket=bucket()),),
        "keys": keys() if tier.defaults.customer_managed_keys else None,
    }
    return gp.SensitiveDataScan(name, gp.SensitiveDataScanArgs(**{**given, **more}))


def planned(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Plan:
    return plan(lambda: scan(tier, **more))


def refused(**more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(**more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


def copied(**more: Any) -> gp.BucketScan:
    given: dict[str, Any] = {"bucket": bucket(), "deidentify_to": bucket("clean", gp.DataClass.RESTRICTED)}
    return gp.BucketScan(**{**given, **more})


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
def test_a_tier_makes_template_topic_and_trigger(tier: gp.Tier) -> None:
    found = planned(tier)
    keyed = {"gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": 1} if tier is not gp.Tier.LEARNER else {}
    identities = 2 if keyed else 1
    assert found.inventory() == {
        ACCESS: 1,
        INSPECT: 1,
        TRIGGER: 1,
        **keyed,
        "gcp:projects/iAMMember:IAMMember": identities,
        "gcp:projects/serviceIdentity:ServiceIdentity": identities,
        TOPIC: 1,
        "gcp:pubsub/topicIAMMember:TopicIAMMember": 1,
        MEMBER: 1,
    }
    assert found.one(TOPIC).inputs.get("kmsKeyName") == (KEY if keyed else None)
    assert found.one(TOPIC).inputs["messageStoragePolicy"] == {"allowedPersistenceRegions": ["europe-west4"]}


def test_a_trigger_runs_by_itself_and_keeps_findings_without_their_text() -> None:
    found = planned(every_days=7)
    made = found.one(TRIGGER).inputs
    assert made["parent"] == "projects/acme-ml-dev/locations/europe-west4"
    assert made["status"] == "HEALTHY"
    assert made["triggers"] == [{"schedule": {"recurrencePeriodDuration": "604800s"}}]
    assert made["inspectJob"]["storageConfig"] == {
        "cloudStorageOptions": {"fileSet": {"url": "gs://acme-intake/**"}},
        "timespanConfig": {"enableAutoPopulationOfTimespanConfig": True},
    }
    save, publish = made["inspectJob"]["actions"]
    assert save["saveFindings"]["outputConfig"]["table"] == {
        "projectId": "acme-ml-dev",
        "datasetId": "findings",
        "tableId": "findings_intake",
    }
    assert set(publish) == {"pubSub"}
    assert found.one(INSPECT).inputs["inspectConfig"]["includeQuote"] is False


def test_a_folder_may_be_looked_through_and_all_of_it_each_time() -> None:
    made = planned(buckets=(gp.BucketScan(bucket=bucket(), path="intake/2026"),), only_new=False).one(TRIGGER).inputs
    assert made["inspectJob"]["storageConfig"] == {
        "cloudStorageOptions": {"fileSet": {"url": "gs://acme-intake/intake/2026/**"}}
    }


def test_a_copy_holds_kinds_in_place_of_what_was_found() -> None:
    found = planned(buckets=(copied(),))
    transformations = found.one(DEIDENTIFY).inputs["deidentifyConfig"]["infoTypeTransformations"]["transformations"]
    assert transformations == [{"primitiveTransformation": {"replaceWithInfoTypeConfig": True}}]
    deidentify = found.one(TRIGGER).inputs["inspectJob"]["actions"][2]["deidentify"]
    assert deidentify["cloudStorageOutput"] == "gs://acme-clean/intake/"
    assert deidentify["fileTypesToTransforms"] == ["TEXT_FILE", "CSV", "TSV"]
    assert set(deidentify["transformationConfig"]) == {"deidentifyTemplate"}
    granted = {(each.inputs["bucket"], each.inputs["role"]) for each in found.of(MEMBER)}
    assert granted == {
        ("acme-intake", "roles/storage.objectViewer"),
        ("acme-clean", "roles/storage.objectCreator"),
    }


def test_images_are_painted_over_where_they_are_copied() -> None:
    found = planned(buckets=(copied(file_types=("CSV", "IMAGE")),))
    images = found.one(DEIDENTIFY, "data-redact").inputs["deidentifyConfig"]["imageTransformations"]
    assert images == {"transforms": [{"allInfoTypes": {}}]}
    used = found.one(TRIGGER).inputs["inspectJob"]["actions"][2]["deidentify"]["transformationConfig"]
    assert set(used) == {"deidentifyTemplate", "imageRedactTemplate"}


def test_a_run_waits_for_what_it_needs() -> None:
    found = planned(buckets=(copied(),))
    waiting = " ".join(found.one(TRIGGER).options["dependencies"])
    for granted in (*found.of(MEMBER), *found.of(ACCESS), found.one("TopicIAMMember")):
        assert granted.name in waiting


def people(**more: Any) -> gp.Warehouse:
    columns = (
        gp.Column(name="person", type="STRING", personal=gp.Personal.IDENTIFIER),
        gp.Column(name="day", type="DATE"),
        gp.Column(name="age", type="INT64"),
    )
    given: dict[str, Any] = {
        "env": environment(),
        "data_class": gp.DataClass.PERSONAL,
        "owner": "group:data@acme.test",
        "keys": keys(),
        "tables": (gp.Table(name="income", columns=columns, partition_by="day"),),
    }
    return gp.Warehouse("people", gp.WarehouseArgs(**{**given, **more}))


def test_a_table_is_read_without_its_masks_when_it_is_there() -> None:
    found = plan(lambda: scan(buckets=(), tables=(gp.TableScan(dataset=people(), table="income"),)))
    made = found.one(TRIGGER)
    assert made.inputs["inspectJob"]["storageConfig"]["bigQueryOptions"]["tableReference"]["tableId"] == "income"
    clear = found.one("gcp:datacatalog/policyTagIamMember:PolicyTagIamMember")
    assert clear.inputs["role"] == "roles/datacatalog.categoryFineGrainedReader"
    assert any(urn.endswith("::people-table-income") for urn in made.options["dependencies"])


def test_a_table_that_was_there_before_is_read() -> None:
    found = planned(buckets=(), tables=(gp.TableScan(dataset=dataset("lake"), table="customers"),))
    readers = [each.inputs["role"] for each in found.of(ACCESS) if each.inputs["datasetId"] == "lake"]
    assert readers == ["READER"]


def test_risk_is_computed_by_a_call_that_an_account_makes() -> None:
    risk = gp.RiskAnalysis(quasi_ids=("age", "town"), cron="0 5 * * MON", time_zone="Europe/Amsterdam")
    found = planned(buckets=(), tables=(gp.TableScan(dataset=dataset("lake"), table="customers", risk=risk),))
    made = found.one(JOB).inputs
    assert (made["schedule"], made["timeZone"]) == ("0 5 * * MON", "Europe/Amsterdam")
    call = made["httpTarget"]
    assert call["uri"] == "https://dlp.googleapis.com/v2/projects/acme-ml-dev/locations/europe-west4/dlpJobs"
    assert call["httpMethod"] == "POST"
    assert call["oauthToken"] == {
        "serviceAccountEmail": "gp-data-risk@acme-ml-dev.iam.gserviceaccount.com",
        "scope": "https://www.googleapis.com/auth/cloud-platform",
    }
    job = json.loads(base64.b64decode(call["body"]))["riskJob"]
    assert job["privacyMetric"] == {"kAnonymityConfig": {"quasiIds": [{"name": "age"}, {"name": "town"}]}}
    assert job["sourceTable"] == {"projectId": "acme-ml-dev", "datasetId": "lake", "tableId": "customers"}
    table = job["actions"][0]["saveFindings"]["outputConfig"]["table"]
    assert table == {"projectId": "acme-ml-dev", "datasetId": "findings", "tableId": "risk_lake_customers"}
    roles = {each.inputs["role"] for each in found.of("gcp:projects/iAMMember:IAMMember")}
    assert {"roles/dlp.jobsEditor", "roles/cloudscheduler.serviceAgent"} <= roles


def test_analyses_of_several_tables_share_an_account_or_take_the_one_given() -> None:
    risk = gp.RiskAnalysis(quasi_ids=("age",))
    tables = tuple(gp.TableScan(dataset=dataset("lake"), table=name, risk=risk) for name in ("one", "two"))
    assert planned(buckets=(), tables=tables).inventory()["gcp:serviceaccount/account:Account"] == 1

    def given() -> None:
        there = gp.ServiceIdentity.from_existing(
            "analyst@acme-ml-dev.iam.gserviceaccount.com", project=environment().projects.workload
        )
        analysed = gp.RiskAnalysis(quasi_ids=("age",), account=there)
        scan(buckets=(), tables=(gp.TableScan(dataset=dataset("lake"), table="one", risk=analysed),))

    assert "gcp:serviceaccount/account:Account" not in plan(given).inventory()


def test_a_topic_that_is_there_needs_no_key() -> None:
    found = planned(topic="projects/acme-ml-dev/topics/found", keys=None)
    assert TOPIC not in found.inventory()
    assert found.one("TopicIAMMember").inputs["topic"] == "projects/acme-ml-dev/topics/found"


def test_what_is_others_is_asked_for() -> None:
    def program() -> None:
        theirs = bucket("theirs", project=gp.Project(id="acme-other", number="111222333444", managed=False))
        scan(buckets=(gp.BucketScan(bucket=theirs),))
        pulumi.export("requests", gp.requests())

    asked = plan(program).outputs["requests"]
    assert [each["grant"] for each in asked] == ["roles/storage.objectViewer"]


def test_agreements_let_the_agent_look_and_keep_copies_where_the_data_may_be() -> None:
    def program(location: str = "europe-west4") -> None:
        held = bucket(agreements=(agreement(),))
        scan(buckets=(copied(bucket=held, deidentify_to=bucket("clean", location=location)),))

    assert plan(program).inventory()[TRIGGER] == 1
    with pytest.raises(gp.ArgumentError, match="is where the agreement census does not allow the data to be"):
        plan(lambda: program("us-central1"))


def test_outputs_overrides_and_long_names() -> None:
    def program() -> None:
        made = scan(
            name="a-scan-whose-name-is-much-longer-than-anybody-would-like-to-type-every-day-of-the-week-or-month",
            overrides={"bucket-intake": {"description": "by hand"}},
        )
        pulumi.export("triggers", list(made.triggers))

    found = plan(program)
    assert found.outputs["triggers"] == ["intake"]
    assert found.one(TRIGGER).inputs["description"] == "by hand"
    assert len(found.one(TRIGGER).inputs["triggerId"]) <= 100
    assert found.one(TRIGGER).inputs == plan(program).one(TRIGGER).inputs


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"buckets": ()}, "buckets: and tables are none"),
        ({"buckets": ("acme-intake",)}, "buckets[0]: is of the wrong type"),
        ({"buckets": (gp.BucketScan(bucket=bucket(), path="/intake/"),)}, "buckets[0].path: does not have the right"),
        ({"buckets": (gp.BucketScan(bucket=bucket()),) * 2}, "buckets: names a bucket twice"),
        ({"buckets": (copied(deidentify_to=bucket()),)}, "buckets[0].deidentify_to: is the bucket itself"),
        (
            {"buckets": (copied(deidentify_to=bucket("open", gp.DataClass.PUBLIC)),)},
            "buckets[0].deidentify_to: is for public data",
        ),
        ({"buckets": (copied(file_types=()),)}, "buckets[0].file_types: are none"),
        ({"buckets": (copied(file_types=("PDF",)),)}, "buckets[0].file_types[0]: is not one of"),
        ({"tables": (gp.TableScan(dataset=dataset("lake"), table="a b"),)}, "tables[0].table: is no name of a table"),
        (
            {"tables": (gp.TableScan(dataset=dataset("lake"), table="a", risk=gp.RiskAnalysis(quasi_ids=())),)},
            "tables[0].risk.quasi_ids: is out of range",
        ),
        (
            {
                "tables": (
                    gp.TableScan(
                        dataset=dataset("lake"), table="a", risk=gp.RiskAnalysis(quasi_ids=("a",), cron="daily")
                    ),
                )
            },
            "tables[0].risk.cron: has 1 field",
        ),
        ({"every_days": 61}, "every_days: is out of range"),
        ({"info_types": ()}, "info_types: are missing"),
        ({"info_types": ("email",)}, "info_types[0]: does not have the right form"),
        ({"topic": "found"}, "topic: does not have the right form"),
        ({"keys": None}, "keys: are missing"),
        ({"findings": None}, "findings: is of the wrong type"),
    ],
)
def test_bad_arguments_are_refused(more: dict[str, Any], fault: str) -> None:
    assert fault in refused(**more)


def test_quasi_identifiers_are_columns_of_the_table_where_they_are_known() -> None:
    def program() -> None:
        risk = gp.RiskAnalysis(quasi_ids=("aeg",))
        scan(buckets=(), tables=(gp.TableScan(dataset=people(), table="income", risk=risk),))

    with pytest.raises(gp.ArgumentError, match="did you mean age"):
        plan(program)


def test_a_bucket_that_is_made_here_is_no_copy_of_itself_either() -> None:
    def program() -> None:
        made = gp.DataBucket(
            "intake",
            gp.DataBucketArgs(
                env=environment(), data_class=gp.DataClass.PERSONAL, owner="group:data@acme.test", keys=keys()
            ),
        )
        scan(buckets=(gp.BucketScan(bucket=made, deidentify_to=made),))

    with pytest.raises(gp.ArgumentError, match="is the bucket itself"):
        plan(program)
