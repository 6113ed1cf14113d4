"""SecurityAlerts: what it plans in each tier, what alerts, what is sent where, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

import groundplan as gp
from groundplan.monitoring.critical_changes import CHANGES
from tests.constructs.plan import Plan, environment, plan

METRIC = "gcp:logging/metric:Metric"
ALERT = "gcp:monitoring/alertPolicy:AlertPolicy"
CHANNEL = "gcp:monitoring/notificationChannel:NotificationChannel"
TOPIC = "gcp:pubsub/topic:Topic"
SUBSCRIPTION = "gcp:pubsub/subscription:Subscription"
FEED = "gcp:cloudasset/projectFeed:ProjectFeed"
FINDINGS = "gcp:securitycenter/projectNotificationConfig:ProjectNotificationConfig"
PUBLISHER = "gcp:pubsub/topicIAMMember:TopicIAMMember"
SUBSCRIBER = "gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember"
KEY = "projects/acme-keys/locations/europe-west4/keyRings/ring/cryptoKeys/any"
BUCKET = "projects/acme-logs/locations/europe-west4/buckets/all"
GIVEN = "projects/acme-logs/notificationChannels/7"


def projects(*, managed: bool = True, build_managed: bool = True) -> gp.Projects:
    return gp.Projects(
        workload=gp.Project(id="acme-ml-dev", number="111111111111"),
        network=gp.Project(id="acme-ml-dev", number="111111111111"),
        keys=gp.Project(id="acme-keys", number="333333333333"),
        logs=gp.Project(id="acme-logs", number="444444444444", managed=managed),
        build=gp.Project(id="acme-build", number="555555555555", managed=build_managed),
    )


def alerts(
    tier: gp.Tier = gp.Tier.TEAM,
    *,
    of: gp.Projects | None = None,
    then: Callable[[gp.SecurityAlerts], object] = lambda _: None,
    **more: Any,
) -> Plan:
    def program() -> None:
        env = environment(tier, projects=of or projects())
        ring = gp.KeyRing.from_existing(dict.fromkeys(gp.DataClass, KEY), project=env.projects.keys)
        given: dict[str, Any] = {
            "archive": gp.LogArchive.from_existing(BUCKET, project=env.projects.logs),
            "contacts": ("security@acme.test",),
            "keys": ring if tier.defaults.customer_managed_keys else None,
        }
        then(gp.SecurityAlerts("watch", gp.SecurityAlertsArgs(env=env, **{**given, **more})))
        pulumi.export("requests", gp.requests())

    return plan(program)


def counts(planned: Plan, *types: str) -> dict[str, int]:
    return {each: len(planned.of(each)) for each in types}


def test_a_learner_has_alerts_and_no_feeds() -> None:
    assert alerts(gp.Tier.LEARNER).inventory() == {METRIC: 8, ALERT: 8, CHANNEL: 1}


@pytest.mark.parametrize("tier", [gp.Tier.TEAM, gp.Tier.REGULATED])
def test_a_team_has_feeds_of_every_project(tier: gp.Tier) -> None:
    planned = alerts(tier)
    assert counts(planned, METRIC, ALERT, CHANNEL) == {METRIC: 8, ALERT: 9, CHANNEL: 1}
    assert counts(planned, TOPIC, SUBSCRIPTION, FEED, FINDINGS) == {TOPIC: 3, SUBSCRIPTION: 3, FEED: 4, FINDINGS: 4}
    assert counts(planned, PUBLISHER) == {PUBLISHER: 9}
    assert all(each.inputs["kmsKeyName"] == KEY for each in planned.of(TOPIC))


def test_each_change_is_counted_in_the_archive_and_alerts() -> None:
    planned = alerts()
    metrics = {each.inputs["name"]: each.inputs for each in planned.of(METRIC)}
    assert set(metrics) == {f"gp-watch-{change.name}" for change in CHANGES}
    assert {each["bucketName"] for each in metrics.values()} == {BUCKET}
    assert {each["project"] for each in metrics.values()} == {"acme-logs"}
    for change in CHANGES:
        assert metrics[f"gp-watch-{change.name}"]["filter"] == change.filter
        policy = planned.one(ALERT, f"watch-alert-{change.name}").inputs
        condition = policy["conditions"][0]["conditionThreshold"]
        assert condition["filter"] == (
            f'metric.type="logging.googleapis.com/user/gp-watch-{change.name}" AND resource.type="logging_bucket"'
        )
        assert (condition["comparison"], condition["thresholdValue"], condition["duration"]) == (
            "COMPARISON_GT",
            0,
            "0s",
        )
        assert change.happened in policy["documentation"]["content"]
        assert change.first_step in policy["documentation"]["content"]
        assert len(policy["notificationChannels"]) == 1


def test_every_filter_is_of_administration_and_none_is_like_another() -> None:
    assert all(each.filter.startswith('log_id("cloudaudit.googleapis.com/activity") AND ') for each in CHANGES)
    assert len({each.condition for each in CHANGES}) == len({each.name for each in CHANGES}) == len(CHANGES)


def test_findings_alert_as_soon_as_one_arrives() -> None:
    planned = alerts()
    topic = planned.one(TOPIC, "watch-topic-findings").inputs
    assert (topic["name"], topic["project"]) == ("gp-watch-findings", "acme-logs")
    assert topic["messageStoragePolicy"] == {"allowedPersistenceRegions": ["europe-west4"]}
    condition = planned.one(ALERT, "watch-alert-findings").inputs["conditions"][0]["conditionThreshold"]
    assert condition["filter"].endswith('resource.labels.topic_id="gp-watch-findings"')
    kept = planned.one(SUBSCRIPTION, "watch-subscription-findings").inputs
    assert (kept["messageRetentionDuration"], kept["expirationPolicy"]) == ("604800s", {"ttl": ""})


def test_each_project_sends_its_changes_and_findings() -> None:
    planned = alerts(asset_types=("storage.googleapis.com/Bucket",))
    feed = planned.one(FEED, "watch-assets-acme-build").inputs
    assert (feed["project"], feed["billingProject"]) == ("acme-build", "acme-build")
    assert (feed["assetTypes"], feed["contentType"]) == (["storage.googleapis.com/Bucket"], "RESOURCE")
    found = planned.one(FINDINGS, "watch-findings-acme-build").inputs
    assert found["streamingConfig"] == {"filter": 'state="ACTIVE" AND NOT mute="MUTED"'}
    members = {each.name: each.inputs for each in planned.of(PUBLISHER)}
    assert set(members) == {
        f"watch-{use}-publisher-agent-{agent}-{project}"
        for use, agent in (("assets", "cloudasset"), ("findings", "findings"))
        for project in ("acme-ml-dev", "acme-keys", "acme-logs", "acme-build")
    } | {"watch-failed-publisher-agent-pubsub-acme-logs"}
    assert {each["role"] for each in members.values()} == {"roles/pubsub.publisher"}


def test_channels_that_are_there_are_told_too() -> None:
    planned = alerts(contacts=(), channels=(GIVEN,))
    assert planned.of(CHANNEL) == []
    assert all(each.inputs["notificationChannels"] == [GIVEN] for each in planned.of(ALERT))


def readers(planned: Plan) -> list[str]:
    """Give the names of the subscriptions that people read."""
    granted = [each.inputs for each in planned.of(SUBSCRIBER) if each.inputs["member"] == "group:soc@acme.test"]
    assert {each["role"] for each in granted} <= {"roles/pubsub.subscriber"}
    return sorted(each["subscription"] for each in granted)


def test_readers_take_messages_off_every_subscription() -> None:
    planned = alerts(then=lambda made: made.grant_read("group:soc@acme.test"))
    assert readers(planned) == ["gp-watch-assets", "gp-watch-failed", "gp-watch-findings"]
    none = alerts(gp.Tier.LEARNER, then=lambda made: made.grant_read("group:soc@acme.test"))
    assert none.of(SUBSCRIBER) == []


def test_what_a_reader_refuses_is_set_aside() -> None:
    planned = alerts()
    for use in ("assets", "findings"):
        inputs = planned.one(SUBSCRIPTION, f"watch-subscription-{use}").inputs
        assert inputs["deadLetterPolicy"]["maxDeliveryAttempts"] == 10
        assert inputs["retryPolicy"] == {"minimumBackoff": "10s", "maximumBackoff": "600s"}
    assert "deadLetterPolicy" not in planned.one(SUBSCRIPTION, "watch-subscription-failed").inputs
    taken = {each.inputs["subscription"] for each in planned.of(SUBSCRIBER)}
    assert taken == {"gp-watch-assets", "gp-watch-findings"}


def test_what_was_set_aside_is_no_topic_that_others_ask_for() -> None:
    asked: list[set[str]] = []
    alerts(then=lambda made: asked.append(set(made.feeds.topics if made.feeds else ())))
    assert asked == [{"assets", "findings"}]


def test_feeds_can_be_left_out_or_asked_for() -> None:
    assert counts(alerts(feeds=False, keys=None), TOPIC, ALERT) == {TOPIC: 0, ALERT: 8}
    assert counts(alerts(gp.Tier.LEARNER, feeds=True), TOPIC, ALERT) == {TOPIC: 3, ALERT: 9}


def test_what_is_not_ours_is_asked_for() -> None:
    planned = alerts(of=projects(build_managed=False))
    assert {each.inputs["project"] for each in planned.of(FEED)} == {"acme-ml-dev", "acme-keys", "acme-logs"}
    asked = [each for each in planned.outputs["requests"] if each["project"] == "acme-build"]
    assert len(asked) == 2
    elsewhere = alerts(of=projects(managed=False))
    assert elsewhere.inventory() == {}
    wanted = [each["command"] for each in elsewhere.outputs["requests"]]
    assert len(wanted) == 8
    assert all(f"--bucket-name={BUCKET}" in each for each in wanted)


def test_overrides_are_merged_last() -> None:
    planned = alerts(overrides={"alert-routes": {"severity": "CRITICAL"}})
    assert planned.one(ALERT, "watch-alert-routes").inputs["severity"] == "CRITICAL"
    assert planned.one(ALERT, "watch-alert-owners").inputs["severity"] == "ERROR"


@pytest.mark.parametrize(
    ("given", "field", "word"),
    [
        ({"contacts": ()}, "contacts", "nobody would be told"),
        ({"contacts": ("a@acme.test", "a@acme.test")}, "contacts", "twice"),
        ({"contacts": ("somebody",)}, "contacts[0]", "somebody"),
        ({"channels": ("7",)}, "channels[0]", "projects/…/notificationChannels/…"),
        ({"archive": BUCKET}, "archive", "LogArchive"),
        ({"asset_types": ()}, "asset_types", "no change would be sent"),
        ({"asset_types": ("Bucket",)}, "asset_types[0]", "storage.googleapis.com/Bucket"),
        ({"keys": None}, "keys", "encrypts data with keys of one's own"),
        ({"data_class": "secret"}, "data_class", "DataClass"),
    ],
)
def test_what_is_wrong_is_refused(given: dict[str, Any], field: str, word: str) -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        alerts(**given)
    assert {each.field for each in caught.value.problems} == {field}
    assert word in str(caught.value)
