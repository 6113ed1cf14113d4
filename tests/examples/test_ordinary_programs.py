"""Programs that know nothing of this project go up and down, and Google's clients find what they make.

Each runs in process, and with the real engine.
"""

import os
import runpy
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from google.cloud import bigquery, container_v1, run_v2, secretmanager_v1
from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient
from google.cloud.storage import Client as StorageClient

from mockcloud import MockCloud, mock_gcp
from mockcloud.doors.pulumi.serving import ProviderDoor
from tests.architecture.sources import ROOT
from tests.conformance.offline import Project, needs_pulumi, pulumi_cli
from tests.conformance.real_engine import RealEngine

EXAMPLES = ROOT / "examples"
REGION = "europe-west4"
PASSWORD = "hunter2-hunter2"


def use_data(outputs: Mapping[str, Any]) -> None:
    """Put an object into the lake, a row into the table, and a message through the topic."""
    StorageClient(project="acme-data-dev").bucket(outputs["lake"]).blob("a.json").upload_from_string("{}")
    warehouse = bigquery.Client(project="acme-data-dev")
    assert [each.name for each in warehouse.get_table(outputs["table"]).schema] == ["id", "at", "payload"]
    assert warehouse.insert_rows_json(outputs["table"], [{"id": "1", "at": "2026-01-01T00:00:00Z"}]) == []
    PublisherClient().publish(outputs["topic"], b"hello").result(10)
    subscriber = SubscriberClient()
    pulled = subscriber.pull(subscription=outputs["subscription"], max_messages=1, timeout=10)
    assert [each.message.data for each in pulled.received_messages] == [b"hello"]


def use_cluster(outputs: Mapping[str, Any]) -> None:
    """Look for the nodes, and whose identity pods have."""
    name = f"projects/acme-kube-dev/locations/{REGION}/clusters/{outputs['cluster']}"
    cluster = container_v1.ClusterManagerClient().get_cluster(name=name)
    assert cluster.workload_identity_config.workload_pool == "acme-kube-dev.svc.id.goog"
    assert cluster.endpoint == outputs["endpoint"]
    assert [each.config.workload_metadata_config.mode.name for each in cluster.node_pools] == ["GKE_METADATA"]


def use_service(outputs: Mapping[str, Any]) -> None:
    """Read what the service runs, and the password that it reads."""
    service = run_v2.ServicesClient().get_service(name=outputs["service"])
    assert service.uri == outputs["url"]
    assert outputs["instance"] in service.template.volumes[0].cloud_sql_instance.instances[0]
    name = "projects/acme-web-dev/secrets/web-service-password/versions/latest"
    found = secretmanager_v1.SecretManagerServiceClient().access_secret_version(name=name)
    assert found.payload.data.decode() == PASSWORD


@dataclass(frozen=True)
class Example:
    """An example, and how its user's code uses what it makes."""

    name: str
    use: Callable[[Mapping[str, Any]], None]
    secrets: Mapping[str, str] = field(default_factory=dict)

    @property
    def directory(self) -> Path:
        """Where it is."""
        return EXAMPLES / self.name


SHAPES = (
    Example("data-platform", use_data),
    Example("kubernetes-cluster", use_cluster),
    Example("web-service", use_service, {"web-service:password": PASSWORD}),
)


@pytest.fixture
def cloud() -> Iterator[MockCloud]:
    with mock_gcp() as opened:
        yield opened


def there(cloud: MockCloud) -> set[str]:
    """Name the kinds of things that are in a cloud, but what each project has, and what stays."""
    stays = {"services", "operations", "networks", "subnetworks", "deletedServiceAccounts", "softDeletedBuckets"}
    kinds = {(each.api, each.name.split("/")[-2]) for each in cloud.store if each.name.count("/") > 2}
    return {f"{api} {kind}" for api, kind in kinds if kind not in stays}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_in_process(shape: Example, cloud: MockCloud) -> None:
    stack = cloud.deploy(shape.directory, secret_config=shape.secrets)
    assert stack.opaque == ()
    made = there(cloud)

    shape.use(stack.outputs)
    stack.destroy()

    assert made
    assert there(cloud) <= {"servicenetworking connections", "compute routes"}


@contextmanager
def program_of(directory: Path) -> Iterator[Callable[[], None]]:
    """Give a project's program, as the engine of its own directory would run it."""
    before, path = Path.cwd(), list(sys.path)
    os.chdir(directory)
    sys.path.insert(0, str(directory))
    try:
        yield lambda: void(runpy.run_path("__main__.py", run_name="__main__"))
    finally:
        os.chdir(before)
        sys.path[:] = path


def void(_: object) -> None:
    """Give nothing."""


def settings(directory: Path) -> dict[str, str]:
    """Give the configuration of a project's stack: what the project says, and what the stack does."""
    project = yaml.safe_load((directory / "Pulumi.yaml").read_text(encoding="utf-8")).get("config", {})
    own = yaml.safe_load((directory / "Pulumi.dev.yaml").read_text(encoding="utf-8"))["config"]
    name = directory.name
    said = {
        key if ":" in key else f"{name}:{key}": each.get("value", each.get("default")) for key, each in project.items()
    }
    return {key: str(value) for key, value in {**said, **own}.items()}


@needs_pulumi
@pytest.mark.pulumi_cli
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_with_the_real_engine(shape: Example, cloud: MockCloud, tmp_path: Path) -> None:
    assert pulumi_cli is not None
    with ProviderDoor(cloud) as door, program_of(shape.directory) as program:
        engine = RealEngine(pulumi_cli, tmp_path, door.port)
        engine.start(tmp_path / "project", shape.name, "dev", settings(shape.directory), shape.secrets)
        project = Project(engine, tmp_path / "project", program)
        project.up().expect()
        project.unchanged()
        (stack,) = (each for each in project.state(secrets=True).values() if each["type"] == "pulumi:pulumi:Stack")

        shape.use(stack["outputs"])

        assert PASSWORD not in str(project.state())
        project.destroy().expect()
        assert project.state() == {}
    assert there(cloud) <= {"servicenetworking connections", "compute routes"}
