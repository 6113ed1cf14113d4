"""Each rule, on and off: what it refuses, and that nothing is refused without it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from mockcloud.cloud import enabled
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.organisations import ORGANISATION
from mockcloud.cloud.tokens import NoSuchCaller, mock_token
from mockcloud.simulator import new_cloud
from tests.mockcloud.cloud.asking import (
    ALICE,
    DATASET,
    DATASETS,
    JOB,
    KEY,
    PROJECT,
    ask,
    grant,
    perimeter,
    policy,
    reason,
    status,
    strict,
)

OTHERS = ["authentication", "projects", "enablement", "organisation", "perimeter", "access", "quota"]


@dataclass(frozen=True)
class Case:
    """A rule, what makes it refuse, and what it then answers."""

    rule: str
    code: int
    prepare: Callable[[Cloud], None] = lambda _cloud: None
    verb: str = "POST"
    url: str = DATASETS
    body: Any = None
    token: str | None = None


CASES = [
    Case("authentication", 401, token="", body=DATASET),
    Case("authentication", 401, token="ya29.unknown", body=DATASET),
    Case("projects", 403, url=DATASETS.replace("acme", "nobodys-project"), body=DATASET),
    Case("enablement", 403, lambda cloud: enabled.disable(cloud, "acme", "aiplatform.googleapis.com"), body=DATASET),
    Case(
        "organisation",
        400,
        lambda cloud: policy(cloud, "gcp.resourceLocations", {"values": {"allowedValues": ["in:us-locations"]}}),
        body=DATASET,
    ),
    Case("perimeter", 403, perimeter, verb="GET"),
    Case("access", 403, token=mock_token(ALICE), body=DATASET),
    Case("quota", 429, url=DATASETS.replace("datasets", "customJobs"), body=JOB),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{CASES.index(case)}")
def test_a_rule_refuses_only_while_it_is_on(case: Case) -> None:
    cloud = strict(off=[each for each in OTHERS if each != case.rule])
    case.prepare(cloud)
    assert ask(cloud, case.verb, case.url, case.body, token=case.token)[0] == case.code
    cloud.rules.switch(case.rule, on=False)
    assert ask(cloud, case.verb, case.url, case.body, token=case.token)[0] == 200


def test_a_lenient_cloud_refuses_nothing_of_all_that() -> None:
    cloud = new_cloud()
    for case in CASES:
        case.prepare(cloud)
        assert ask(cloud, case.verb, case.url, case.body, token=case.token)[0] == 200
    assert ask(cloud, "GET", "cloudresourcemanager.googleapis.com/v3/folders/9")[0] == 200
    assert ask(cloud, "GET", "cloudresourcemanager.googleapis.com/v3/organizations/9")[0] == 200


# Authentication
# ---------------------------------------------------------------------------------------------------------------------


def test_a_mock_token_says_who_until_when_and_from_where() -> None:
    cloud = strict()
    until = cloud.clock.now + timedelta(hours=1)
    token = mock_token("user:alice smith@acme.test", scopes=["a", "b"], until=until, ip="10.0.0.1", project="acme")
    caller = cloud.credentials.of_token(token + "~7")
    assert caller.member == "user:alice smith@acme.test"
    assert caller.scopes == {"a", "b"}
    assert caller.origin == {"ip": "10.0.0.1", "project": "acme"}
    assert ask(cloud, "GET", DATASETS, token=token)[0] == 403
    cloud.advance(3601)
    assert ask(cloud, "GET", DATASETS, token=token)[0] == 401
    assert ask(cloud, "GET", DATASETS, token=mock_token(ALICE, until=until))[0] == 401
    with pytest.raises(NoSuchCaller, match=r"group:x"):
        mock_token("group:x@acme.test")


@pytest.mark.parametrize(
    "token",
    [
        "mock.",
        "mock.alice",
        "mock.user:a?until=never",
        "mock.user:a?until=2026-01-01",
        "mock.group:a@b",
        "a.b.c",
        "ya29.mock-x.y",
        "W10.W10.x",
    ],
)
def test_a_token_that_says_nothing_is_refused(token: str) -> None:
    answered = ask(strict(), "GET", DATASETS, token=token)
    assert answered[0] == 401


def test_only_bearers_call() -> None:
    assert ask(strict(), "GET", DATASETS, token="", authorization="Basic abc")[0] == 401


def test_an_account_that_is_disabled_calls_no_more() -> None:
    cloud = strict()
    account = cloud.accounts.add("acme", "a@acme.iam.gserviceaccount.com")
    grant(cloud, "roles/aiplatform.user", f"serviceAccount:{account.body['email']}")
    token = mock_token(f"serviceAccount:{account.body['email']}")
    assert ask(cloud, "GET", DATASETS, token=token)[0] == 200
    cloud.change(account, {**account.body, "disabled": True})
    assert ask(cloud, "GET", DATASETS, token=token)[0] == 401


# Projects
# ---------------------------------------------------------------------------------------------------------------------


def test_a_project_that_is_deleted_answers_no_more() -> None:
    cloud = strict()
    url = f"cloudresourcemanager.googleapis.com/v1/{PROJECT}"
    assert ask(cloud, "DELETE", url)[0] == 200
    answered = ask(cloud, "GET", DATASETS)
    assert (answered[0], reason(answered)) == (403, "USER_PROJECT_DENIED")
    assert ask(cloud, "POST", f"{url}:undelete", {})[0] == 200
    assert ask(cloud, "GET", DATASETS)[0] == 200
    assert ask(cloud, "DELETE", url)[0] == 200
    cloud.advance(timedelta(days=31))
    assert cloud.projects.get("acme") is None


def test_a_folder_that_there_is_not_is_not_said_to_be_missing() -> None:
    assert ask(strict(), "GET", "cloudresourcemanager.googleapis.com/v3/folders/9")[0] == 403


# Enablement
# ---------------------------------------------------------------------------------------------------------------------


def test_services_that_are_always_on_need_no_enabling() -> None:
    cloud = strict()
    assert ask(cloud, "GET", f"storage.googleapis.com/storage/v1/b?project={PROJECT.partition('/')[2]}")[0] == 200
    assert ask(cloud, "GET", f"bigquery.googleapis.com/bigquery/v2/{PROJECT}/datasets")[0] == 200
    refused = ask(cloud, "GET", f"pubsub.googleapis.com/v1/{PROJECT}/topics")
    assert (refused[0], reason(refused)) == (403, "SERVICE_DISABLED")


def test_no_editor_comes_by_itself_where_a_policy_forbids_it() -> None:
    cloud = strict()
    policy(cloud, "iam.automaticIamGrantsForDefaultServiceAccounts", {"enforce": True}, place=ORGANISATION)
    enabled.enable(cloud, "acme", ["compute.googleapis.com"])
    roles = {each["role"] for each in cloud.store.policies["cloudresourcemanager", PROJECT]["bindings"]}
    assert "roles/compute.serviceAgent" in roles
    assert "roles/editor" not in roles
    assert cloud.accounts.get(f"{cloud.projects.number_of('acme')}-compute@developer.gserviceaccount.com")


# Access
# ---------------------------------------------------------------------------------------------------------------------


def test_a_service_encrypts_only_with_keys_that_its_agent_may_use() -> None:
    cloud = strict()
    body = {**DATASET, "encryptionSpec": {"kmsKeyName": KEY}}
    assert ask(cloud, "POST", DATASETS, body)[0] == 403
    agent = f"serviceAccount:service-{cloud.projects.number_of('acme')}@gcp-sa-aiplatform.iam.gserviceaccount.com"
    grant(cloud, "roles/cloudkms.cryptoKeyEncrypterDecrypter", agent, name=KEY, api="cloudkms")
    assert ask(cloud, "POST", DATASETS, body)[0] != 403


def test_whoever_lets_something_run_as_an_account_must_be_allowed_to() -> None:
    cloud = strict()
    account = cloud.accounts.add("acme", "a@acme.iam.gserviceaccount.com")
    grant(cloud, "roles/aiplatform.user", ALICE)
    url = DATASETS.replace("datasets", "persistentResources?persistentResourceId=p")
    spec = {"serviceAccountSpec": {"enableCustomServiceAccount": True, "serviceAccount": account.body["email"]}}
    body = {
        "resourcePools": [{"machineSpec": {"machineType": "n1-standard-4"}, "replicaCount": "1"}],
        "resourceRuntimeSpec": spec,
    }
    assert status(cloud, ALICE, "POST", url, body) == 403
    grant(cloud, "roles/iam.serviceAccountUser", ALICE, name=account.name, api="iam")
    assert status(cloud, ALICE, "POST", url, body) == 200


def test_log_entries_are_written_where_their_names_say() -> None:
    cloud = strict()
    url, name = "logging.googleapis.com/v2/entries:write", f"{PROJECT}/logs/app"
    body = {"entries": [{"logName": name, "textPayload": "x", "resource": {"type": "global"}}]}
    assert status(cloud, ALICE, "POST", url, body) == 403
    grant(cloud, "roles/logging.logWriter", ALICE)
    assert status(cloud, ALICE, "POST", url, body) == 200
    listing = {"resourceNames": [PROJECT], "projectIds": []}
    assert status(cloud, ALICE, "POST", "logging.googleapis.com/v2/entries:list", listing) == 403


def test_an_object_is_made_where_a_condition_on_its_name_says() -> None:
    cloud = strict()
    assert ask(cloud, "POST", "storage.googleapis.com/storage/v1/b?project=acme", {"name": "data"})[0] == 200
    condition = {"title": "t", "expression": "resource.name.startsWith('projects/_/buckets/data/objects/mine/')"}
    binding = {"role": "roles/storage.objectCreator", "members": [ALICE], "condition": condition}
    before = cloud.store.policies.get(("storage", "b/data"), {"bindings": []})
    cloud.store.policies["storage", "b/data"] = {"version": 3, "bindings": [*before["bindings"], binding]}
    url = "storage.googleapis.com/upload/storage/v1/b/data/o?uploadType=media&name="
    assert ask(cloud, "POST", f"{url}mine/a.txt", b"x", token=mock_token(ALICE))[0] == 200
    assert ask(cloud, "POST", f"{url}yours/a.txt", b"x", token=mock_token(ALICE))[0] == 403
    refused = ask(cloud, "GET", "storage.googleapis.com/storage/v1/b/data/o?prefix=mine/", token=mock_token(ALICE))
    assert "storage.objects.list access" in refused[1]["error"]["message"]
