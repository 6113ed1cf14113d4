"""Eventarc: triggers get a topic and a subscription to carry their events. No event is sent by itself."""

from typing import Any

from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body
from mockcloud.discovery.schemas import Violation
from mockcloud.services.service import Service

SERVICE = Service("eventarc")


def _trigger(call: Call, name: str, body: dict[str, Any]) -> Body:
    filters = body.get("eventFilters", [])
    if not any(each.get("attribute") == "type" for each in filters):
        raise invalid(
            "A trigger filters by type of event.", Violation("trigger.event_filters", "None has the attribute type.")
        )
    if not body.get("destination"):
        raise invalid("A trigger has a destination.", Violation("trigger.destination", "It is empty."))
    location, identifier = name.split("/")[3], name.rpartition("/")[2]
    short = f"eventarc-{location}-{identifier}-{call.cloud.ids.hexadecimal('eventarc', 3)}"
    topic = body.get("transport", {}).get("pubsub", {}).get("topic") or f"projects/{call.project}/topics/{short}"
    subscription = f"projects/{call.project}/subscriptions/{short}-sub"
    return {**body, "transport": {"pubsub": {"topic": topic, "subscription": subscription}}}


SERVICE.collection("projects.locations.triggers", created=_trigger, state=None)
