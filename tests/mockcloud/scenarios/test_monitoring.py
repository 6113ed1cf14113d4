"""What users do with Cloud Monitoring, through its own client."""

from datetime import UTC, datetime, timedelta

import pytest
from google.api_core import exceptions
from google.cloud import monitoring_v3

from mockcloud.cloud.cloud import Cloud

PROJECT = "projects/mock-project"
START = datetime(2026, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.scenario(library="google-cloud-monitoring")


def _write(client: monitoring_v3.MetricServiceClient, minute: float, value: float, model: str = "a") -> None:
    series = monitoring_v3.TimeSeries()
    series.metric.type = "custom.googleapis.com/ml/drift"
    series.metric.labels["model_id"] = model
    series.resource.type = "global"
    point = monitoring_v3.Point(
        {"interval": {"end_time": START + timedelta(minutes=minute)}, "value": {"double_value": value}}
    )
    series.points = [point]
    client.create_time_series(name=PROJECT, time_series=[series])


def _read(client: monitoring_v3.MetricServiceClient, text: str, **settings: object) -> list[monitoring_v3.TimeSeries]:
    interval = monitoring_v3.TimeInterval(start_time=START, end_time=START + timedelta(hours=1))
    request = {"name": PROJECT, "filter": text, "interval": interval, **settings}
    return list(client.list_time_series(request=request))


DRIFT = 'metric.type = "custom.googleapis.com/ml/drift"'


def test_points_are_written_and_read(cloud: Cloud) -> None:
    client = monitoring_v3.MetricServiceClient()
    for minute, value in ((1, 0.1), (2, 0.3)):
        _write(client, minute, value)
    _write(client, 1, 0.9, model="b")
    (one,) = _read(client, f'{DRIFT} AND metric.labels.model_id = "a"')
    assert [each.value.double_value for each in one.points] == [0.3, 0.1]
    assert one.resource.labels["project_id"] == "mock-project"
    assert len(_read(client, DRIFT, view=monitoring_v3.ListTimeSeriesRequest.TimeSeriesView.HEADERS)) == 2
    assert len(_read(client, 'metric.type = starts_with("custom.googleapis.com/ml")')) == 2
    assert _read(client, 'metric.type = one_of("custom.googleapis.com/x", "custom.googleapis.com/y")') == []
    with pytest.raises(exceptions.InvalidArgument, match="order"):
        _write(client, 2, 0.5)
    descriptor = client.get_metric_descriptor(name=f"{PROJECT}/metricDescriptors/custom.googleapis.com/ml/drift")
    assert (descriptor.metric_kind, descriptor.value_type) == (1, 3)  # GAUGE, DOUBLE


def test_points_are_aligned_and_reduced(cloud: Cloud) -> None:
    client = monitoring_v3.MetricServiceClient()
    for minute in range(1, 61):
        _write(client, minute, float(minute), model="a")
        if minute > 30:
            _write(client, minute, 100.0, model="b")
    mean = {"alignment_period": {"seconds": 1800}, "per_series_aligner": "ALIGN_MEAN"}
    series = _read(client, DRIFT, aggregation=mean)
    assert [[each.value.double_value for each in one.points] for one in series] == [[45.5, 15.5], [100.0]]
    total = {**mean, "cross_series_reducer": "REDUCE_MAX"}
    (whole,) = _read(client, DRIFT, aggregation=total)
    assert [each.value.double_value for each in whole.points] == [100.0, 15.5]
    grouped = {
        **mean,
        "per_series_aligner": "ALIGN_COUNT",
        "cross_series_reducer": "REDUCE_SUM",
        "group_by_fields": ["metric.label.model_id"],
    }
    kinds = _read(client, DRIFT, aggregation=grouped)
    assert [each.metric.labels["model_id"] for each in kinds] == ["a", "b"]


def test_metrics_are_described(cloud: Cloud) -> None:
    client = monitoring_v3.MetricServiceClient()
    made = client.create_metric_descriptor(
        name=PROJECT,
        metric_descriptor={
            "type": "custom.googleapis.com/ml/skew",
            "metric_kind": "GAUGE",
            "value_type": "DOUBLE",
            "description": "how far",
        },
    )
    assert made.name.endswith("metricDescriptors/custom.googleapis.com/ml/skew")
    found = client.list_metric_descriptors(
        request={"name": PROJECT, "filter": 'metric.type = starts_with("custom.googleapis.com/ml/s")'}
    )
    assert [each.description for each in found] == ["how far"]
    client.delete_metric_descriptor(name=made.name)
    with pytest.raises(exceptions.NotFound):
        client.get_metric_descriptor(name=made.name)
    resource = client.get_monitored_resource_descriptor(name=f"{PROJECT}/monitoredResourceDescriptors/gce_instance")
    assert "zone" in {each.key for each in resource.labels}


def test_an_alert_policy_with_its_channel(cloud: Cloud) -> None:
    channels = monitoring_v3.NotificationChannelServiceClient()
    policies = monitoring_v3.AlertPolicyServiceClient()
    channel = channels.create_notification_channel(
        name=PROJECT,
        notification_channel={"type": "email", "display_name": "On call", "labels": {"email_address": "a@acme.test"}},
    )
    policy = policies.create_alert_policy(
        name=PROJECT,
        alert_policy={
            "display_name": "Drift",
            "combiner": "OR",
            "conditions": [
                {
                    "display_name": "too much",
                    "condition_threshold": {
                        "filter": f'{DRIFT} AND resource.type = "global"',
                        "comparison": "COMPARISON_GT",
                        "threshold_value": 0.3,
                        "duration": {"seconds": 60},
                    },
                }
            ],
            "notification_channels": [channel.name],
        },
    )
    assert policy.conditions[0].name.startswith(f"{policy.name}/conditions/")
    assert policy.enabled
    changed = policies.update_alert_policy(
        alert_policy={"name": policy.name, "enabled": False, "display_name": "x"}, update_mask={"paths": ["enabled"]}
    )
    assert bool(changed.enabled) is False
    assert changed.display_name == "Drift"
    assert [each.name for each in policies.list_alert_policies(name=PROJECT)] == [policy.name]
    channels.delete_notification_channel(name=channel.name, force=True)
    assert list(policies.get_alert_policy(name=policy.name).notification_channels) == []
    with pytest.raises(exceptions.InvalidArgument):
        policies.create_alert_policy(name=PROJECT, alert_policy={"display_name": "no condition"})
    kinds = {each.type for each in channels.list_notification_channel_descriptors(name=PROJECT)}
    assert "slack" in kinds


def test_checks_groups_and_snoozes(cloud: Cloud) -> None:
    checks = monitoring_v3.UptimeCheckServiceClient()
    check = checks.create_uptime_check_config(
        parent=PROJECT,
        uptime_check_config={
            "display_name": "Endpoint is up",
            "http_check": {"use_ssl": True, "path": "/health"},
            "monitored_resource": {"type": "uptime_url", "labels": {"host": "svc.acme.test"}},
        },
    )
    assert check.name.rpartition("/")[2].startswith("endpoint-is-up-")
    assert (check.http_check.port, check.period.seconds) == (443, 60)
    checks.delete_uptime_check_config(name=check.name)
    groups = monitoring_v3.GroupServiceClient()
    top = groups.create_group(name=PROJECT, group={"display_name": "ml", "filter": 'resource.metadata.name = "ml"'})
    child = groups.create_group(name=PROJECT, group={"display_name": "gpu", "filter": "x", "parent_name": top.name})
    found = groups.list_groups(request={"name": PROJECT, "children_of_group": top.name})
    assert [each.name for each in found] == [child.name]
    snoozes = monitoring_v3.SnoozeServiceClient()
    snooze = snoozes.create_snooze(
        parent=PROJECT,
        snooze={
            "display_name": "release",
            "criteria": {"policies": [f"{PROJECT}/alertPolicies/1"]},
            "interval": {"start_time": START, "end_time": START + timedelta(hours=1)},
        },
    )
    assert [each.name for each in snoozes.list_snoozes(parent=PROJECT)] == [snooze.name]


def test_a_service_with_an_objective(cloud: Cloud) -> None:
    client = monitoring_v3.ServiceMonitoringServiceClient()
    service = client.create_service(
        request={"parent": PROJECT, "service": {"custom": {}, "display_name": "Scoring"}, "service_id": "scoring"}
    )
    assert service.name == f"projects/{cloud.projects.number_of('mock-project')}/services/scoring"
    objective = client.create_service_level_objective(
        request={
            "parent": service.name,
            "service_level_objective_id": "latency",
            "service_level_objective": {
                "goal": 0.99,
                "rolling_period": {"seconds": 86400},
                "service_level_indicator": {"basic_sli": {"latency": {"threshold": {"seconds": 1}}}},
            },
        }
    )
    assert objective.goal == 0.99
    assert len(list(client.list_service_level_objectives(parent=service.name))) == 1
    client.delete_service(name=service.name)
    with pytest.raises(exceptions.NotFound):
        client.get_service(name=service.name)
