"""What the fidelity page says of transports is seen at the doors, not read from parameters."""

import grpc
import requests
from google.cloud.secretmanager_v1 import ListSecretsRequest

from mockcloud import mock_gcp
from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.wire.front import ENDPOINTS
from tests.mockcloud.transports import observed

LIST = "/google.cloud.secretmanager.v1.SecretManagerService/ListSecrets"


def over_grpc() -> None:
    with grpc.secure_channel("secretmanager.googleapis.com:443", grpc.ssl_channel_credentials()) as channel:
        channel.unary_unary(LIST)(ListSecretsRequest.serialize(ListSecretsRequest(parent="projects/acme")))


def over_rest() -> None:
    requests.get("https://secretmanager.googleapis.com/v1/projects/acme/secrets", timeout=5)


def test_calls_are_seen_by_their_transport() -> None:
    with mock_gcp():
        with observed() as none:
            pass
        with observed() as by_grpc:
            over_grpc()
        with observed() as by_rest:
            over_rest()
        with observed() as both:
            over_grpc()
            over_rest()
    assert (none, by_grpc, by_rest, both) == (set(), {"grpc"}, {"rest"}, {"grpc", "rest"})


def test_nothing_stays_behind() -> None:
    before, dispatch = list(ENDPOINTS), Cloud.dispatch
    with observed():
        assert before != ENDPOINTS
    assert before == ENDPOINTS
    assert Cloud.dispatch is dispatch
