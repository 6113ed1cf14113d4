"""FeatureView: what it serves from where, how fresh, who may copy and who may read, what it refuses."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import groundplan as gp
from tests.constructs.features.given import central_keys, group, lake, source, warehouse
from tests.constructs.plan import Plan, environment, plan

VIEW = "gcp:vertex/aiFeatureOnlineStoreFeatureview:AiFeatureOnlineStoreFeatureview"
MEMBER = "gcp:vertex/aiFeatureOnlineStoreFeatureviewIamMember:AiFeatureOnlineStoreFeatureviewIamMember"
GROUP_MEMBER = "gcp:vertex/aiFeatureGroupIamMember:AiFeatureGroupIamMember"
ACCESS = "gcp:bigquery/datasetAccess:DatasetAccess"
AGENT = "gcp:projects/serviceIdentity:ServiceIdentity"
AGENT_ROLE = "gcp:projects/iAMMember:IAMMember"
CLEAR = "gcp:datacatalog/policyTagIamMember:PolicyTagIamMember"
TIERS = [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED]
OURS = gp.Project(id="acme-ml-dev", number="123456789012")


def existing_store(**more: Any) -> gp.OnlineStoreRef:
    given: dict[str, Any] = {
        "store_id": "serving",
        "project": OURS,
        "region": "europe-west4",
        "data_class": gp.DataClass.PERSONAL,
    }
    return gp.OnlineStore.from_existing(**{**given, **more})


def existing_group(**more: Any) -> gp.FeatureGroupRef:
    given: dict[str, Any] = {
        "group_id": "customers",
        "project": OURS,
        "region": "europe-west4",
        "dataset": lake(),
        "features": ("age", "spend_30d"),
    }
    return gp.FeatureGroup.from_existing(**{**given, **more})


def view(tier: gp.Tier = gp.Tier.TEAM, name: str = "customers", **more: Any) -> gp.FeatureView:
    given: dict[str, Any] = {"env": environment(tier)}
    given["store"] = more.pop("store", None) or existing_store()
    given["source"] = more.pop("source", None) or (gp.GroupFeatures(group=existing_group()),)
    return gp.FeatureView(name, gp.FeatureViewArgs(**{**given, **more}))


def planned(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Plan:
    return plan(lambda: view(tier, **more))


def refused(**more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(**more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


def served(features: tuple[str, ...] = (), **more: Any) -> tuple[gp.GroupFeatures, ...]:
    return (gp.GroupFeatures(group=existing_group(**more), features=features),)


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
def test_every_tier_serves_registered_features_that_the_agent_may_read(tier: gp.Tier) -> None:
    found = planned(tier)
    assert found.inventory() == {VIEW: 1, ACCESS: 1, AGENT: 1, AGENT_ROLE: 1}
    made, access = found.one(VIEW), found.one(ACCESS)
    assert made.inputs["name"] == "gp_customers"
    assert made.inputs["featureOnlineStore"] == "serving"
    assert made.inputs["featureRegistrySource"] == {
        "featureGroups": [{"featureGroupId": "customers", "featureIds": ["age", "spend_30d"]}]
    }
    assert made.inputs["syncConfig"] == {"cron": "0 4 * * *"}
    assert made.inputs["labels"]["classification"] == "confidential"
    assert not {"bigQuerySource", "vectorSearchConfig"} & set(made.inputs)
    assert access.inputs["role"] == "READER"
    assert any(urn.endswith(access.name) for urn in made.options["dependencies"])


def test_whole_way_from_warehouse_to_reader() -> None:
    def program() -> None:
        env = environment()
        registered = group(env=env, source=source(dataset=warehouse()))
        store = gp.OnlineStore(
            "main", gp.OnlineStoreArgs(env=env, data_class=gp.DataClass.PERSONAL, keys=central_keys())
        )
        made = view(env=env, store=store, source=(gp.GroupFeatures(group=registered, features=("age",)),))
        made.grant_read("serviceAccount:api@acme-ml-dev.iam.gserviceaccount.com")

    found = plan(program)
    made = found.one(VIEW)
    assert made.inputs["featureOnlineStore"] == "gp_main"
    assert made.inputs["featureRegistrySource"]["featureGroups"] == [
        {"featureGroupId": "gp_customers", "featureIds": ["age"]}
    ]
    assert made.inputs["labels"]["classification"] == "personal"
    for name in ("customers-group", "customers-feature-age", "main-bigtable"):
        assert any(urn.endswith(f"::{name}") for urn in made.options["dependencies"]), name
    # The agent reads personal features as they are: a masked value would be served as if it were one.
    clear = {granted.name.split("-categoryfinegrainedreader-")[0] for granted in found.of(CLEAR)}
    assert clear == {"people-identifier", "people-sensitive"}
    assert found.one(MEMBER).inputs["role"] == "roles/aiplatform.featurestoreDataViewer"


def test_table_is_served_whole() -> None:
    found = planned(source=source())
    assert found.inventory() == {VIEW: 1, ACCESS: 1, AGENT: 1, AGENT_ROLE: 1}
    made = found.one(VIEW).inputs
    assert made["bigQuerySource"] == {"uri": "bq://acme-lake.lake.customers", "entityIdColumns": ["customer_id"]}
    assert "featureRegistrySource" not in made


def test_personal_columns_of_a_table_are_all_read_as_they_are() -> None:
    found = plan(lambda: view(source=source(dataset=warehouse())))
    clear = {granted.name.split("-categoryfinegrainedreader-")[0] for granted in found.of(CLEAR)}
    assert clear == {"people-identifier", "people-sensitive", "people-date"}
    assert any(urn.endswith("people-table-customers") for urn in found.one(VIEW).options["dependencies"])


@pytest.mark.parametrize(
    ("sync", "config"),
    [
        ("CRON_TZ=Europe/Amsterdam 0 4 * * *", {"cron": "CRON_TZ=Europe/Amsterdam 0 4 * * *"}),
        ("continuous", {"continuous": True}),
        ("on_demand", None),
    ],
)
def test_values_are_as_fresh_as_asked(sync: str, config: object) -> None:
    assert planned(sync=sync).one(VIEW).inputs.get("syncConfig") == config


def test_groups_of_another_project_are_named_by_its_number_and_seen_by_the_agent() -> None:
    project = gp.Project(id="acme-features", number="210987654321")
    found = planned(source=served(project=project))
    assert found.one(VIEW).inputs["featureRegistrySource"]["projectNumber"] == "210987654321"
    seen = found.one(GROUP_MEMBER)
    assert seen.inputs["project"] == "acme-features"
    assert seen.inputs["role"] == "roles/aiplatform.featurestoreResourceViewer"
    assert any(urn.endswith(seen.name) for urn in found.one(VIEW).options["dependencies"])


def test_view_is_made_where_its_store_is() -> None:
    store = existing_store(project=gp.Project(id="acme-serving", number="310987654321"))
    found = planned(store=store, source=source())
    assert found.one(VIEW).inputs["project"] == "acme-serving"
    assert found.one(VIEW).options["provider"].split("::")[-2] == "gcp-acme-serving"
    assert found.one(AGENT).inputs["project"] == "acme-serving"


def test_dataset_that_is_not_ours_to_grant_becomes_a_request() -> None:
    def program() -> None:
        view(source=source(dataset=lake(managed=False)))
        pulumi.export("requests", gp.requests())

    found = plan(program)
    assert found.inventory() == {VIEW: 1, AGENT: 1, AGENT_ROLE: 1}
    assert found.outputs["requests"][0]["on"] == "acme-lake.lake"


def test_vectors_are_searched_in_an_optimized_store() -> None:
    search = gp.VectorSearch(
        embedding_column="embedding",
        dimensions=768,
        distance="cosine",
        leaf_embeddings=500,
        filter_columns=("country",),
        crowding_column="brand",
    )
    made = planned(store=existing_store(optimized=True), vector_search=search).one(VIEW).inputs
    assert made["vectorSearchConfig"] == {
        "embeddingColumn": "embedding",
        "embeddingDimension": 768,
        "distanceMeasureType": "COSINE_DISTANCE",
        "filterColumns": ["country"],
        "crowdingColumn": "brand",
        "treeAhConfig": {"leafNodeEmbeddingCount": "500"},
    }


def test_exact_search_has_no_index() -> None:
    search = gp.VectorSearch(embedding_column="embedding", dimensions=8, exact=True)
    made = planned(store=existing_store(optimized=True), vector_search=search).one(VIEW).inputs["vectorSearchConfig"]
    assert made["bruteForceConfig"] == {}
    assert "treeAhConfig" not in made


def test_grants_are_on_the_view_alone() -> None:
    def program() -> None:
        made = view()
        made.grant_read("group:readers@acme.test")
        made.grant_manage("serviceAccount:pipeline@acme-ml-dev.iam.gserviceaccount.com")

    roles = {granted.inputs["role"]: granted.inputs for granted in plan(program).of(MEMBER)}
    assert set(roles) == {"roles/aiplatform.featurestoreDataViewer", "roles/aiplatform.featurestoreAdmin"}
    for inputs in roles.values():
        assert inputs["featureOnlineStore"] == "serving"
        assert inputs["featureView"] == "gp_customers"


def test_existing_view_in_an_unmanaged_project_is_requested() -> None:
    def program() -> None:
        store = existing_store(project=gp.Project(id="acme-serving", managed=False))
        existing = gp.FeatureView.from_existing("customers", store=store, data_class=gp.DataClass.PERSONAL)
        assert existing.grant_read("group:readers@acme.test").binding is None
        pulumi.export("requests", gp.requests())

    found = plan(program)
    assert found.inventory() == {}
    assert "/featureOnlineStores/serving/featureViews/customers:" in found.outputs["requests"][0]["command"]


def test_outputs_overrides_and_generation() -> None:
    def program() -> None:
        made = view(env=environment(generation=3), overrides={"view": {"labels": {"team": "churn"}}})
        pulumi.export("exported", made.exported())

    found = plan(program)
    assert found.one(VIEW).inputs["labels"]["team"] == "churn"
    assert found.outputs["exported"]["view_id"] == "gp_customers_g3"
    assert found.outputs["exported"]["store_id"] == "serving"


def test_names_are_the_same_each_time_and_inside_the_limit() -> None:
    def name(label: str) -> str:
        return str(planned(name=label).one(VIEW).inputs["name"])

    long = "-".join(["customers"] * 8)
    assert name(long) == name(long)
    assert len(name(long)) <= 60
    assert name(long) != name(f"{long}s")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"store": "serving"}, "an OnlineStore, or OnlineStore.from_existing"),
        ({"store": "projects/p/locations/l/featurestores/f"}, "legacy Feature Store"),
        ({"source": ["features"]}, "a tuple of GroupFeatures, or a FeatureSource"),
        ({"source": ("features",)}, "a GroupFeatures"),
        ({"source": (gp.GroupFeatures(group="customers"),)}, "a FeatureGroup"),  # type: ignore[arg-type] # what is tested
        ({"source": served(("agee",))}, "did you mean age?"),
        ({"source": served(("age", "age"))}, "names a feature twice"),
        ({"source": served() + served()}, "names a group twice"),
        ({"source": served(region="europe-west1")}, "is in another region than the store"),
        (
            {"source": served() + served(label="more", project=gp.Project(id="acme-features"))},
            "names groups of several projects",
        ),
        ({"source": source(table="no.table")}, "is no name of a table"),
        ({"source": source(dataset=lake(location="US"))}, "is not where the features are"),
        ({"sync": "hourly"}, "cron's five"),
        ({"sync": "0 25 * * *"}, "where cron wants the hour"),
        ({"sync": "continuous", "store": existing_store(optimized=True)}, "Optimized cannot be"),
        ({"data_class": gp.DataClass.INTERNAL}, "is laxer than that of customers"),
        ({"data_class": "secret"}, "a DataClass"),
        ({"store": existing_store(data_class=gp.DataClass.INTERNAL)}, "is for internal data at most"),
        ({"data_class": gp.DataClass.HEALTH}, "is for personal data at most"),
        ({"vector_search": "embedding"}, "a VectorSearch"),
        (
            {"vector_search": gp.VectorSearch(embedding_column="e", dimensions=8)},
            "cannot be served by a store of the kind Bigtable",
        ),
    ],
)
def test_bad_input_is_refused(more: dict[str, Any], words: str) -> None:
    assert words in refused(**more)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"embedding_column": "no column"}, "is no name of a column"),
        ({"dimensions": 0}, "a whole number from 1 on"),
        ({"dimensions": True}, "a whole number from 1 on"),
        ({"distance": "euclid"}, "vector_search.distance"),
        ({"leaf_embeddings": 0}, "vector_search.leaf_embeddings"),
        ({"leaf_embeddings": 10, "exact": True}, "an exact search has none"),
        ({"filter_columns": ("a", "a")}, "names a column twice"),
        ({"filter_columns": ("no column",)}, "filter_columns[0]"),
        ({"crowding_column": "no column"}, "crowding_column"),
    ],
)
def test_bad_vector_search_is_refused(more: dict[str, Any], words: str) -> None:
    search = gp.VectorSearch(**{"embedding_column": "embedding", "dimensions": 8, **more})
    assert words in refused(store=existing_store(optimized=True), vector_search=search)


def test_embedding_that_the_table_lacks_is_refused() -> None:
    search = gp.VectorSearch(embedding_column="agee", dimensions=8)
    with pytest.raises(gp.ArgumentError, match="did you mean age"):
        plan(
            lambda: view(store=existing_store(optimized=True), source=source(dataset=warehouse()), vector_search=search)
        )


def test_empty_source_is_refused() -> None:
    with pytest.raises(gp.ArgumentError, match="names no features"):
        plan(lambda: gp.FeatureView("v", gp.FeatureViewArgs(env=environment(), store=existing_store(), source=())))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"view_id": "projects/p/locations/l/featureOnlineStores/s/featureViews/v"}, "leave out projects/…"),
        ({"view_id": "featurestores/f/entityTypes/e"}, "legacy Feature Store"),
        ({"store": "serving"}, "an OnlineStore"),
        ({"data_class": "personal data"}, "a DataClass"),
    ],
)
def test_from_existing_refuses_what_it_cannot_be(more: dict[str, Any], words: str) -> None:
    given: dict[str, Any] = {"view_id": "customers", "store": existing_store(), "data_class": gp.DataClass.INTERNAL}
    with pytest.raises(gp.ArgumentError) as caught:
        gp.FeatureView.from_existing(**{**given, **more})
    assert words in str(caught.value)
