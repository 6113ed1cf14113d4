"""The pytest plugin: a fixture that opens a mock cloud.

def test_it(mock_gcp):
    aiplatform.Endpoint.create(display_name="e")
    assert mock_gcp.journal.calls

@pytest.mark.mock_gcp(profile="strict", project="acme")
def test_it_strictly(mock_gcp): ...
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of the marker."""
    config.addinivalue_line("markers", "mock_gcp(...): arguments of the cloud that the fixture mock_gcp opens")


@pytest.fixture
def mock_gcp_options() -> Mapping[str, Any]:
    """Arguments of `mockcloud.mock_gcp` for the fixture of that name. Override it in a module or folder."""
    return {}


@pytest.fixture
def mock_gcp(request: pytest.FixtureRequest, mock_gcp_options: Mapping[str, Any]) -> Iterator["Cloud"]:
    """A mock cloud that is open during the test. A marker `mock_gcp` has its arguments, before `mock_gcp_options`."""
    from mockcloud.doors.process.door import mock_gcp as opened

    marks = reversed(list(request.node.iter_markers("mock_gcp")))
    options = dict(mock_gcp_options)
    for mark in marks:
        options.update(mark.kwargs)
    with opened(**options) as cloud:
        yield cloud
