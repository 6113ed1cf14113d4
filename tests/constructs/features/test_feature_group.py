"""FeatureGroup: what it registers in each tier, under whose name, who may see and read it, what it refuses."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import groundplan as gp
from tests.constructs.features.given import AGE, KEY, group, lake, source, warehouse
from tests.constructs.plan import Plan, environment, plan

GROUP = "gcp:vertex/aiFeatureGroup:AiFeatureGroup"
FEATURE = "gcp:vertex/aiFeatureGroupFeature:AiFeatureGroupFeature"
MEMBER = "gcp:vertex/aiFeatureGroupIamMember:AiFeatureGroupIamMember"
ACCESS = "gcp:bigquery/datasetAccess:DatasetAccess"
CLEAR = "gcp:datacatalog/policyTagIamMember:PolicyTagIamMember"
MASKED = "gcp:bigquerydatapolicy/dataPolicyIamMember:DataPolicyIamMember"
TIERS = [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED]
TRAINER = "serviceAccount:trainer@acme-ml-dev.iam.gserviceaccount.com"


def planned(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Plan:
    return plan(lambda: group(tier, **more))


def refused(**more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(**more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
def test_every_tier_registers_the_group_and_its_features(tier: gp.Tier) -> None:
    found = planned(tier)
    assert found.inventory() == {GROUP: 1, FEATURE: 2}
    made = found.one(GROUP).inputs
    assert made["name"] == "gp_customers"
    assert made["region"] == "europe-west4"
    assert made["bigQuery"] == {
        "bigQuerySource": {"inputUri": "bq://acme-lake.lake.customers"},
        "entityIdColumns": ["customer_id"],
    }
    assert made["labels"]["classification"] == "confidential"
    assert made["labels"]["owner"] == "ml-data"
    assert not found.one(GROUP).options["protect"]  # nothing is stored in it


def test_owner_stands_in_each_description_and_label() -> None:
    found = planned()
    assert found.one(GROUP).inputs["description"] == "A customer on a day. Owner: group:ml-data@acme.test"
    age = found.one(FEATURE, "customers-feature-age").inputs
    spend = found.one(FEATURE, "customers-feature-spend_30d").inputs
    assert age["description"] == "Age in years on the day of the row. Owner: group:ml-data@acme.test"
    assert spend["description"] == "Money spent in 30 days, in euros. Owner: group:ml-data@acme.test"
    assert age["labels"]["owner"] == spend["labels"]["owner"] == "ml-data"
    assert "versionColumnName" not in age
    assert spend["versionColumnName"] == "spend30"


def test_owner_may_be_an_account_and_the_description_empty() -> None:
    owner = gp.ServiceIdentity.from_existing(
        "loader@acme-ml-dev.iam.gserviceaccount.com", project=gp.Project(id="acme-ml-dev", number="123456789012")
    )
    made = planned(owner=owner, description="").one(GROUP).inputs
    assert made["description"] == "Owner: serviceAccount:loader@acme-ml-dev.iam.gserviceaccount.com"
    assert made["labels"]["owner"] == "loader"


def test_generation_makes_a_group_beside_the_old_one() -> None:
    assert planned(env=environment(generation=2)).one(GROUP).inputs["name"] == "gp_customers_g2"


def test_names_are_the_same_each_time_and_inside_the_limit() -> None:
    long = "-".join(["customers"] * 14)

    def name() -> str:
        return str(plan(lambda: group(name=long)).one(GROUP).inputs["name"])

    assert name() == name()
    assert len(name()) <= 128


def test_class_may_be_stricter_than_the_dataset() -> None:
    found = planned(data_class=gp.DataClass.HEALTH)
    assert found.one(GROUP).inputs["labels"]["classification"] == "health"


def test_table_of_a_warehouse_comes_first_and_its_columns_are_known() -> None:
    def program() -> None:
        group(source=source(dataset=warehouse()))

    found = plan(program)
    made = found.one(GROUP)
    assert any(urn.endswith("people-table-customers") for urn in made.options["dependencies"])
    assert made.inputs["labels"]["classification"] == "personal"


def test_view_of_a_warehouse_comes_first() -> None:
    def program() -> None:
        view = gp.View(name="latest", query="SELECT 1")
        group(source=source(dataset=warehouse(views=(view,)), table="latest"))

    assert any(urn.endswith("people-view-latest") for urn in plan(program).one(GROUP).options["dependencies"])


def test_view_grant_is_on_the_group_alone() -> None:
    granted = plan(lambda: group().grant_view("group:ml@acme.test")).one(MEMBER)
    assert granted.inputs["role"] == "roles/aiplatform.featurestoreResourceViewer"
    assert granted.inputs["member"] == "group:ml@acme.test"
    assert granted.inputs["region"] == "europe-west4"
    assert granted.inputs["featureGroup"] == "gp_customers"


def test_values_are_read_in_the_dataset() -> None:
    granted = plan(lambda: group().grant_read(TRAINER)).one(ACCESS)
    assert granted.inputs["datasetId"] == "lake"
    assert granted.inputs["role"] == "READER"


def test_personal_columns_are_read_where_they_are_features_and_stay_masked_otherwise() -> None:
    def program() -> None:
        group(source=source(dataset=warehouse())).grant_read(TRAINER)

    found = plan(program)
    clear = sorted(granted.name.split("-categoryfinegrainedreader-")[0] for granted in found.of(CLEAR))
    masked = {granted.name.split("-maskedreader-")[0] for granted in found.of(MASKED)}
    assert clear == ["people-identifier", "people-sensitive"]
    assert "people-date" in masked


def test_unmanaged_project_turns_grants_into_requests() -> None:
    def program() -> None:
        made = gp.FeatureGroup.from_existing(
            "customers",
            project=gp.Project(id="acme-features", managed=False),
            region="europe-west4",
            dataset=lake(managed=False),
            features=("age",),
        )
        assert made.grant_view("group:ml@acme.test").binding is None
        assert made.grant_read(TRAINER)[0].binding is None
        pulumi.export("requests", gp.requests())

    found = plan(program)
    assert found.inventory() == {}
    view, read = found.outputs["requests"]
    assert "/projects/acme-features/locations/europe-west4/featureGroups/customers:" in view["command"]
    assert "getIamPolicy | jq --arg member group:ml@acme.test" in view["command"]
    assert "GRANT" in read["command"]


def test_from_existing_is_used_like_a_group_that_was_made() -> None:
    existing = gp.FeatureGroup.from_existing(
        "customers",
        project=gp.Project(id="acme-features"),
        region="europe-west4",
        dataset=lake(),
        features=("age", "spend_30d"),
        data_class=gp.DataClass.PERSONAL,
    )
    assert existing.label == "customers"
    assert existing.features == ("age", "spend_30d")
    assert existing.data_class is gp.DataClass.PERSONAL
    granted = plan(lambda: existing.grant_view("group:ml@acme.test")).one(MEMBER)
    assert granted.inputs["project"] == "acme-features"


def test_outputs_and_overrides() -> None:
    def program() -> None:
        made = group(overrides={"feature-age": {"labels": {"unit": "years"}}})
        pulumi.export("exported", made.exported())

    found = plan(program)
    assert found.one(FEATURE, "customers-feature-age").inputs["labels"]["unit"] == "years"
    assert found.outputs["exported"]["group_id"] == "gp_customers"
    assert found.outputs["exported"]["features"] == ["age", "spend_30d"]
    assert found.outputs["exported"]["dataset"]["dataset_id"] == "lake"


@pytest.mark.parametrize("location", ["europe-west4", "EUROPE-WEST4", "EU"])
def test_dataset_may_be_in_the_region_or_around_it(location: str) -> None:
    assert planned(source=source(dataset=lake(location=location))).inventory()[GROUP] == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"source": "bq://a.b.c"}, "a FeatureSource"),
        ({"source": source(dataset="lake")}, "a Warehouse, or Warehouse.from_existing"),
        ({"source": source(table="lake.customers")}, "is no name of a table"),
        ({"source": source(entity_id_columns=())}, "names no column"),
        ({"source": source(entity_id_columns="customer_id")}, "is text, where several values are wanted"),
        ({"source": source(entity_id_columns=("id", "id"))}, "names a column twice"),
        ({"source": source(entity_id_columns=("no column",))}, "is no name of a column"),
        ({"source": source(dataset=lake(location="US"))}, "is not where the features are, in europe-west4"),
        ({"source": source(dataset=lake(location="europe-west1"))}, "or in the multi-region around it"),
        ({"features": ()}, "at least one Feature"),
        ({"features": ("age",)}, "a Feature"),
        ({"features": (AGE, AGE)}, "names a feature twice"),
        ({"features": (gp.Feature(name="Age", description="Age"),)}, "is no id of a feature"),
        ({"features": (gp.Feature(name="age", description=" "),)}, "does not say in a line"),
        ({"features": (gp.Feature(name="age", description="a\nb"),)}, "does not say in a line"),
        ({"features": (gp.Feature(name="customer_id", description="Id"),)}, "is no feature of it"),
        ({"features": (gp.Feature(name="at", description="When", column="feature_timestamp"),)}, "is no feature of it"),
        ({"owner": "ml-data"}, "no IAM principal"),
        ({"owner": "domain:acme.test"}, "everybody of a domain"),
        ({"description": "x" * 501}, "from 0 to 500"),
        ({"data_class": gp.DataClass.INTERNAL}, "is laxer than that of lake"),
        ({"data_class": "secret"}, "a DataClass"),
    ],
)
def test_bad_input_is_refused(more: dict[str, Any], words: str) -> None:
    assert words in refused(**more)


@pytest.mark.parametrize(
    ("more", "features", "words"),
    [
        ({}, (gp.Feature(name="aeg", description="Age"),), "did you mean age?"),
        ({"entity_id_columns": ("customer",)}, (AGE,), "did you mean customer_id?"),
    ],
)
def test_column_that_the_table_lacks_is_refused(
    more: dict[str, Any], features: tuple[gp.Feature, ...], words: str
) -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        plan(lambda: group(source=source(dataset=warehouse(), **more), features=features))
    assert words in str(caught.value)


def test_table_without_the_timestamp_is_refused() -> None:
    def program(*columns: gp.Column) -> None:
        table = gp.Table(name="customers", columns=(gp.Column(name="customer_id", type="STRING"), *columns))
        group(source=source(dataset=warehouse(data_class=gp.DataClass.INTERNAL, keys=internal(), tables=(table,))))

    def internal() -> gp.KeyRingRef:
        return gp.KeyRing.from_existing({gp.DataClass.INTERNAL: KEY}, project=gp.Project(id="acme-keys"))

    columns = (gp.Column(name="age", type="INT64"), gp.Column(name="spend30", type="NUMERIC"))
    with pytest.raises(gp.ArgumentError, match="feature_timestamp"):
        plan(lambda: program(*columns))
    with pytest.raises(gp.ArgumentError, match="TIMESTAMP"):
        plan(lambda: program(*columns, gp.Column(name="feature_timestamp", type="DATE")))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"group_id": "projects/p/locations/l/featureGroups/g"}, "leave out projects/…"),
        ({"group_id": "projects/p/locations/l/featurestores/f/entityTypes/e"}, "legacy Feature Store"),
        ({"region": "EU"}, "a region such as europe-west4"),
        ({"features": ()}, "the ids of the group's features"),
        ({"features": ("Age",)}, "is no id of a feature"),
        ({"dataset": "lake"}, "a Warehouse"),
        ({"data_class": gp.DataClass.PUBLIC}, "is laxer than that of lake"),
    ],
)
def test_from_existing_refuses_what_it_cannot_be(more: dict[str, Any], words: str) -> None:
    given: dict[str, Any] = {
        "group_id": "customers",
        "project": gp.Project(id="acme-features"),
        "region": "europe-west4",
        "dataset": lake(),
        "features": ("age",),
    }
    with pytest.raises(gp.ArgumentError) as caught:
        gp.FeatureGroup.from_existing(**{**given, **more})
    assert words in str(caught.value)
