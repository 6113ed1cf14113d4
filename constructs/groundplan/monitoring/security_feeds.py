"""Feeds: what changes in every project, and what Security Command Center finds there, sent to topics that wait."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.agents import service_agent
from groundplan.core.component import Component
from groundplan.core.data_class import DataClass
from groundplan.core.encryption import key_in
from groundplan.core.environment import Project
from groundplan.core.grants import Grant, Target, grant
from groundplan.core.principals import Identity, identity_of
from groundplan.core.references import KeyRef
from groundplan.core.requests import ask
from groundplan.core.validation import Checks
from groundplan.monitoring.counting_alert import alert_policy

ASSET_TYPES: Final = (
    "aiplatform.googleapis.com/Endpoint",
    "aiplatform.googleapis.com/Model",
    "bigquery.googleapis.com/Dataset",
    "cloudkms.googleapis.com/CryptoKey",
    "cloudresourcemanager.googleapis.com/Project",
    "compute.googleapis.com/Firewall",
    "compute.googleapis.com/Network",
    "compute.googleapis.com/Route",
    "iam.googleapis.com/Role",
    "iam.googleapis.com/ServiceAccount",
    "iam.googleapis.com/ServiceAccountKey",
    "logging.googleapis.com/LogBucket",
    "logging.googleapis.com/LogSink",
    "storage.googleapis.com/Bucket",
)
"""Types of assets whose changes matter most: who may do what, where data is, and what serves models."""

_ASSET_TYPE: Final = r"[a-z0-9-]+(\.[a-z0-9-]+)*\.googleapis\.com/[A-Za-z0-9]+"
_PUBLISHER_ROLE: Final = "roles/pubsub.publisher"
_SUBSCRIBER_ROLE: Final = "roles/pubsub.subscriber"
_ASSETS: Final = "assets"
_FINDINGS: Final = "findings"
_FAILED: Final = "failed"
_OPEN_FINDINGS: Final = 'state="ACTIVE" AND NOT mute="MUTED"'
_WEEK: Final = "604800s"
"""The longest for which a subscription keeps messages that nobody has taken."""
_ATTEMPTS: Final = 10
"""How often a message is delivered before it is set aside. Google takes 5 to 100."""


def check_asset_types(checks: Checks, types: Sequence[str]) -> None:
    """Record what is wrong with the types of assets whose changes are sent."""
    for index, name in enumerate(types):
        words = "a type such as storage.googleapis.com/Bucket"
        checks.matches(f"asset_types[{index}]", name, _ASSET_TYPE, words, "take it from Google's list of asset types")
    checks.unique("asset_types", types, "asset type")
    checks.that(
        bool(types),
        "asset_types",
        "are missing, so that no change would be sent",
        given="nothing",
        allowed="at least one type of assets",
        do="name what must not change unseen, or leave the argument out",
    )


class SecurityFeeds:
    """Two topics with a subscription each, and what every project of the environment sends there.

    A message that its reader refuses ten times is set aside on a third topic, so that it holds up no other.
    """

    def __init__(
        self, owner: Component, *, key: KeyRef | None, data_class: DataClass, asset_types: Sequence[str]
    ) -> None:
        """Make topics in the owner's project, and a feed and a notification in each project that is ours."""
        self._owner = owner
        self._topics = {use: self._topic(use, key, data_class) for use in (_ASSETS, _FINDINGS, _FAILED)}
        self._subscriptions = {use: self._subscription(use, topic) for use, topic in self._topics.items()}
        self._set_aside()
        for project in owner.env.projects.distinct():
            if project.managed:
                self._watch(project, asset_types)
            else:
                self._ask(project, asset_types)

    @property
    def topics(self) -> dict[str, pulumi.Output[str]]:
        """The topics by what is sent there: assets, findings."""
        return {use: topic.id for use, topic in self._topics.items() if use != _FAILED}

    def alert(self, channels: Iterable[pulumi.Input[str]]) -> gcp.monitoring.AlertPolicy:
        """Make the policy that alerts as soon as a finding arrives."""
        owner, topic = self._owner, self._owner.cloud_name("topic", _FINDINGS)
        return owner.make(
            "alert-findings",
            gcp.monitoring.AlertPolicy,
            alert_policy(
                owner,
                _FINDINGS,
                'metric.type="pubsub.googleapis.com/topic/send_request_count" AND resource.type="pubsub_topic" AND '
                f'resource.labels.topic_id="{topic}"',
                "Security Command Center found something.\n\n1. Open the finding in the console, and see which "
                f"resource it is about.\n2. Its text waits in the subscription of topic {topic} for 7 days.",
                [*channels],
            ),
            depends_on=[self._topics[_FINDINGS]],
        )

    def grant_read(self, principal: object) -> list[Grant]:
        """Let a principal take messages off the subscriptions, also of those that were set aside."""
        who = identity_of(principal, self._owner.where)
        return [self._grant_read(use, subscription, who) for use, subscription in self._subscriptions.items()]

    def _topic(self, use: str, key: KeyRef | None, data_class: DataClass) -> gcp.pubsub.Topic:
        owner = self._owner
        granted = key.grant_agent(owner.project, "pubsub.googleapis.com").resources if key is not None else ()
        return owner.make(
            f"topic-{use}",
            gcp.pubsub.Topic,
            gcp.pubsub.TopicArgs(
                project=owner.project.id,
                name=owner.cloud_name("topic", use),
                kms_key_name=key_in(key, owner.env.region, owner.where) if key is not None else None,
                message_storage_policy=gcp.pubsub.TopicMessageStoragePolicyArgs(
                    allowed_persistence_regions=[owner.env.region]
                ),
                labels=owner.labels(classification=data_class.value),
            ),
            depends_on=granted,
        )

    def _subscription(self, use: str, topic: gcp.pubsub.Topic) -> gcp.pubsub.Subscription:
        owner = self._owner
        return owner.make(
            f"subscription-{use}",
            gcp.pubsub.Subscription,
            gcp.pubsub.SubscriptionArgs(
                project=owner.project.id,
                name=owner.cloud_name("subscription", use),
                topic=topic.id,
                message_retention_duration=_WEEK,
                # Without messages for a month Google would delete it, and with it what comes then.
                expiration_policy=gcp.pubsub.SubscriptionExpirationPolicyArgs(ttl=""),
                labels=owner.labels(),
                **({} if use == _FAILED else self._patience()),
            ),
        )

    def _patience(self) -> dict[str, Any]:
        """Return how a subscription tries again, and where it sets a message aside in the end."""
        return {
            "dead_letter_policy": gcp.pubsub.SubscriptionDeadLetterPolicyArgs(
                dead_letter_topic=self._topics[_FAILED].id, max_delivery_attempts=_ATTEMPTS
            ),
            "retry_policy": gcp.pubsub.SubscriptionRetryPolicyArgs(minimum_backoff="10s", maximum_backoff="600s"),
        }

    def _set_aside(self) -> None:
        """Let Pub/Sub move messages: it takes them off the one subscription and publishes them on the other topic."""
        agent = service_agent(self._owner.project, "pubsub.googleapis.com")
        self._publish(_FAILED, agent)
        for use in (_ASSETS, _FINDINGS):
            self._grant_read(use, self._subscriptions[use], agent)

    def _watch(self, project: Project, asset_types: Sequence[str]) -> None:
        owner = self._owner
        agent = service_agent(project, "cloudasset.googleapis.com")
        may_publish = self._publish(_ASSETS, agent)
        owner.make(
            f"{_ASSETS}-{project.id}",
            gcp.cloudasset.ProjectFeed,
            gcp.cloudasset.ProjectFeedArgs(
                project=project.id,
                billing_project=project.id,
                feed_id=owner.cloud_name("asset_feed"),
                content_type="RESOURCE",
                asset_types=[*asset_types],
                feed_output_config=gcp.cloudasset.ProjectFeedFeedOutputConfigArgs(
                    pubsub_destination=gcp.cloudasset.ProjectFeedFeedOutputConfigPubsubDestinationArgs(
                        topic=self._topics[_ASSETS].id
                    )
                ),
            ),
            project=project,
            # Google publishes a first message when the feed is made, and refuses the feed if it may not.
            depends_on=[*agent.resources, *may_publish.resources],
        )
        found = owner.make(
            f"{_FINDINGS}-{project.id}",
            gcp.securitycenter.ProjectNotificationConfig,
            gcp.securitycenter.ProjectNotificationConfigArgs(
                project=project.id,
                config_id=owner.cloud_name("finding_notification"),
                description="Open findings, for the topic that alerts.",
                pubsub_topic=self._topics[_FINDINGS].id,
                streaming_config=gcp.securitycenter.ProjectNotificationConfigStreamingConfigArgs(filter=_OPEN_FINDINGS),
            ),
            project=project,
        )
        member = pulumi.Output.concat("serviceAccount:", found.service_account)
        label = f"agent-findings-{project.id}"
        self._publish(_FINDINGS, Identity(label=label, member=member, resources=(found,), home=project.id, agent=True))

    def _publish(self, use: str, agent: Identity) -> Grant:
        topic = self._topics[use]
        args = gcp.pubsub.TopicIAMMemberArgs(
            project=self._owner.project.id, topic=topic.name, role=_PUBLISHER_ROLE, member=agent.member
        )
        target = self._target(f"{self._owner.label}-{use}", "gcloud pubsub topics add-iam-policy-binding", topic.id)
        return grant(target, _PUBLISHER_ROLE, agent, gcp.pubsub.TopicIAMMember, args)

    def _grant_read(self, use: str, subscription: gcp.pubsub.Subscription, who: Identity) -> Grant:
        args = gcp.pubsub.SubscriptionIAMMemberArgs(
            project=self._owner.project.id, subscription=subscription.name, role=_SUBSCRIBER_ROLE, member=who.member
        )
        command = "gcloud pubsub subscriptions add-iam-policy-binding"
        target = self._target(f"{self._owner.label}-{use}", command, subscription.id)
        return grant(target, _SUBSCRIBER_ROLE, who, gcp.pubsub.SubscriptionIAMMember, args)

    def _target(self, label: str, command: str, place: pulumi.Output[str]) -> Target:
        return Target(label=label, project=self._owner.project, parent=self._owner, command=command, place=place)

    def _ask(self, project: Project, asset_types: Sequence[str]) -> None:
        feed, types = self._owner.cloud_name("asset_feed"), ",".join(asset_types)
        for need, command, topic in (
            (
                "a feed of the asset inventory",
                f"gcloud asset feeds create {feed} --content-type=resource --asset-types={types}",
                self._topics[_ASSETS].id,
            ),
            (
                "a notification of open findings",
                f"gcloud scc notifications create {feed} --filter='{_OPEN_FINDINGS}'",
                self._topics[_FINDINGS].id,
            ),
        ):
            ask(
                project,
                need=pulumi.Output.concat(need, " to ", topic),
                command=pulumi.Output.concat(command, f" --project={project.id} --pubsub-topic=", topic),
            )
