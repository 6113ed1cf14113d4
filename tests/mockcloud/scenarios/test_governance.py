"""Budgets, and the inventory of everything that there is."""

from collections.abc import Iterator

import pytest
from google.api_core import exceptions
from google.cloud import aiplatform_v1, asset_v1, cloudquotas_v1, storage
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


@pytest.mark.scenario(library="google-cloud-quotas")
def test_more_is_asked_for_and_granted(strict: Cloud, transport: str) -> None:
    client = cloudquotas_v1.CloudQuotasClient(transport=transport)
    service = "projects/acme/locations/global/services/aiplatform.googleapis.com"
    infos = {each.metric: each for each in client.list_quota_infos(parent=service)}
    info = infos["aiplatform.googleapis.com/custom_model_training_nvidia_a100_gpus"]
    assert [each.details.value for each in info.dimensions_infos] == [0]
    wanted = {
        "service": "aiplatform.googleapis.com",
        "quota_id": info.quota_id,
        "dimensions": {"region": "europe-west4"},
        "quota_config": {"preferred_value": 8},
        "contact_email": "alice@acme.test",
    }
    parent = "projects/acme/locations/global"
    made = client.create_quota_preference(parent=parent, quota_preference=wanted, quota_preference_id="a100")
    assert made.quota_config.granted_value == 8
    found = client.get_quota_info(name=f"{service}/quotaInfos/{info.quota_id}")
    assert [(dict(each.dimensions), each.details.value) for each in found.dimensions_infos] == [
        ({"region": "europe-west4"}, 8),
        ({}, 0),
    ]
    job = {
        "display_name": "train",
        "job_spec": {
            "worker_pool_specs": [
                {
                    "machine_spec": {
                        "machine_type": "a2-highgpu-8g",
                        "accelerator_type": "NVIDIA_TESLA_A100",
                        "accelerator_count": 8,
                    },
                    "replica_count": 1,
                    "container_spec": {"image_uri": "image"},
                }
            ]
        },
    }
    jobs = aiplatform_v1.JobServiceClient(transport=transport)
    jobs.create_custom_job(parent="projects/acme/locations/europe-west4", custom_job=job)
    with pytest.raises(exceptions.TooManyRequests):
        jobs.create_custom_job(parent="projects/acme/locations/us-central1", custom_job=job)
    made.quota_config = cloudquotas_v1.QuotaConfig(preferred_value=4)
    changed = client.update_quota_preference(quota_preference=made)
    assert changed.quota_config.granted_value == 4
