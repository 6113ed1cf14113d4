"""The ordinary programs among the examples, and how the code of their users uses what they make."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from google.cloud import bigquery, container_v1, run_v2, secretmanager_v1
from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient
from google.cloud.storage import Client as StorageClient

from mockcloud import MockCloud
from tests.architecture.sources import ROOT

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


RESIDUE = frozenset({"servicenetworking connections", "compute routes"})
"""What is left when they are gone: the connection is abandoned on purpose, and its network has routes."""


def there(cloud: MockCloud) -> set[str]:
    """Name the kinds of things that are in a cloud, but what each project has, and what stays."""
    stays = {"services", "operations", "networks", "subnetworks", "deletedServiceAccounts", "softDeletedBuckets"}
    kinds = {(each.api, each.name.split("/")[-2]) for each in cloud.store if each.name.count("/") > 2}
    return {f"{api} {kind}" for api, kind in kinds if kind not in stays}
