"""Channels by which people are told of something."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_gcp as gcp

from groundplan.core.component import Component
from groundplan.core.environment import Project
from groundplan.core.names import digest
from groundplan.core.validation import Checks

_CHANNEL = r"projects/[a-z0-9.:-]+/notificationChannels/[0-9]+"


def email_channel(
    component: Component,
    contact: str,
    *,
    role: str = "contact",
    project: Project | None = None,
    depends_on: Sequence[pulumi.Resource] = (),
) -> gcp.monitoring.NotificationChannel:
    """Make the channel ``<role>-<digest of the address>`` to an e-mail address."""
    return component.make(
        f"{role}-{digest(contact)}",
        gcp.monitoring.NotificationChannel,
        gcp.monitoring.NotificationChannelArgs(
            project=(project or component.project).id,
            type="email",
            display_name=component.cloud_name("notification_channel", contact),
            labels={"email_address": contact},
            user_labels=component.labels(),
        ),
        project=project,
        depends_on=depends_on,
    )


def check_channels(checks: Checks, field: str, channels: Sequence[pulumi.Input[str]]) -> None:
    """Record the channels that are no full names, as far as they are known."""
    for index, channel in enumerate(channels):
        if isinstance(channel, str):
            words, remedy = "projects/…/notificationChannels/…", "give the channel's full name"
            checks.matches(f"{field}[{index}]", channel, _CHANNEL, words, remedy)
