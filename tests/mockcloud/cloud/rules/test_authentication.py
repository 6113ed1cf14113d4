"""Credentials that are missing or not taken: what a client is told, by HTTP and by gRPC."""

import json
from datetime import timedelta
from typing import Any

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.tokens import mock_token
from mockcloud.doors.grpc.exchange import unary
from mockcloud.doors.grpc.rpcs import find_rpc
from mockcloud.doors.grpc.statuses import refusal
from mockcloud.doors.wire import HttpRequest, answer
from tests.mockcloud.cloud.asking import ALICE, DATASETS, PROJECT, strict

HOST, _, PATH = DATASETS.partition("/")


@pytest.fixture
def cloud() -> Cloud:
    return strict()


def refused(cloud: Cloud, token: str, host: str = HOST, path: str = PATH) -> tuple[dict[str, Any], str]:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    response = answer(cloud, HttpRequest("GET", host, f"/{path}", "", headers, b""))
    assert response.status == 401
    return json.loads(response.body)["error"], response.headers["WWW-Authenticate"]


def test_missing_credentials_are_told_from_wrong_ones(cloud: Cloud) -> None:
    missing, challenge = refused(cloud, "")
    assert challenge == 'Bearer realm="https://accounts.google.com/"'
    assert (missing["code"], missing["status"]) == (401, "UNAUTHENTICATED")
    assert missing["details"] == [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "CREDENTIALS_MISSING",
            "domain": "googleapis.com",
            "metadata": {
                "service": "aiplatform.googleapis.com",
                "method": "aiplatform.projects.locations.datasets.list",
            },
        }
    ]
    wrong, challenge = refused(cloud, "ya29.nobody")
    assert challenge == 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    assert wrong["details"][0]["reason"] == "ACCESS_TOKEN_TYPE_UNSUPPORTED"


def test_a_token_that_has_expired_says_so(cloud: Cloud) -> None:
    token = mock_token(ALICE, until=cloud.clock.now + timedelta(hours=1))
    cloud.advance(3601)
    assert refused(cloud, token)[0]["details"][0]["reason"] == "ACCESS_TOKEN_EXPIRED"


def test_a_disabled_account_says_so(cloud: Cloud) -> None:
    account = cloud.accounts.add("acme", "a@acme.iam.gserviceaccount.com")
    cloud.change(account, {**account.body, "disabled": True})
    error, _ = refused(cloud, mock_token("serviceAccount:a@acme.iam.gserviceaccount.com"))
    assert error["details"][0]["reason"] == "ACCOUNT_STATE_INVALID"


def test_the_older_apis_say_which_header_it_was(cloud: Cloud) -> None:
    missing, _ = refused(cloud, "", "bigquery.googleapis.com", f"bigquery/v2/{PROJECT}/datasets")
    (entry,) = missing["errors"]
    assert {key: entry[key] for key in ("reason", "location", "locationType")} == {
        "reason": "required",
        "location": "Authorization",
        "locationType": "header",
    }
    wrong, _ = refused(cloud, "ya29.nobody", "bigquery.googleapis.com", f"bigquery/v2/{PROJECT}/datasets")
    assert wrong["errors"][0]["reason"] == "authError"


@pytest.mark.parametrize(
    ("headers", "reason"),
    [({}, "CREDENTIALS_MISSING"), ({"authorization": "Bearer ya29.nobody"}, "ACCESS_TOKEN_TYPE_UNSUPPORTED")],
)
def test_grpc_says_the_same_in_its_trailers(cloud: Cloud, headers: dict[str, str], reason: str) -> None:
    from google.rpc.error_details_pb2 import ErrorInfo
    from google.rpc.status_pb2 import Status

    rpc = find_rpc("/google.cloud.secretmanager.v1.SecretManagerService/GetSecret")
    with pytest.raises(ApiError) as caught:
        unary(cloud, rpc, rpc.request(name=f"{PROJECT}/secrets/s"), "", headers, lambda _late: None)
    found = refusal(caught.value)
    status, info = Status(), ErrorInfo()
    written = found.trailers[0][1]
    assert isinstance(written, bytes)
    status.ParseFromString(written)
    assert status.details[0].Unpack(info)
    assert (found.code.name, info.reason, info.domain) == ("UNAUTHENTICATED", reason, "googleapis.com")
    assert dict(info.metadata) == {
        "service": "secretmanager.googleapis.com",
        "method": "google.cloud.secretmanager.v1.SecretManagerService.GetSecret",
    }


def test_grpc_metadata_name_the_project_that_pays(cloud: Cloud) -> None:
    rpc = find_rpc("/google.cloud.secretmanager.v1.SecretManagerService/GetSecret")
    headers = {"authorization": f"Bearer {mock_token(ALICE)}", "x-goog-user-project": "acme"}
    with pytest.raises(ApiError) as caught:
        unary(cloud, rpc, rpc.request(name=f"{PROJECT}/secrets/s"), "", headers, lambda _late: None)
    assert caught.value.details[0]["reason"] == "USER_PROJECT_DENIED"
