"""Secrets: where they are kept, when they expire and are to be rotated, and what their versions are called."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.clock import parse_stamp, stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import failed_precondition, invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.operations import with_number
from mockcloud.services.secretmanager.service import API, COLLECTIONS, SERVICE

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,255}")
_PUBSUB: Final = "pubsub"
_SHORTEST_PERIOD: Final = 3600
_SHORTEST_DELAY: Final = 86_400
_LONGEST: Final = 3_153_600_000
"""Seconds of a rotation period, of the delay of a destruction, and of anything
(https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets)."""


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    identifier = name.rpartition("/")[2]
    if not _ID.fullmatch(identifier):
        raise invalid(f"Invalid secret id: '{identifier}'.", Violation("secret_id", "It holds what an id may not."))
    regional = "/locations/" in name
    if regional and body.get("replication"):
        raise _wrong("secret.replication", "A regional secret has no replication.")
    if not regional and not body.get("replication"):
        raise _wrong("secret.replication", "Replication must be set: automatic or userManaged.")
    return _complete(call, body)


def _wrong(field: str, why: str) -> Exception:
    return invalid(f"The secret is not valid: {why}", Violation(field, why))


def _changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    if body.get("replication") != record.body.get("replication"):
        raise _wrong("secret.replication", "It cannot be changed.")
    for alias, number in body.get("versionAliases", {}).items():
        if call.cloud.store.get(API, f"{record.name}/versions/{number}") is None:
            raise failed_precondition(f"The alias '{alias}' names version {number}, which does not exist.")
    return _complete(call, body)


def _complete(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Turn a time to live into a moment, and hold the rotation to its rules."""
    lives = body.pop("ttl", None)
    if lives:
        seconds = _span(lives, "secret.ttl", 0)
        body["expireTime"] = stamp(call.cloud.clock.now + timedelta(seconds=seconds))
    if body.get("versionDestroyTtl"):
        _span(body["versionDestroyTtl"], "secret.version_destroy_ttl", _SHORTEST_DELAY)
    if body.get("expireTime") and parse_stamp(body["expireTime"]) <= call.cloud.clock.now:
        raise _wrong("secret.expire_time", "It is in the past.")
    rotation = body.get("rotation")
    if rotation and not body.get("topics"):
        raise _wrong("secret.topics", "A rotation needs at least one topic.")
    if rotation and rotation.get("rotationPeriod"):
        _span(rotation["rotationPeriod"], "secret.rotation.rotation_period", _SHORTEST_PERIOD)
        if not rotation.get("nextRotationTime"):
            raise _wrong("secret.rotation.next_rotation_time", "A rotation period needs the next time.")
    return body


def _seconds(duration: str) -> float:
    return float(duration.removesuffix("s"))


def _span(duration: str, field: str, shortest: float) -> float:
    """Read a duration.

    Raises:
        ApiError: It is too short, or longer than a hundred years.
    """
    seconds = _seconds(duration)
    if not shortest <= seconds <= _LONGEST or seconds <= 0:
        raise _wrong(field, f"It must be {shortest:g} to {_LONGEST} seconds.")
    return seconds


def plan(call: Call, record: Record) -> None:
    """Plan that a secret expires, and that its topics are told to rotate it."""
    cloud = call.cloud
    cloud.plans.cancel(record.api, record.name)
    expires = record.body.get("expireTime")
    if expires:
        left = (parse_stamp(expires) - cloud.clock.now).total_seconds()
        cloud.plan(left, record, "secret.expire", recurring=True)
    _plan_rotation(cloud, record)


def _plan_rotation(cloud: Cloud, record: Record) -> None:
    due = record.body.get("rotation", {}).get("nextRotationTime")
    if due:
        left = (parse_stamp(due) - cloud.clock.now).total_seconds()
        cloud.plan(max(left, 0), record, "secret.rotate", recurring=True)


@SERVICE.on_event("secret.expire")
def _expire(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    del data
    cloud.delete(record)


@SERVICE.on_event("secret.rotate")
def _rotate(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    """Tell the topics, and move on to the next time."""
    del data
    from mockcloud.services.pubsub.publishing import announce

    attributes = {
        "dataFormat": "JSON_API_V1",
        "eventType": "SECRET_ROTATE",
        "secretId": with_number(cloud, record.name),
        "timestamp": stamp(cloud.clock.now),
    }
    for each in record.body.get("topics", []):
        announce(cloud, each.get("name", ""), record.json(), attributes)
    rotation = record.body["rotation"]
    period = rotation.get("rotationPeriod")
    rotated = {key: value for key, value in rotation.items() if key != "nextRotationTime"}
    if period:
        # It is that time now, so the next one is not beyond what a date can say before the cloud itself is.
        rotated["nextRotationTime"] = stamp(cloud.clock.now + timedelta(seconds=_seconds(period)))
    _plan_rotation(cloud, cloud.change(record, {**record.body, "rotation": rotated}))


SERVICE.collection(
    *COLLECTIONS,
    created=_created,
    after_create=plan,
    changed=_changed,
    after_change=plan,
    references={"topics.name": _PUBSUB},
)
