import google.auth
import pytest
import requests
from google.auth.transport.requests import AuthorizedSession

import mockcloud
from mockcloud import mock_gcp


def test_it_answers_with_the_callers_name() -> None:
    with mock_gcp(project="acme") as cloud:
        credentials, project = google.auth.default()
        session = AuthorizedSession(credentials)
        made = session.post(
            "https://secretmanager.googleapis.com/v1/projects/acme/secrets?secretId=a",
            json={"replication": {"automatic": {}}},
        )
        assert (made.status_code, project) == (200, "acme"), made.text
        assert cloud.journal.calls[-1].caller == "user:owner@mock.test"
        assert cloud.journal.calls[-1].door == "process"


def test_another_host_is_refused() -> None:
    with mock_gcp(), pytest.raises(mockcloud.NetworkRefused, match=r"example\.com"):
        requests.get("https://example.com/x", timeout=1)
