"""Reference programs of Google Cloud: what they make is in the mock cloud, and in the state of both engines alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pulumi
import pulumi_gcp as gcp


def messages() -> None:
    topic = gcp.pubsub.Topic("news", name="news", labels={"team": "ml"})
    gcp.pubsub.Subscription("readers", name="readers", topic=topic.id, ack_deadline_seconds=20)
    pulumi.export("topic", topic.id)


def secrets_in_the_cloud() -> None:
    secret = gcp.secretmanager.Secret("token", secret_id="token", replication={"auto": {}})
    version = gcp.secretmanager.SecretVersion(
        "first", secret=secret.id, secret_data=pulumi.Config().require_secret("token")
    )
    pulumi.export("version", version.name)
    pulumi.export("token", version.secret_data)


def keys_and_buckets() -> None:
    ring = gcp.kms.KeyRing("ring", name="ring", location="europe-west4")
    key = gcp.kms.CryptoKey("key", name="key", key_ring=ring.id, rotation_period="7776000s")
    bucket = gcp.storage.Bucket(
        "data",
        name="acme-data",
        location="EUROPE-WEST4",
        uniform_bucket_level_access=True,
        encryption={"default_kms_key_name": key.id},
        force_destroy=True,
        opts=pulumi.ResourceOptions(protect=True),
    )
    gcp.storage.BucketObject("hello", bucket=bucket.name, name="hello.txt", source=pulumi.StringAsset("hello"))
    gcp.storage.BucketIAMMember(
        "reader", bucket=bucket.name, role="roles/storage.objectViewer", member="user:ada@acme.test"
    )


def network_in_components() -> None:
    class Core(pulumi.ComponentResource):
        def __init__(self, name: str) -> None:
            super().__init__("team:index:Core", name)
            below = pulumi.ResourceOptions(parent=self)
            self.network = gcp.compute.Network(name, name=name, auto_create_subnetworks=False, opts=below)
            gcp.compute.Subnetwork(
                name,
                name=name,
                network=self.network.id,
                ip_cidr_range="10.0.0.0/20",
                opts=pulumi.ResourceOptions(parent=self, deleted_with=self.network),
            )
            self.register_outputs({"network": self.network.self_link})

    core = Core("core")
    gcp.compute.Firewall(
        "deny",
        name="deny",
        network=core.network.id,
        direction="INGRESS",
        denies=[{"protocol": "all"}],
        source_ranges=["0.0.0.0/0"],
    )


def projects_of_providers() -> None:
    other = gcp.Provider("other", project="acme-other", default_labels={"team": "ml"})
    topic = gcp.pubsub.Topic("there", name="there", opts=pulumi.ResourceOptions(provider=other))
    here = gcp.organizations.get_project_output()
    gcp.pubsub.Topic("here", name="here", labels={"number": here.number})
    pulumi.export("there", topic.project)


def warehouse() -> None:
    dataset = gcp.bigquery.Dataset("sales", dataset_id="sales", location="EU", delete_contents_on_destroy=True)
    gcp.bigquery.Table(
        "orders",
        dataset_id=dataset.dataset_id,
        table_id="orders",
        schema='[{"name":"id","type":"STRING","mode":"REQUIRED"}]',
        deletion_protection=False,
    )


def accounts_with_roles() -> None:
    account = gcp.serviceaccount.Account("trainer", account_id="trainer", display_name="Trainer")
    for role in ("roles/logging.logWriter", "roles/monitoring.metricWriter"):
        gcp.projects.IAMMember(role.rpartition(".")[2], project="acme-dev", role=role, member=account.member)
    gcp.projects.IAMCustomRole("role", role_id="reader", title="Reader", permissions=["storage.objects.get"])
    pulumi.export("email", account.email)


def changed_by_transforms() -> None:
    def label(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        return pulumi.ResourceTransformResult({**args.props, "labels": {"from": "transform"}}, args.opts)

    options = pulumi.ResourceOptions(
        transforms=[label],
        ignore_changes=["labels"],
        retain_on_delete=True,
        aliases=[pulumi.Alias(name="before")],
        additional_secret_outputs=["name"],
    )
    pulumi.export("name", gcp.pubsub.Topic("news", name="news", opts=options).name)


def adopted() -> None:
    gcp.pubsub.Topic("old", name="old", opts=pulumi.ResourceOptions(import_="projects/acme-dev/topics/old"))
    found = gcp.pubsub.Topic.get("found", "projects/acme-dev/topics/found")
    gcp.pubsub.Subscription("readers", name="readers", topic=found.id)


ON_THE_CLOUD: Final[tuple[Callable[[], None], ...]] = (
    messages,
    secrets_in_the_cloud,
    keys_and_buckets,
    network_in_components,
    projects_of_providers,
    warehouse,
    accounts_with_roles,
    changed_by_transforms,
    adopted,
)
