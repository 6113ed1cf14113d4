"""Topics that hear of what was found."""

from __future__ import annotations

from typing import Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.component import Component
from groundplan.core.grants import Grant, Target, grant
from groundplan.core.principals import Identity
from groundplan.core.validation import Checks

_PUBLISHER_ROLE: Final = "roles/pubsub.publisher"
_TOPIC: Final = r"projects/[^/]+/topics/[^/]+"


def check_topic(checks: Checks, field: str, topic: pulumi.Input[str] | None) -> None:
    """Record a topic that is no full name, where it is known."""
    if isinstance(topic, str):
        checks.matches(field, topic, _TOPIC, "projects/…/topics/…", "give the topic's full name")


def let_publish(component: Component, topic: pulumi.Input[str], agent: Identity) -> Grant:
    """Let an agent publish to a topic, as a child of a construct."""
    target = Target(
        label=f"{component.label}-topic",
        project=component.project,
        parent=component,
        command="gcloud pubsub topics add-iam-policy-binding",
        place=topic,
    )
    args = gcp.pubsub.TopicIAMMemberArgs(topic=topic, role=_PUBLISHER_ROLE, member=agent.member)
    return grant(target, _PUBLISHER_ROLE, agent, gcp.pubsub.TopicIAMMember, args)
