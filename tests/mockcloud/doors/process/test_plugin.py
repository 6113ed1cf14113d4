"""The fixture of the pytest plugin, as users meet it."""

from collections.abc import Mapping
from typing import Any

import google.auth
import pytest
import requests

from mockcloud import current_cloud
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.rules.chain import Rule

SECRETS = "https://secretmanager.googleapis.com/v1/projects/acme/secrets"


@pytest.mark.parametrize("run", [1, 2])
def test_each_test_has_a_cloud_of_its_own(mock_gcp: Cloud, run: int) -> None:
    del run
    assert mock_gcp is current_cloud()
    made = requests.post(f"{SECRETS}?secretId=a", json={"replication": {"automatic": {}}}, timeout=5)
    assert made.status_code == 200


class TestMarked:
    pytestmark = pytest.mark.mock_gcp(profile="strict", seed=3)

    @pytest.fixture
    def mock_gcp_options(self) -> Mapping[str, Any]:
        return {"project": "of-the-class", "seed": 1}

    @pytest.mark.mock_gcp(off=["access"])
    def test_the_nearest_marker_comes_first(self, mock_gcp: Cloud) -> None:
        assert mock_gcp.rules.on(Rule.ENABLEMENT)
        assert not mock_gcp.rules.on(Rule.ACCESS)
        assert mock_gcp.ids.seed == 3
        assert google.auth.default()[1] == "of-the-class"


@pytest.mark.usefixtures("mock_gcp")
def test_it_need_not_be_an_argument() -> None:
    assert isinstance(current_cloud(), Cloud)
