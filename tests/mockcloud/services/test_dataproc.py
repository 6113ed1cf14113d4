"""What Dataproc gives a cluster: names of its machines, and pages."""

import pytest

from mockcloud.simulator import new_cloud
from tests.mockcloud.services.asking import Asking


@pytest.fixture
def dataproc() -> Asking:
    return Asking(new_cloud(), "dataproc.googleapis.com", "/v1/projects/acme/regions/europe-west4")


def test_the_machines_of_a_cluster_have_names(dataproc: Asking) -> None:
    for name, masters in (("a", 1), ("b", 3)):
        config = {"masterConfig": {"numInstances": masters}, "workerConfig": {"numInstances": 2}}
        dataproc.done("POST", "clusters", {"clusterName": name, "config": config})
    one, other = (dataproc.get(f"clusters/{name}")["config"] for name in "ab")
    assert one["masterConfig"]["instanceNames"] == ["a-m"]
    assert one["workerConfig"]["instanceNames"] == ["a-w-0", "a-w-1"]
    assert other["masterConfig"]["instanceNames"] == ["b-m-0", "b-m-1", "b-m-2"]

    more = {"config": {"workerConfig": {"numInstances": 3}}}
    dataproc.done("PATCH", "clusters/a", more, "updateMask=config.worker_config.num_instances")
    assert len(dataproc.get("clusters/a")["config"]["workerConfig"]["instanceNames"]) == 3


def test_its_pages_are_there_where_they_are_opened(dataproc: Asking) -> None:
    for name, opened in (("a", True), ("b", False)):
        config = {"endpointConfig": {"enableHttpPortAccess": opened}}
        dataproc.done("POST", "clusters", {"clusterName": name, "config": config})
    pages = dataproc.get("clusters/a")["config"]["endpointConfig"]["httpPorts"]
    assert pages["YARN ResourceManager"].endswith("-dot-europe-west4.dataproc.googleusercontent.com/yarn/")
    assert "httpPorts" not in dataproc.get("clusters/b")["config"]["endpointConfig"]
