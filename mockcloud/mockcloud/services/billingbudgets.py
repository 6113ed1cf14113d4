"""Budgets of billing accounts. Nothing is spent here, so no budget is ever exceeded.

Behaviour as https://cloud.google.com/billing/docs/reference/budget/rest tells it (2026-11).
"""

from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.service import Service

_CHANNELS: Final = 5
"""Notification channels of a budget at most."""

SERVICE = Service("billingbudgets")


def _id(call: Call, body: dict[str, Any]) -> str:
    del body
    return call.cloud.ids.uuid("budgets")


def _held(call: Call, body: dict[str, Any]) -> Body:
    """Hold a budget: it has an amount, its thresholds are not negative, its topic is one."""
    if not body.get("amount"):
        raise invalid("The amount must be set.", Violation("budget.amount", "It is not set."))
    for rule in body.get("thresholdRules", ()):
        if float(rule.get("thresholdPercent", 0)) < 0:
            raise invalid("A threshold is negative.", Violation("threshold_rules.threshold_percent", "It is."))
    rule = body.get("notificationsRule", {})
    topic = rule.get("pubsubTopic", "")
    if topic and len(topic.split("/")) != 4:  # noqa: PLR2004 - projects/P/topics/T
        raise invalid(f"Invalid topic: '{topic}'.", Violation("notifications_rule.pubsub_topic", "It is none."))
    if len(rule.get("monitoringNotificationChannels", ())) > _CHANNELS:
        raise invalid("There are too many channels.", Violation("monitoring_notification_channels", "At most five."))
    filter_ = {"creditTypesTreatment": "INCLUDE_ALL_CREDITS", **body.get("budgetFilter", {})}
    if "customPeriod" not in filter_:
        filter_.setdefault("calendarPeriod", "MONTH")
    filter_["projects"] = [_numbered(call, each) for each in filter_.get("projects", ())]
    return {**body, "budgetFilter": {key: value for key, value in filter_.items() if value}}


def _numbered(call: Call, project: str) -> str:
    return f"projects/{call.cloud.projects.number_of(call.cloud.projects.id_of(project.partition('/')[2]))}"


def _changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    return {**_held(call, body), "etag": call.cloud.etag(record.revision + 1)}


SERVICE.collection(
    "billingAccounts.budgets",
    new_id=_id,
    created=lambda call, name, body: {**_held(call, body), "name": name, "etag": call.cloud.etag(1)},
    changed=_changed,
    orphans=True,
    state=None,
)
