import json
from dataclasses import replace
from pathlib import Path

import pytest

from mockcloud.cloud.clock import START
from mockcloud.cloud.keys import key_id, new_key, owner_key, signed_jwt
from mockcloud.cloud.tokens import BadCredentials
from mockcloud.doors.environment import UNSET, Client, Doors, UnknownClient, of_client, settings
from mockcloud.doors.key import write_key, write_token
from mockcloud.simulator import new_cloud

REST = Doors(url="http://127.0.0.1:1", key="/key", token="/token", gcloud="/gcloud")
ALL = Doors(
    url=REST.url,
    grpc="127.0.0.1:2",
    proxy="http://127.0.0.1:3",
    authority="/ca",
    key=REST.key,
    token=REST.token,
    gcloud=REST.gcloud,
)


def values(doors: Doors, **before: str) -> dict[str, str]:
    return {each.name: each.value for each in settings(doors, before=before)}


def test_what_needs_a_door_that_is_shut_is_left_out() -> None:
    found = values(REST)

    assert "STORAGE_EMULATOR_HOST" in found
    assert not {"PUBSUB_EMULATOR_HOST", "HTTPS_PROXY", "SSL_CERT_FILE"} & found.keys()
    assert {"PUBSUB_EMULATOR_HOST", "HTTPS_PROXY", "SSL_CERT_FILE"} < values(ALL).keys()


def test_each_variable_is_set_once_and_says_what_it_is_for() -> None:
    found = settings(ALL)

    assert len({each.name for each in found}) == len(found)
    assert all(each.value and each.purpose and each.clients for each in found)
    assert set(UNSET) & {each.name for each in found} == {"CLOUDSDK_AUTH_ACCESS_TOKEN_FILE"}


def test_no_variable_of_terraform_keeps_real_credentials() -> None:
    assert {
        "GOOGLE_CREDENTIALS",
        "GOOGLE_CLOUD_KEYFILE_JSON",
        "GCLOUD_KEYFILE_JSON",
        "GOOGLE_OAUTH_ACCESS_TOKEN",
        "GOOGLE_BACKEND_CREDENTIALS",
        "GOOGLE_BACKEND_IMPERSONATE_SERVICE_ACCOUNT",
    } <= set(UNSET)


def test_grpc_reads_lower_case_and_gcloud_its_own_words() -> None:
    found = values(ALL)

    assert found["https_proxy"] == found["HTTPS_PROXY"] == "http://127.0.0.1:3"
    assert (found["CLOUDSDK_PROXY_ADDRESS"], found["CLOUDSDK_PROXY_PORT"]) == ("127.0.0.1", "3")


@pytest.mark.parametrize(
    ("before", "kept"),
    [
        ("", ""),
        ("corp.example, .internal.example", ",corp.example,.internal.example"),
        ("localhost,127.0.0.1", ""),
        ("*", ""),
        ("googleapis.com,corp.example", ",corp.example"),
        (".googleapis.com,*.googleapis.com", ""),
        ("storage.googleapis.com:443,com", ""),
        ("run.app,service.run.app,notrun.app", ",notrun.app"),
    ],
)
def test_no_host_of_google_goes_past_the_proxy(before: str, kept: str) -> None:
    found = values(ALL, NO_PROXY=before)

    assert found["NO_PROXY"] == found["no_proxy"] == f"127.0.0.1,localhost,::1{kept}"
    assert values(ALL, no_proxy=before) == found


@pytest.mark.parametrize(
    ("before", "kept"),
    [("", ""), ("gcp:9", ""), ("random:5", ",random:5"), ("gcp:9, random:5,gcp-x:6", ",random:5,gcp-x:6")],
)
def test_providers_of_other_packages_stay_attached(before: str, kept: str) -> None:
    found = values(replace(ALL, pulumi="gcp:4"), PULUMI_DEBUG_PROVIDERS=before)

    assert found["PULUMI_DEBUG_PROVIDERS"] == f"gcp:4{kept}"


def test_a_client_that_there_is_not_is_refused() -> None:
    assert of_client(settings(ALL), "go")
    with pytest.raises(UnknownClient) as refused:
        of_client(settings(ALL), "cobol")
    assert refused.value.allowed == ", ".join(Client)


def test_the_files_of_credentials_are_their_owner_s(tmp_path: Path) -> None:
    write_key(tmp_path / "key", "http://127.0.0.1:1", "acme")
    write_token(tmp_path / "token")

    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    assert json.loads((tmp_path / "key").read_text())["token_uri"].startswith("http://127.0.0.1:1/")
    assert (tmp_path / "token").read_text() == "mock.user:owner@mock.test"


@pytest.mark.parametrize("profile", ["lenient", "strict"])
def test_what_the_key_signs_is_the_owner_s_also_after_a_reset(profile: str) -> None:
    cloud = new_cloud(profile)
    cloud.reset()
    claims = {"iss": "owner@mock.test", "iat": START.timestamp(), "exp": START.timestamp() + 3600}

    assert cloud.credentials.of_token(signed_jwt(owner_key(), claims)).member == "user:owner@mock.test"


def test_nobody_else_signs_as_the_owner() -> None:
    claims = {"iss": "owner@mock.test", "iat": START.timestamp(), "exp": START.timestamp() + 3600}

    with pytest.raises(BadCredentials, match="not signed with a key that this cloud knows"):
        new_cloud().credentials.of_token(signed_jwt(new_key(), claims))
    assert key_id(owner_key()) == key_id(owner_key())
