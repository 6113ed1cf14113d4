"""Budgets, and the inventory of everything that there is."""

from collections.abc import Iterator

import pytest
from google.api_core import exceptions
from google.cloud import aiplatform_v1, asset_v1, storage
from google.cloud.billing import budgets_v1
from google.oauth2 import credentials

from mockcloud import mock_gcp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.organisations import ORGANISATION
from mockcloud.cloud.policies import granted
from mockcloud.cloud.tokens import mock_token

ACCOUNT = "billingAccounts/000000-AAAAAA-000000"


@pytest.fixture
def strict() -> Iterator[Cloud]:
    with mock_gcp("strict", off=["enablement"], project="acme") as cloud:
        cloud.projects.ensure("acme")
        yield cloud


@pytest.mark.scenario(library="google-cloud-billing-budgets")
def test_a_budget_is_made_changed_and_deleted_by_who_may(strict: Cloud, transport: str) -> None:
    client = budgets_v1.BudgetServiceClient(transport=transport)
    budget = {
        "display_name": "ml",
        "budget_filter": {"projects": ["projects/acme"]},
        "amount": {"specified_amount": {"currency_code": "USD", "units": 50}},
        "threshold_rules": [{"threshold_percent": 0.5}],
    }
    made = client.create_budget(parent=ACCOUNT, budget=budget)
    assert list(made.budget_filter.projects) == [f"projects/{strict.projects.number_of('acme')}"]
    made.display_name = "machine learning"
    changed = client.update_budget({"budget": made, "update_mask": {"paths": ["display_name"]}})
    assert (changed.display_name, changed.amount.specified_amount.units) == ("machine learning", 50)
    alice = budgets_v1.BudgetServiceClient(
        credentials=credentials.Credentials(mock_token("user:alice@acme.test")), transport=transport
    )
    with pytest.raises(exceptions.Forbidden):
        alice.get_budget(name=made.name)
    granted(strict, "cloudbilling", ACCOUNT, "roles/billing.costsManager", "user:alice@acme.test")
    assert alice.get_budget(name=made.name).display_name == "machine learning"
    with pytest.raises(exceptions.BadRequest):
        client.create_budget(parent=ACCOUNT, budget={"display_name": "none"})
    client.delete_budget(name=made.name)
    assert list(client.list_budgets(parent=ACCOUNT)) == []


@pytest.mark.scenario(library="google-cloud-asset")
def test_the_inventory_finds_resources_and_who_may_use_them(strict: Cloud) -> None:
    storage.Client().create_bucket("acme-data", location="EUROPE-WEST4")
    datasets = aiplatform_v1.DatasetServiceClient()
    dataset = {"display_name": "census", "metadata_schema_uri": "gs://s", "metadata": {}, "labels": {"team": "ml"}}
    datasets.create_dataset(parent="projects/acme/locations/europe-west4", dataset=dataset).result()
    strict.groups.add("ml@acme.test", "user:alice@acme.test")
    granted(strict, "cloudresourcemanager", "projects/acme", "roles/aiplatform.user", "group:ml@acme.test")
    client = asset_v1.AssetServiceClient()
    found = list(client.search_all_resources(scope=ORGANISATION, query="labels.team:ml"))
    assert [(each.asset_type, each.display_name) for each in found] == [("aiplatform.googleapis.com/Dataset", "census")]
    listed = client.list_assets({"parent": "projects/acme", "asset_types": ["storage.googleapis.com/Bucket"]})
    assert [each.name for each in listed] == ["//storage.googleapis.com/acme-data"]
    policies = list(client.search_all_iam_policies(scope="projects/acme", query="policy:ml@acme.test"))
    assert [each.policy.bindings[0].role for each in policies] == ["roles/aiplatform.user"]
    query = {
        "scope": ORGANISATION,
        "resource_selector": {"full_resource_name": "//cloudresourcemanager.googleapis.com/projects/acme"},
        "identity_selector": {"identity": "user:alice@acme.test"},
        "access_selector": {"permissions": ["aiplatform.models.upload"]},
    }
    results = client.analyze_iam_policy({"analysis_query": query}).main_analysis.analysis_results
    assert [each.iam_binding.role for each in results] == ["roles/aiplatform.user"]
