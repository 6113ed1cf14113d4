"""Settings of compute that are always there."""

from typing import Any

import pytest

from mockcloud.simulator import new_cloud
from tests.mockcloud.services.asking import Asking

SNAPSHOTS = {"storageLocation": {"policy": "SPECIFIC_LOCATIONS", "locations": {"us-central1": {"name": "us-central1"}}}}


@pytest.fixture
def compute() -> Asking:
    return Asking(new_cloud(), "compute.googleapis.com", "/compute/beta/projects/acme")


def test_settings_of_snapshots_are_there_and_change(compute: Asking) -> None:
    path = "global/snapshotSettings"
    assert compute.get(path) == {}
    assert compute.done("PATCH", path, SNAPSHOTS, "updateMask=storageLocation")["operationType"] == "patch"
    assert compute.get(path) == SNAPSHOTS
    compute.done("PATCH", path, {"storageLocation": {"policy": "NEAREST_MULTI_REGION"}})
    assert compute.get(path)["storageLocation"]["policy"] == "NEAREST_MULTI_REGION"


def test_settings_of_a_zone_have_a_fingerprint_that_follows_them(compute: Asking) -> None:
    path = "zones/us-central1-a/instanceSettings"
    before = compute.get(path)
    assert before["kind"] == "compute#instanceSettings"
    changed: dict[str, Any] = {"metadata": {"items": {"a": "b"}}, "fingerprint": before["fingerprint"]}
    compute.done("PATCH", path, changed, "updateMask=metadata")
    after = compute.get(path)
    assert after["metadata"] == {"items": {"a": "b"}}
    assert after["fingerprint"] != before["fingerprint"]
