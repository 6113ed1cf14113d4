"""A small data platform: an ordinary Pulumi program, which knows nothing of this project."""

import pulumi
import pulumi_gcp as gcp

config = pulumi.Config()
region = pulumi.Config("gcp").require("region")

worker = gcp.serviceaccount.Account("worker", account_id="data-worker", display_name="Moves data")

lake = gcp.storage.Bucket(
    "lake",
    location=region,
    uniform_bucket_level_access=True,
    force_destroy=True,
    lifecycle_rules=[{"action": {"type": "Delete"}, "condition": {"age": 90}}],
)
gcp.storage.BucketIAMMember("worker-writes", bucket=lake.name, role="roles/storage.objectUser", member=worker.member)

warehouse = gcp.bigquery.Dataset(
    "warehouse", dataset_id="warehouse", location=region, delete_contents_on_destroy=True, labels={"team": "data"}
)
events = gcp.bigquery.Table(
    "events",
    dataset_id=warehouse.dataset_id,
    table_id="events",
    deletion_protection=False,
    time_partitioning={"type": "DAY", "field": "at"},
    schema=pulumi.Output.json_dumps(
        [
            {"name": "id", "type": "STRING", "mode": "REQUIRED"},
            {"name": "at", "type": "TIMESTAMP", "mode": "REQUIRED"},
            {"name": "payload", "type": "STRING", "mode": "NULLABLE"},
        ]
    ),
)
gcp.bigquery.DatasetIamMember(
    "analysts-read",
    dataset_id=warehouse.dataset_id,
    role="roles/bigquery.dataViewer",
    member=config.require("analysts"),
)

dead = gcp.pubsub.Topic("dead-letters")
incoming = gcp.pubsub.Topic("incoming", message_retention_duration="86400s")
subscription = gcp.pubsub.Subscription(
    "to-the-lake",
    topic=incoming.id,
    ack_deadline_seconds=60,
    dead_letter_policy={"dead_letter_topic": dead.id, "max_delivery_attempts": 5},
)
gcp.pubsub.TopicIAMMember("worker-sends", topic=incoming.id, role="roles/pubsub.publisher", member=worker.member)

gcp.cloudscheduler.Job(
    "hourly",
    region=region,
    schedule="0 * * * *",
    pubsub_target={"topic_name": incoming.id, "data": "eyJsb2FkIjogInRvZGF5In0="},
)

pulumi.export("lake", lake.name)
pulumi.export("table", pulumi.Output.concat(warehouse.dataset_id, ".", events.table_id))
pulumi.export("topic", incoming.id)
pulumi.export("subscription", subscription.id)
