"""Warehouse: what it plans in each tier, how personal columns are masked, who may read, what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

import groundplan as gp
from groundplan.data.columns import schema_json
from tests.constructs.plan import UNKNOWN, Plan, environment, plan

DATASET = "gcp:bigquery/dataset:Dataset"
TABLE = "gcp:bigquery/table:Table"
ACCESS = "gcp:bigquery/datasetAccess:DatasetAccess"
ROWS = "gcp:bigquery/rowAccessPolicy:RowAccessPolicy"
TAXONOMY = "gcp:datacatalog/taxonomy:Taxonomy"
TAG = "gcp:datacatalog/policyTag:PolicyTag"
TAG_MEMBER = "gcp:datacatalog/policyTagIamMember:PolicyTagIamMember"
MASK = "gcp:bigquerydatapolicy/dataPolicy:DataPolicy"
MASK_MEMBER = "gcp:bigquerydatapolicy/dataPolicyIamMember:DataPolicyIamMember"
KEY_GRANT = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
KEY = "projects/acme-keys/locations/europe-west4/keyRings/ring/cryptoKeys/data"
DAY_MS = 86_400_000
TIERS = [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED]

AT = gp.Column(name="at", type="TIMESTAMP", mode="REQUIRED")
EMAIL = gp.Column(name="email", type="STRING", personal=gp.Personal.IDENTIFIER)
INCOME = gp.Column(name="income", type="NUMERIC", personal=gp.Personal.SENSITIVE)
REGION = gp.Column(name="region", type="STRING", description="Sales region")
EVENTS = gp.Table(name="events", columns=(AT, REGION), partition_by="at", cluster_by=("region",))
PEOPLE = gp.Table(name="people", columns=(AT, EMAIL, INCOME, REGION), partition_by="at")


def central_keys(*, managed: bool = True) -> gp.KeyRingRef:
    project = gp.Project(id="acme-keys", managed=managed)
    return gp.KeyRing.from_existing(dict.fromkeys(gp.DataClass, KEY), project=project)


def lake(*, managed: bool) -> gp.DatasetRef:
    return gp.Warehouse.from_existing(
        "lake",
        project=gp.Project(id="acme-lake-project", managed=managed),
        location="europe-west4",
        data_class=gp.DataClass.PERSONAL,
    )


def warehouse(tier: gp.Tier = gp.Tier.TEAM, name: str = "sales", **more: Any) -> gp.Warehouse:
    given: dict[str, Any] = {
        "env": environment(tier),
        "data_class": gp.DataClass.INTERNAL,
        "owner": "group:ml-data@acme.test",
        "keys": central_keys() if tier.defaults.customer_managed_keys else None,
    }
    return gp.Warehouse(name, gp.WarehouseArgs(**{**given, **more}))


def planned(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Plan:
    return plan(lambda: warehouse(tier, **more))


def personal(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> gp.Warehouse:
    return warehouse(tier, **{"data_class": gp.DataClass.PERSONAL, "tables": (PEOPLE,), **more})


def refused(**more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(**more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


def table(**more: Any) -> gp.Table:
    return gp.Table(**{"name": "events", "columns": (AT, REGION), **more})


def column(**more: Any) -> tuple[gp.Table, ...]:
    return (table(columns=(AT, gp.Column(**{"name": "c", "type": "STRING", **more})), partition_by="at"),)


def test_learner_makes_dataset_and_tables_alone() -> None:
    found = planned(gp.Tier.LEARNER, tables=(EVENTS,))
    assert found.inventory() == {DATASET: 1, TABLE: 1}
    assert found.one(DATASET).inputs["deleteContentsOnDestroy"] is True
    assert "defaultEncryptionConfiguration" not in found.one(DATASET).inputs
    assert found.one(TABLE).inputs["deletionProtection"] is False


def test_team_encrypts_with_its_own_key_granted_first() -> None:
    found = planned(gp.Tier.TEAM, tables=(EVENTS,))
    assert found.inventory() == {DATASET: 1, TABLE: 1, KEY_GRANT: 1}
    dataset, granted = found.one(DATASET), found.one(KEY_GRANT)
    assert dataset.inputs["defaultEncryptionConfiguration"] == {"kmsKeyName": KEY}
    assert found.one(TABLE).inputs["encryptionConfiguration"] == {"kmsKeyName": KEY}
    assert granted.inputs["member"] == "serviceAccount:bq-123456789012@bigquery-encryption.iam.gserviceaccount.com"
    assert any(urn.endswith(granted.name) for urn in dataset.options["dependencies"])
    assert dataset.options["protect"]
    assert dataset.inputs["deleteContentsOnDestroy"] is False
    assert found.one(TABLE).inputs["deletionProtection"] is True


def test_regulated_masks_and_filters() -> None:
    rows = gp.RowPolicy(name="eu", filter='region = "EU"', grantees=("group:eu@acme.test",))
    people = gp.Table(name="people", columns=PEOPLE.columns, partition_by="at", row_policies=(rows,))
    found = plan(lambda: personal(gp.Tier.REGULATED, tables=(people,)))
    assert found.inventory() == {DATASET: 1, TABLE: 1, ROWS: 1, TAXONOMY: 1, TAG: 2, MASK: 2, KEY_GRANT: 1}
    assert found.one(ROWS).inputs == {
        "project": "acme-ml-dev",
        "datasetId": "gp_sales",
        "tableId": "people",
        "policyId": "eu",
        "filterPredicate": 'region = "EU"',
        "grantees": ["group:eu@acme.test"],
    }


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
def test_access_starts_with_the_owner_alone_and_stays_out_of_the_dataset(tier: gp.Tier) -> None:
    dataset = planned(tier).one(DATASET)
    assert dataset.inputs["accesses"] == [{"role": "OWNER", "iamMember": "group:ml-data@acme.test"}]
    assert dataset.options["ignoreChanges"] == ["accesses"]
    assert dataset.inputs["location"] == "europe-west4"
    assert dataset.inputs["labels"]["classification"] == "internal"
    assert dataset.inputs["labels"]["owner"] == "ml-data"


def test_internal_data_is_kept_and_personal_data_expires() -> None:
    kept = planned().one(DATASET).inputs
    assert "defaultTableExpirationMs" not in kept
    assert kept["maxTimeTravelHours"] == "168"
    found = plan(personal)
    expiring = found.one(DATASET).inputs
    assert expiring["defaultTableExpirationMs"] == expiring["defaultPartitionExpirationMs"] == 365 * DAY_MS
    assert expiring["maxTimeTravelHours"] == "48"
    assert found.one(TABLE).inputs["timePartitioning"] == {
        "type": "DAY",
        "field": "at",
        "expirationMs": 365 * DAY_MS,
    }


def test_days_may_be_fewer() -> None:
    found = plan(lambda: personal(delete_after_days=90, tables=(table(partition_by="at", expires_days=30),)))
    assert found.one(DATASET).inputs["defaultPartitionExpirationMs"] == 90 * DAY_MS
    assert found.one(TABLE).inputs["timePartitioning"]["expirationMs"] == 30 * DAY_MS


def test_table_is_typed_partitioned_and_needs_a_filter() -> None:
    made = planned(tables=(EVENTS,)).one(TABLE).inputs
    assert json.loads(made["schema"]) == [
        {"name": "at", "type": "TIMESTAMP", "mode": "REQUIRED"},
        {"name": "region", "type": "STRING", "mode": "NULLABLE", "description": "Sales region"},
    ]
    assert made["requirePartitionFilter"] is True
    assert made["clusterings"] == ["region"]
    assert made["timePartitioning"] == {"type": "DAY", "field": "at"}
    whole = planned(tables=(table(),)).one(TABLE).inputs
    assert not {"timePartitioning", "requirePartitionFilter", "clusterings"} & set(whole)


def test_schema_is_the_same_each_time_with_tags_on_the_fields_of_records() -> None:
    address = gp.Column(
        name="address",
        type="STRUCT",
        mode="REPEATED",
        fields=(
            gp.Column(name="street", type="STRING", personal=gp.Personal.SENSITIVE),
            gp.Column(name="floor", type="INT64"),
        ),
    )
    text = schema_json((address, EMAIL), {gp.Personal.SENSITIVE: "tags/1", gp.Personal.IDENTIFIER: "tags/2"})
    assert text == (
        '[{"name":"address","type":"RECORD","mode":"REPEATED","fields":['
        '{"name":"street","type":"STRING","mode":"NULLABLE","policyTags":{"names":["tags/1"]}},'
        '{"name":"floor","type":"INTEGER","mode":"NULLABLE"}]},'
        '{"name":"email","type":"STRING","mode":"NULLABLE","policyTags":{"names":["tags/2"]}}]'
    )


def test_personal_columns_are_tagged_and_masked_before_the_table_is_made() -> None:
    found = plan(personal)
    assert found.one(TAXONOMY).inputs["activatedPolicyTypes"] == ["FINE_GRAINED_ACCESS_CONTROL"]
    assert found.one(TAXONOMY).inputs["region"] == "europe-west4"
    assert {tag.inputs["displayName"] for tag in found.of(TAG)} == {"identifier", "sensitive"}
    masks = {mask.inputs["dataPolicyId"]: mask.inputs["dataMaskingPolicy"] for mask in found.of(MASK)}
    assert masks == {
        "gp_sales_identifier": {"predefinedExpression": "SHA256"},
        "gp_sales_sensitive": {"predefinedExpression": "ALWAYS_NULL"},
    }
    made = found.one(TABLE)
    assert made.inputs["schema"] == UNKNOWN
    dependencies = " ".join(made.options["dependencies"])
    assert "sales-mask-identifier" in dependencies
    assert "sales-mask-sensitive" in dependencies


def test_dates_of_a_life_are_masked_to_the_year() -> None:
    born = column(type="DATE", personal=gp.Personal.DATE)
    found = plan(lambda: personal(tables=born))
    assert found.one(MASK).inputs["dataMaskingPolicy"] == {"predefinedExpression": "DATE_YEAR_MASK"}


@pytest.mark.parametrize(
    ("method", "role", "entry"),
    [
        ("grant_read", "roles/bigquery.dataViewer", "READER"),
        ("grant_edit", "roles/bigquery.dataEditor", "WRITER"),
        ("grant_own", "roles/bigquery.dataOwner", "OWNER"),
    ],
)
def test_grants_are_entries_of_the_dataset(method: str, role: str, entry: str) -> None:
    def program() -> None:
        granted = getattr(warehouse(), method)("group:ml@acme.test")
        assert (granted.role, granted.scope) == (role, "resource")

    assert plan(program).one(ACCESS).inputs == {
        "project": "acme-ml-dev",
        "datasetId": "gp_sales",
        "role": entry,
        "iamMember": "group:ml@acme.test",
    }


def test_masked_readers_read_every_kind_masked() -> None:
    def program() -> None:
        assert len(personal().grant_read_masked("group:ml@acme.test")) == 3

    found = plan(program)
    assert found.one(ACCESS).inputs["role"] == "READER"
    assert {(m.inputs["dataPolicyId"], m.inputs["role"], m.inputs["member"]) for m in found.of(MASK_MEMBER)} == {
        ("gp_sales_identifier", "roles/bigquerydatapolicy.maskedReader", "group:ml@acme.test"),
        ("gp_sales_sensitive", "roles/bigquerydatapolicy.maskedReader", "group:ml@acme.test"),
    }
    assert found.of(TAG_MEMBER) == []


def test_cleared_readers_read_all_kinds_or_those_named_and_the_rest_masked() -> None:
    found = plan(lambda: personal().grant_read_personal("group:dpo@acme.test"))
    assert found.one(ACCESS).inputs["role"] == "READER"
    assert [m.inputs["role"] for m in found.of(TAG_MEMBER)] == ["roles/datacatalog.categoryFineGrainedReader"] * 2
    assert found.of(MASK_MEMBER) == []
    some = plan(lambda: personal().grant_read_personal("group:dpo@acme.test", (gp.Personal.SENSITIVE,)))
    assert [m.name for m in some.of(TAG_MEMBER)] == [
        "sales-sensitive-categoryfinegrainedreader-dpo-acme-test-4edb",
    ]
    assert len(some.of(MASK_MEMBER)) == 2
    assert len(some.of(ACCESS)) == 1


def test_clearance_for_columns_that_no_table_has_is_refused() -> None:
    with pytest.raises(gp.ArgumentError, match="no table has"):
        plan(lambda: warehouse().grant_read_personal("group:dpo@acme.test"))
    with pytest.raises(gp.ArgumentError, match=r"kinds\[0\]"):
        plan(lambda: personal().grant_read_personal("group:dpo@acme.test", (gp.Personal.DATE,)))


def test_without_personal_columns_masked_reading_is_reading() -> None:
    found = plan(lambda: warehouse().grant_read_masked("group:ml@acme.test"))
    assert found.inventory() == {DATASET: 1, ACCESS: 1, KEY_GRANT: 1}


def test_view_is_authorised_on_an_existing_dataset() -> None:
    view = gp.View(
        name="recent", query="SELECT region FROM `acme-lake-project.lake.events`", authorized_on=(lake(managed=True),)
    )
    found = planned(views=(view,))
    assert found.inventory() == {DATASET: 1, TABLE: 1, ACCESS: 1, KEY_GRANT: 1}
    made = found.one(TABLE).inputs
    assert made["view"] == {"query": view.query, "useLegacySql": False}
    assert "encryptionConfiguration" not in made
    entry = found.one(ACCESS)
    assert entry.inputs == {
        "project": "acme-lake-project",
        "datasetId": "lake",
        "view": {"projectId": "acme-ml-dev", "datasetId": "gp_sales", "tableId": "recent"},
    }
    assert any(urn.endswith("sales-view-recent") for urn in entry.options["dependencies"])


def test_view_on_another_warehouse_and_after_its_own_tables() -> None:
    def program() -> None:
        source = personal(name="people")
        view = gp.View(name="regions", query="SELECT 1", authorized_on=(source,))
        warehouse(tables=(EVENTS,), views=(view,))

    found = plan(program)
    entry = found.one(ACCESS)
    assert entry.inputs["datasetId"] == "gp_people"
    assert entry.name == "people-authorized-view-sales-regions"
    view = found.one(TABLE, "sales-view-regions")
    assert any(urn.endswith("sales-table-events") for urn in view.options["dependencies"])


def test_datasets_and_keys_of_others_turn_grants_into_requests() -> None:
    def program() -> None:
        source = lake(managed=False)
        source.grant_read("group:ml@acme.test")
        view = gp.View(name="recent", query="SELECT 1", authorized_on=(source,))
        warehouse(keys=central_keys(managed=False), views=(view,))
        pulumi.export("requests", gp.requests())

    found = plan(program)
    assert found.inventory() == {DATASET: 1, TABLE: 1}
    read, key, view = found.outputs["requests"]
    assert read["command"] == (
        "bq query --use_legacy_sql=false --location=europe-west4"
        " 'GRANT `roles/bigquery.dataViewer` ON SCHEMA `acme-lake-project.lake` TO \"group:ml@acme.test\"'"
    )
    assert key["command"].startswith(f"gcloud kms keys add-iam-policy-binding {KEY} --member=serviceAccount:bq-")
    assert view["member"] == "acme-ml-dev.gp_sales.recent"
    assert view["command"].startswith("bq show --format=prettyjson acme-lake-project:lake > dataset.json")


def test_unmanaged_workload_project_asks_for_clearance() -> None:
    def program() -> None:
        projects = gp.Projects.single(gp.Project(id="acme-ml-dev", number="123456789012", managed=False))
        made = personal(env=environment(projects=projects), keys=central_keys())
        made.grant_read_personal("group:dpo@acme.test", (gp.Personal.IDENTIFIER,))
        pulumi.export("count", len(gp.requests()))

    found = plan(program)
    assert found.of(ACCESS) + found.of(TAG_MEMBER) + found.of(MASK_MEMBER) == []
    assert found.outputs["count"] == 4


def test_row_policies_take_accounts_and_a_new_name_with_each_generation() -> None:
    account = gp.AccountRef.imported(
        {
            "label": "loader",
            "project": {
                "id": "acme-ml-dev",
                "number": None,
                "quota_project": None,
                "impersonate": None,
                "managed": True,
            },
            "email": "loader@acme-ml-dev.iam.gserviceaccount.com",
        }
    )
    rows = gp.RowPolicy(name="all", filter="TRUE", grantees=(account,))
    found = planned(env=environment(generation=2), tables=(table(row_policies=(rows,)),))
    assert found.one(ROWS).inputs["policyId"] == "all_g2"
    assert found.one(ROWS).inputs["grantees"] == ["serviceAccount:loader@acme-ml-dev.iam.gserviceaccount.com"]


def test_outputs_overrides_and_names() -> None:
    def program() -> None:
        made = warehouse(
            name="a-long-name-of-a-team", overrides={"dataset": {"isCaseInsensitive": True}}, storage_billing="PHYSICAL"
        )
        pulumi.export("id", made.dataset_id)
        pulumi.export("exported", made.exported())

    found = plan(program)
    assert found.one(DATASET).inputs["isCaseInsensitive"] is True
    assert found.one(DATASET).inputs["storageBillingModel"] == "PHYSICAL"
    assert found.outputs["id"] == "gp_a_long_name_of_a_team"
    assert found.outputs["exported"]["dataset_id"] == "gp_a_long_name_of_a_team"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"owner": "domain:acme.test"}, "everybody of a domain"),
        ({"keys": None}, "tier team encrypts data with keys of one's own"),
        ({"location": "US"}, "no multi-region"),
        ({"storage_billing": "FLAT"}, "LOGICAL, PHYSICAL"),
        ({"tables": (EVENTS, EVENTS)}, "names a name twice"),
        ({"tables": ("events",)}, "pass a Table"),
        ({"views": ("recent",)}, "pass a View"),
        ({"tables": (table(columns=("at",)),)}, "pass a Column"),
        ({"tables": column(type="RECORD", fields=("at",))}, "columns[1].fields[0]"),
        ({"tables": (table(row_policies=("eu",)),)}, "pass a RowPolicy"),
        ({"tables": (table(name="a b"),)}, "no name of a table"),
        ({"tables": (table(columns=()),)}, "at least one Column"),
        ({"tables": column(name="1st")}, "no name of a column"),
        ({"tables": column(name="AT")}, "names a column twice"),
        ({"tables": column(type="STRNG")}, "did you mean STRING?"),
        ({"tables": column(mode="OPTIONAL")}, "NULLABLE, REPEATED, REQUIRED"),
        ({"tables": column(description="x" * 1025)}, "at most 1024 characters"),
        ({"tables": column(type="RECORD")}, "fields in a RECORD, and only there"),
        ({"tables": column(fields=(AT,))}, "1 fields of a STRING"),
        ({"tables": (PEOPLE,)}, "personal in a warehouse of class internal"),
        ({"tables": column(type="RECORD", fields=(AT,), personal=gp.Personal.SENSITIVE)}, "mark the fields inside"),
        ({"tables": column(type="INT64", personal=gp.Personal.IDENTIFIER)}, "identifier on INT64"),
        ({"tables": column(personal="name")}, "a Personal, such as Personal.SENSITIVE"),
        ({"tables": (table(partition_by="day"),)}, "partition_by"),
        ({"tables": (table(partition_by="region"),)}, "partition_by"),
        ({"tables": (table(partition_by="at", partition_unit="WEEK"),)}, "DAY, HOUR, MONTH, YEAR"),
        ({"tables": (table(cluster_by=("regin",)),)}, "did you mean region?"),
        ({"tables": (table(cluster_by=("region", "region")),)}, "names a column twice"),
        ({"tables": (table(cluster_by=("region", "at", "a", "b", "c")),)}, "from 0 to 4"),
        ({"tables": (table(expires_days=30),)}, "expires_days with partition_by"),
        ({"tables": (table(partition_by="at", expires_days=0),)}, "1 to 3650"),
        ({"data_class": gp.DataClass.HEALTH, "tables": (table(),)}, "would be deleted 365 days after it was made"),
        (
            {"data_class": gp.DataClass.HEALTH, "tables": (table(partition_by="at", expires_days=400),)},
            "at most 365 days",
        ),
        ({"views": (gp.View(name="v", query=" "),)}, "a SELECT in GoogleSQL"),
        ({"views": (gp.View(name="v", query="SELECT 1", authorized_on=("lake",)),)}, "Warehouse.from_existing"),  # type: ignore[arg-type] # the fault that is tried
    ],
)
def test_bad_input_is_refused(more: dict[str, Any], words: str) -> None:
    assert words in refused(**more)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": "E U"}, "rename it"),
        ({"filter": " "}, "is empty"),
        ({"filter": " true "}, "lets every row through"),
        ({"grantees": ()}, "names nobody"),
        ({"grantees": ("domain:acme.test",)}, "everybody of a domain"),
        ({"grantees": ("allUsers",)}, "no IAM principal"),
    ],
)
def test_bad_row_policies_are_refused(more: dict[str, Any], words: str) -> None:
    rows = gp.RowPolicy(**{"name": "eu", "filter": "region = 'EU'", "grantees": ("group:eu@acme.test",), **more})
    assert words in refused(data_class=gp.DataClass.RESTRICTED, tables=(table(row_policies=(rows,)),))


def test_records_nest_fifteen_deep_and_no_deeper() -> None:
    def nested(depth: int) -> gp.Column:
        inner = (nested(depth - 1),) if depth else (AT,)
        return gp.Column(name="r", type="RECORD", fields=inner)

    assert planned(tables=(table(columns=(nested(13),)),)).inventory()[TABLE] == 1
    assert "levels of records" in refused(tables=(table(columns=(nested(16),)),))


def test_all_faults_come_in_one_message() -> None:
    message = refused(owner="x", location="EU", tables=column(type="TEXT", name="ok"))
    assert message.startswith('Warehouse "sales": 3 arguments cannot be used')


def test_from_existing_refuses_what_is_no_id() -> None:
    with pytest.raises(gp.ArgumentError, match="leave out the project"):
        gp.Warehouse.from_existing(
            "acme:lake", project=gp.Project(id="acme-lake-project"), location="EU", data_class=gp.DataClass.PUBLIC
        )
