"""What users do with Cloud Logging, through its own client."""

import logging
import threading
from datetime import UTC, datetime

import pytest
from google.api_core import exceptions
from google.cloud import logging as cloud_logging
from google.cloud.logging_v2.services.config_service_v2 import ConfigServiceV2Client
from google.cloud.logging_v2.services.logging_service_v2 import LoggingServiceV2Client
from google.cloud.logging_v2.services.metrics_service_v2 import MetricsServiceV2Client

from mockcloud.cloud.cloud import Cloud

PROJECT = "projects/mock-project"

pytestmark = pytest.mark.scenario(library="google-cloud-logging")


@pytest.fixture(params=["grpc", "rest"])
def client(request: pytest.FixtureRequest, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> cloud_logging.Client:
    # The first entry of a process is followed by one about the library.
    monkeypatch.setattr("google.cloud.logging_v2._instrumentation_emitted", True)
    return cloud_logging.Client(project="mock-project", _use_grpc=request.param == "grpc")


def test_entries_are_written_and_found(client: cloud_logging.Client) -> None:
    logger = client.logger("training", labels={"run_id": "7"})
    logger.log_text("started", severity="INFO")
    logger.log_struct({"loss": 0.5, "step_count": 10, "message": "half way"}, severity="WARNING")
    logger.log_struct(
        {"message": "out of memory"}, severity="ERROR", resource=cloud_logging.Resource("generic_node", {})
    )
    client.logger("serving").log_text("other")
    assert [each.payload for each in logger.list_entries(filter_="severity=INFO")] == ["started"]
    for text, count in (
        ("severity>=WARNING", 2),
        ('severity=(WARNING OR "INFO")', 2),
        ('log_id("training") AND labels.run_id=7', 3),
        ("jsonPayload.step_count=10", 1),
        ('jsonPayload.message:"memory"', 1),
        ('labels.run_id="7" AND NOT severity=ERROR', 2),
        ('resource.type="generic_node"', 1),
        ('timestamp>="2026-01-01T00:00:00Z" AND log_id("serving")', 1),
        ('textPayload=~"^start"', 1),
        ("started", 1),
    ):
        assert len(list(client.list_entries(filter_=f"{text} -- a comment"))) == count, text
    newest = list(client.list_entries(order_by=cloud_logging.DESCENDING, max_results=1))
    assert newest[0].payload == "other"
    with pytest.raises(exceptions.BadRequest):
        list(client.list_entries(filter_="severity>=NOISE"))
    logger.delete()
    assert list(logger.list_entries()) == []


def test_pages_of_entries(client: cloud_logging.Client) -> None:
    logger = client.logger("many")
    with logger.batch() as batch:
        for number in range(7):
            batch.log_struct({"n": number})
    found = client.list_entries(page_size=3)
    assert [each.payload["n"] for each in found] == list(range(7))


def test_an_entry_sent_twice_is_kept_once(client: cloud_logging.Client) -> None:
    logger = client.logger("once")
    for _ in range(2):
        logger.log_text("x", insert_id="same", timestamp=datetime(2026, 1, 1, tzinfo=UTC))
    assert len(list(logger.list_entries())) == 1


def test_pythons_own_logging_goes_there(client: cloud_logging.Client) -> None:
    handler = cloud_logging.handlers.CloudLoggingHandler(
        client, name="app", transport=cloud_logging.handlers.transports.SyncTransport
    )
    logger = logging.getLogger("test_pythons_own_logging")
    logger.addHandler(handler)
    try:
        logger.error("broken: %s", "pump", extra={"json_fields": {"part": "pump"}})
    finally:
        logger.removeHandler(handler)
    (entry,) = client.list_entries(filter_='log_id("app") AND severity>=ERROR')
    assert entry.payload["message"] == "broken: pump"
    assert entry.payload["part"] == "pump"


def test_sinks_are_configured(client: cloud_logging.Client) -> None:
    sink = client.sink("errors", filter_="severity>=ERROR", destination="storage.googleapis.com/errors")
    sink.create(unique_writer_identity=True)
    assert sink.writer_identity.endswith("@gcp-sa-logging.iam.gserviceaccount.com")
    sink.filter_ = "severity>=CRITICAL"
    sink.update()
    sink.reload()
    assert sink.filter_ == "severity>=CRITICAL"
    assert [each.name for each in client.list_sinks()] == ["_Default", "_Required", "errors"]
    with pytest.raises(exceptions.Conflict):
        client.sink("errors", filter_="", destination="storage.googleapis.com/errors").create()
    sink.delete()
    assert not sink.exists()


def test_metrics_are_configured(client: cloud_logging.Client) -> None:
    metric = client.metric("error-count", filter_="severity>=ERROR", description="how many")
    metric.create()
    metric.description = "how often"
    metric.update()
    assert [(each.name, each.description) for each in client.list_metrics()] == [("error-count", "how often")]
    metric.delete()
    assert not metric.exists()


def test_buckets_views_and_exclusions(cloud: Cloud) -> None:
    config = ConfigServiceV2Client()
    parent = f"{PROJECT}/locations/global"
    assert {each.name.rpartition("/")[2] for each in config.list_buckets(parent=parent)} == {"_Default", "_Required"}
    bucket = config.create_bucket(
        request={"parent": parent, "bucket_id": "audit", "bucket": {"retention_days": 400, "locked": False}}
    )
    assert (bucket.retention_days, bucket.lifecycle_state.name) == (400, "ACTIVE")
    config.create_view(request={"parent": bucket.name, "view_id": "admins", "view": {"filter": 'SOURCE("projects/x")'}})
    assert len(list(config.list_views(parent=bucket.name))) == 2
    updated = config.update_bucket(
        request={"name": bucket.name, "bucket": {"retention_days": 500}, "update_mask": {"paths": ["retention_days"]}}
    )
    assert updated.retention_days == 500
    config.delete_bucket(request={"name": bucket.name})
    assert config.get_bucket(request={"name": bucket.name}).lifecycle_state.name == "DELETE_REQUESTED"
    config.undelete_bucket(request={"name": bucket.name})
    with pytest.raises(exceptions.FailedPrecondition):
        config.delete_bucket(request={"name": f"{parent}/buckets/_Required"})
    made = config.create_exclusion(parent=PROJECT, exclusion={"name": "noise", "filter": "severity<INFO"})
    assert (made.name, config.get_exclusion(name=f"{PROJECT}/exclusions/noise").filter) == ("noise", "severity<INFO")
    assert config.get_settings(request={"name": PROJECT}).kms_service_account_id


def test_a_metric_of_an_organisation_s_log(cloud: Cloud) -> None:
    metrics = MetricsServiceV2Client()
    made = metrics.create_log_metric(
        parent=PROJECT,
        metric={
            "name": "latency",
            "filter": "x",
            "metric_descriptor": {"metric_kind": "DELTA", "value_type": "DISTRIBUTION"},
        },
    )
    assert made.metric_descriptor.type == "logging.googleapis.com/user/latency"
    sinks = ConfigServiceV2Client()
    sink = sinks.create_sink(
        parent="organizations/1",
        sink={"name": "all", "destination": "bigquery.googleapis.com/projects/p/datasets/d", "include_children": True},
    )
    assert sink.include_children
    assert [each.name for each in sinks.list_sinks(parent="organizations/1")] == ["_Default", "_Required", "all"]


def test_entries_are_followed(cloud: Cloud) -> None:
    service = LoggingServiceV2Client()
    seen = threading.Event()
    logger = cloud_logging.Client(project="mock-project").logger("live")

    def write() -> None:
        # The follower hears of what is written once it listens, and nobody tells when it does.
        for number in range(1000):
            logger.log_text(f"bad {number}", severity="ERROR")
            if seen.wait(0.01):
                return

    writer = threading.Thread(target=write)
    writer.start()
    # The client waits for the first answer before it gives the stream.
    asked = [{"resource_names": [PROJECT], "filter": "severity>=ERROR"}]
    stream = service.tail_log_entries(requests=iter(asked), timeout=20)
    first = next(iter(stream))
    seen.set()
    writer.join()
    assert first.entries[0].text_payload.startswith("bad")
    stream.cancel()
