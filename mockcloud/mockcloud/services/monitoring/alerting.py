"""Alert policies, notification channels and snoozes, as they are configured. No alert fires."""

from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.errors import failed_precondition, invalid
from mockcloud.cloud.masks import apply_mask, read_mask
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services import standard
from mockcloud.services.creating import create
from mockcloud.services.monitoring.service import API, SERVICE
from mockcloud.services.reading import found, get, list_


def _record(call: Call) -> dict[str, str]:
    """Say who changed something, and when."""
    return {"mutateTime": stamp(call.cloud.clock.now), "mutatedBy": call.caller.email}


# Policies
# ---------------------------------------------------------------------------------------------------------------------


def _policy(call: Call, name: str, body: dict[str, Any]) -> Body:
    if not body.get("conditions") or not body.get("displayName"):
        raise invalid(
            "An alert policy needs a display name and at least one condition.",
            Violation("alert_policy", "One of them is not set."),
        )
    body = {"enabled": True, "combiner": "OR", **body}
    record = _record(call)
    return {**_named(call, name, body), "creationRecord": record, "mutationRecord": record}


def _named(call: Call, name: str, body: dict[str, Any]) -> dict[str, Any]:
    """Give each condition a name."""
    conditions = [
        {
            **each,
            "name": each["name"]
            if str(each.get("name", "")).startswith(f"{name}/")
            else f"{name}/conditions/{call.cloud.ids.numeric('monitoring/conditions')}",
        }
        for each in body.get("conditions", [])
    ]
    return {**body, "name": name, "conditions": conditions}


def replaced(call: Call, record: Record) -> dict[str, Any]:
    """Give a changed body: what the mask names, else all of it is new."""
    mask = call.text("updateMask")
    if mask:
        return apply_mask(record.body, call.body, read_mask(mask, call.schemas, call.method.request))
    return dict(call.body)


@SERVICE.method("projects.alertPolicies.patch")
def patch_policy(call: Call) -> Answer | Body:
    """Change a policy: what the mask names, else all of it."""
    record = found(call)
    body = {"enabled": True, "combiner": "OR", **replaced(call, record)}
    body.update(creationRecord=record.body["creationRecord"], mutationRecord=_record(call))
    return call.cloud.change(record, _named(call, record.name, body)).body


# Channels
# ---------------------------------------------------------------------------------------------------------------------


def _channel(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    if not body.get("type"):
        raise invalid("The type of a channel must be set.", Violation("notification_channel.type", "It is not set."))
    return {"enabled": True, **body, "creationRecord": _record(call), "mutationRecords": [_record(call)]}


@SERVICE.method("projects.notificationChannels.patch")
def patch_channel(call: Call) -> Answer | Body:
    """Change a channel: what the mask names, else all of it."""
    record = found(call)
    body = {"enabled": True, **replaced(call, record), "name": record.name}
    body["creationRecord"] = record.body["creationRecord"]
    body["mutationRecords"] = [*record.body["mutationRecords"], _record(call)]
    return call.cloud.change(record, body).body


@SERVICE.method("projects.notificationChannels.delete")
def delete_channel(call: Call) -> Answer | Body:
    """Delete a channel; one that a policy uses only by force, which takes it out of there."""
    record = found(call)
    users = [
        each
        for each in call.cloud.store.page(API, f"{'/'.join(record.name.split('/')[:2])}/alertPolicies")
        if record.name in each.body.get("notificationChannels", [])
    ]
    if users and not call.flag("force") and call.cloud.rules.on(Rule.IN_USE):
        raise failed_precondition(f"The channel is in use by {users[0].name}.")
    for each in users:
        left = [one for one in each.body["notificationChannels"] if one != record.name]
        call.cloud.change(each, {**each.body, "notificationChannels": left})
    call.cloud.delete(record)
    return {}


@SERVICE.method("projects.notificationChannels.sendVerificationCode")
def send_code(call: Call) -> Answer | Body:
    """Send a code, which nobody gets."""
    found(call)
    return {}


@SERVICE.method("projects.notificationChannels.getVerificationCode")
def get_code(call: Call) -> Answer | Body:
    """Give the code of a channel."""
    record = found(call)
    expires = call.body.get("expireTime")
    return {"code": f"G-{record.id[:6]}", **({"expireTime": expires} if expires else {})}


@SERVICE.method("projects.notificationChannels.verify")
def verify(call: Call) -> Answer | Body:
    """Verify a channel by its code."""
    record = found(call)
    if call.body.get("code") != f"G-{record.id[:6]}":
        raise invalid("The verification code is wrong.", Violation("code", "It is another one."))
    return call.cloud.change(record, {**record.body, "verificationStatus": "VERIFIED"}).body


# Snoozes
# ---------------------------------------------------------------------------------------------------------------------


def _snooze(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    if not body.get("criteria") or not body.get("interval"):
        raise invalid("A snooze needs criteria and an interval.", Violation("snooze", "One of them is not set."))
    return body


SERVICE.collection("projects.alertPolicies", created=_policy, state=None)
SERVICE.collection("projects.notificationChannels", created=_channel, state=None)
SERVICE.collection("projects.snoozes", created=_snooze, state=None)
for _verb, _handler in (("get", get), ("list", list_), ("create", create)):
    SERVICE.method(f"projects.alertPolicies.{_verb}", f"projects.notificationChannels.{_verb}")(_handler)
SERVICE.method("projects.alertPolicies.delete")(standard.delete)


@SERVICE.method("projects.alerts.list")
def list_alerts(call: Call) -> Answer | Body:
    """Give the alerts that fired: none does."""
    del call
    return {"totalSize": 0}
