"""What the scenarios share: an open cloud, and the transports that a client has."""

from collections.abc import Iterator

import pytest

from mockcloud import mock_gcp
from mockcloud.cloud.cloud import Cloud


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    """An open cloud with the usual rules. Credentials of `user:owner@mock.test`, project `mock-project`."""
    with mock_gcp() as opened:
        yield opened


@pytest.fixture(params=["grpc", "rest"])
def transport(request: pytest.FixtureRequest) -> str:
    """The transport of a generated client: a scenario that asks for it runs once with each."""
    return str(request.param)
