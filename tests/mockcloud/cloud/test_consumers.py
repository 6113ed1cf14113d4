"""On whose account a call goes, and what is asked of that project."""

from typing import Any

import pytest

from mockcloud.cloud import enabled
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.tokens import mock_token
from mockcloud.services.catalogues.images import public_projects
from mockcloud.simulator import new_cloud
from tests.mockcloud.cloud.asking import (
    ALICE,
    DATASETS,
    PROJECT,
    ask,
    grant,
    reason,
    status,
    strict,
)

PAYER = "projects/payer"
ROBOT = "serviceAccount:robot@payer.iam.gserviceaccount.com"
ANNOTATE = "vision.googleapis.com/v1/images:annotate"
GENERATE = "aiplatform.googleapis.com/v1/publishers/google/models/gemini-2.5-flash:generateContent"
PROMPT = {"contents": [{"role": "user", "parts": [{"text": "hello"}]}]}


@pytest.fixture
def cloud() -> Cloud:
    made = strict()
    made.projects.ensure("payer")
    return made


def details(answered: tuple[int, Any]) -> dict[str, Any]:
    found: dict[str, Any] = answered[1]["error"]["details"][0]
    return found


def test_whoever_states_a_project_must_be_allowed_to_use_it(cloud: Cloud) -> None:
    grant(cloud, "roles/aiplatform.user", ALICE)
    token = mock_token(ALICE)
    assert ask(cloud, "GET", DATASETS, token=token)[0] == 200
    enabled.enable(cloud, "payer", ["aiplatform.googleapis.com"])
    refused = ask(cloud, "GET", DATASETS, token=token, x_goog_user_project="payer")
    assert (refused[0], reason(refused)) == (403, "USER_PROJECT_DENIED")
    assert details(refused)["metadata"] == {"service": "aiplatform.googleapis.com", "consumer": "projects/payer"}
    assert "roles/serviceusage.serviceUsageConsumer" in refused[1]["error"]["message"]
    grant(cloud, "roles/serviceusage.serviceUsageConsumer", ALICE, name=PAYER)
    assert ask(cloud, "GET", DATASETS, token=token, x_goog_user_project="payer")[0] == 200
    number = cloud.projects.number_of("payer")
    assert ask(cloud, "GET", DATASETS, token=token, x_goog_user_project=number)[0] == 200


def test_a_project_that_there_is_not_is_not_told_from_one_that_may_not_be_used(cloud: Cloud) -> None:
    refused = ask(cloud, "GET", DATASETS, x_goog_user_project="nobodys-project")
    assert (refused[0], reason(refused)) == (403, "USER_PROJECT_DENIED")
    cloud.rules.switch("projects", on=False)
    cloud.rules.switch("enablement", on=False)
    cloud.rules.switch("access", on=False)
    assert ask(cloud, "GET", DATASETS, x_goog_user_project="nobodys-project")[0] == 200


def test_the_project_that_pays_needs_the_api(cloud: Cloud) -> None:
    refused = ask(cloud, "GET", DATASETS, x_goog_user_project="payer")
    assert (refused[0], reason(refused)) == (403, "SERVICE_DISABLED")
    assert details(refused)["metadata"]["consumer"] == f"projects/{cloud.projects.number_of('payer')}"
    enabled.enable(cloud, "payer", ["aiplatform.googleapis.com"])
    enabled.disable(cloud, "acme", "aiplatform.googleapis.com")
    assert ask(cloud, "GET", DATASETS, x_goog_user_project="payer")[0] == 200
    assert ask(cloud, "GET", DATASETS)[0] == 403


def test_cloud_storage_is_told_who_pays_by_a_parameter_too(cloud: Cloud) -> None:
    grant(cloud, "roles/storage.admin", ALICE)
    url = "storage.googleapis.com/storage/v1/b?project=acme"
    assert status(cloud, ALICE, "GET", url) == 200
    refused = ask(cloud, "GET", f"{url}&userProject=payer", token=mock_token(ALICE))
    assert refused[0] == 403
    assert "serviceusage.services.use" in refused[1]["error"]["message"]
    grant(cloud, "roles/serviceusage.serviceUsageConsumer", ALICE, name=PAYER)
    assert status(cloud, ALICE, "GET", f"{url}&userProject=payer") == 200


def test_lenient_clouds_let_everybody_pay() -> None:
    lenient = new_cloud()
    before = len(list(lenient.store))
    url = f"secretmanager.googleapis.com/v1/{PROJECT}/secrets"
    assert ask(lenient, "GET", url, x_goog_user_project="payer")[0] == 200
    assert len(list(lenient.store)) == before + 1


def test_a_quota_user_is_no_project(cloud: Cloud) -> None:
    assert ask(cloud, "GET", f"{DATASETS}?quotaUser=payer")[0] == 200


def test_a_service_account_calls_on_its_own_project(cloud: Cloud) -> None:
    refused = ask(cloud, "POST", ANNOTATE, {"requests": []}, token=mock_token(ROBOT))
    assert (refused[0], reason(refused)) == (403, "SERVICE_DISABLED")
    assert details(refused)["metadata"]["consumer"] == f"projects/{cloud.projects.number_of('payer')}"
    enabled.enable(cloud, "payer", ["vision.googleapis.com"])
    assert status(cloud, ROBOT, "POST", ANNOTATE, {"requests": []}) not in {401, 403}


def test_people_call_on_the_project_of_the_clients(cloud: Cloud) -> None:
    # Where the clients' project is none of this cloud, nothing can be said about it.
    assert status(cloud, ALICE, "POST", ANNOTATE, {"requests": []}) not in {401, 403}
    cloud.projects.ensure(cloud.instance.project)
    refused = ask(cloud, "POST", ANNOTATE, {"requests": []}, token=mock_token(ALICE))
    assert (refused[0], reason(refused)) == (403, "SERVICE_DISABLED")
    assert ask(cloud, "POST", ANNOTATE, {"requests": []}, token="")[0] == 401


def test_what_names_no_project_is_asked_on_the_one_that_pays(cloud: Cloud) -> None:
    enabled.enable(cloud, "payer", ["aiplatform.googleapis.com"])
    assert status(cloud, ROBOT, "POST", GENERATE, PROMPT) == 403
    grant(cloud, "roles/aiplatform.user", ROBOT, name=PAYER)
    assert status(cloud, ROBOT, "POST", GENERATE, PROMPT) not in {401, 403}
    assert status(cloud, ROBOT, "GET", DATASETS) == 403


def test_a_peering_is_asked_on_the_project_of_its_network(cloud: Cloud) -> None:
    enabled.enable(cloud, "acme", ["servicenetworking.googleapis.com", "compute.googleapis.com"])
    connections = "servicenetworking.googleapis.com/v1/services/servicenetworking.googleapis.com/connections"
    url = f"{connections}?network={PROJECT}/global/networks/default"
    assert status(cloud, ALICE, "GET", url) == 403
    grant(cloud, "roles/compute.networkAdmin", ALICE)
    assert status(cloud, ALICE, "GET", url) == 200
    assert status(cloud, ALICE, "GET", f"{connections}?network={PAYER}/global/networks/default") == 403


def test_a_metrics_scope_belongs_to_its_project(cloud: Cloud) -> None:
    url = "monitoring.googleapis.com/v1/locations/global/metricsScopes/acme"
    assert status(cloud, ALICE, "GET", url) == 403
    grant(cloud, "roles/monitoring.viewer", ALICE)
    assert status(cloud, ALICE, "GET", url) == 200


def test_a_bucket_that_there_is_not_is_said_to_be_missing(cloud: Cloud) -> None:
    for path in ("b/none", "b/none/o", "b/none/o/x", "b/none/iam"):
        assert status(cloud, ALICE, "GET", f"storage.googleapis.com/storage/v1/{path}") == 404
    assert ask(cloud, "GET", "storage.googleapis.com/storage/v1/b/none", token="")[0] == 401


def test_billing_accounts_are_the_organisations(cloud: Cloud) -> None:
    url = "billingbudgets.googleapis.com/v1/billingAccounts/012345-6789AB-CDEF01/budgets"
    assert ask(cloud, "GET", url)[0] == 200
    assert status(cloud, ALICE, "GET", url) == 403


# Public projects
# ---------------------------------------------------------------------------------------------------------------------

DEBIAN = "compute.googleapis.com/compute/v1/projects/debian-cloud/global/images"


def test_public_images_are_everybodys_to_read_and_nobodys_to_change(cloud: Cloud) -> None:
    family = ask(cloud, "GET", f"{DEBIAN}/family/debian-12", token=mock_token(ALICE))
    assert (family[0], family[1]["family"]) == (200, "debian-12")
    assert status(cloud, ALICE, "GET", f"{DEBIAN}/{family[1]['name']}") == 200
    assert status(cloud, ALICE, "GET", DEBIAN) == 200
    assert ask(cloud, "GET", DEBIAN, token="")[0] == 401
    assert ask(cloud, "POST", DEBIAN, {"name": "mine"})[0] == 403
    assert ask(cloud, "DELETE", f"{DEBIAN}/{family[1]['name']}")[0] == 403
    assert ask(cloud, "GET", DEBIAN.replace("images", "networks"))[0] == 403


def test_every_project_with_images_is_public() -> None:
    from mockcloud.cloud.access.public import is_public

    assert [each for each in public_projects() if not is_public(each)] == []


def test_public_projects_do_not_appear_among_ones_own() -> None:
    lenient = new_cloud()
    assert ask(lenient, "GET", f"{DEBIAN}/family/debian-12")[0] == 200
    assert lenient.projects.get("debian-cloud") is None


def test_public_data_is_looked_for(cloud: Cloud) -> None:
    url = "bigquery.googleapis.com/bigquery/v2/projects/bigquery-public-data/datasets/samples"
    assert status(cloud, ALICE, "GET", url) == 404
    assert ask(cloud, "POST", url.rpartition("/")[0], {"datasetReference": {"datasetId": "mine"}})[0] == 403


def test_public_repositories_are_looked_into(cloud: Cloud) -> None:
    grant(cloud, "roles/browser", ALICE)
    enabled.enable(cloud, "acme", ["artifactregistry.googleapis.com"])
    parent = "artifactregistry.googleapis.com/v1/projects/deeplearning-platform-release/locations/us/repositories"
    assert status(cloud, ALICE, "GET", f"{parent}/gcr.io") == 404
    assert status(cloud, ALICE, "GET", parent) == 200
    assert ask(cloud, "POST", f"{parent}?repositoryId=mine", {"format": "DOCKER"})[0] == 403
    assert status(cloud, ALICE, "GET", DEBIAN.replace("debian-cloud", "deeplearning-platform-release")) == 200
