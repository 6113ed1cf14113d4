"""Key rings and keys: made, changed, rotated; never deleted while a version holds material."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import parse_stamp, stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import failed_precondition, invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.cloudkms import versions
from mockcloud.services.cloudkms.service import API, KEYS, SERVICE
from mockcloud.services.reading import found

_USUAL_ALGORITHMS: Final[Mapping[str, str]] = {"ENCRYPT_DECRYPT": "GOOGLE_SYMMETRIC_ENCRYPTION", "MAC": "HMAC_SHA256"}
_DAY: Final = 86_400
_SHORTEST_ROTATION: Final = _DAY
_LONGEST_ROTATION: Final = 876_000 * 3600
_USUAL_DESTRUCTION: Final = f"{30 * _DAY}s"
"""How long a version waits for its destruction (cloud.google.com/kms/docs/destroy-restore, 2026-11)."""


def _never(call: Call, record: Record) -> None:
    """Refuse to delete a ring or a key that holds something. Google lets go only what is empty or destroyed."""
    kept = [
        each
        for each in call.cloud.store.below(API, record.name)
        if "/cryptoKeyVersions/" not in each.name or each.body["state"] not in versions.GONE
    ]
    if kept:
        raise failed_precondition(f"'{record.name}' cannot be deleted: it holds '{kept[0].name}'.")


SERVICE.collection("projects.locations.keyRings", deleting=_never)


def _key(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    purpose = body.get("purpose", "")
    if not purpose or purpose.endswith("UNSPECIFIED"):
        raise invalid("The request has no purpose.", Violation("crypto_key.purpose", "It must be set."))
    template = dict(body.get("versionTemplate", {}))
    algorithm = template.get("algorithm") or _USUAL_ALGORITHMS.get(purpose, "")
    if not algorithm:
        raise invalid(
            f"A key for {purpose} needs an algorithm.",
            Violation("crypto_key.version_template.algorithm", "It must be set."),
        )
    _hold_rotation(body)
    return {
        "destroyScheduledDuration": _USUAL_DESTRUCTION,
        **body,
        "versionTemplate": {"protectionLevel": "SOFTWARE", **template, "algorithm": algorithm},
    }


def _hold_rotation(body: Mapping[str, Any]) -> None:
    period = body.get("rotationPeriod")
    if period is None:
        return
    field = "crypto_key.rotation_period"
    if body.get("purpose") != "ENCRYPT_DECRYPT":
        raise invalid("Only keys for ENCRYPT_DECRYPT rotate by themselves.", Violation(field, "It cannot be set."))
    if not _SHORTEST_ROTATION <= float(period.rstrip("s")) <= _LONGEST_ROTATION:
        raise invalid(
            f"The rotation period {period} must be at least a day.", Violation(field, "It is too short or long.")
        )
    if not body.get("nextRotationTime"):
        raise invalid(
            "A key that rotates needs the time of its next rotation.",
            Violation("crypto_key.next_rotation_time", "It must be set with a rotation period."),
        )


def _after(call: Call, record: Record) -> None:
    if not call.flag("skipInitialVersionCreation") and not record.body.get("importOnly"):
        versions.add(call.cloud, record, primary=True)
    plan_rotation(call.cloud, record)


def plan_rotation(cloud: Cloud, key: Record) -> None:
    """Plan the next rotation of a key, and forget the one that was planned."""
    cloud.plans.cancel(API, key.name)
    if key.body.get("rotationPeriod") and key.body.get("nextRotationTime"):
        seconds = (parse_stamp(key.body["nextRotationTime"]) - cloud.clock.now).total_seconds()
        # A moment that is past, as a program that is run again states it, counts from now on.
        period = float(key.body["rotationPeriod"].rstrip("s"))
        cloud.plan(seconds if seconds > 0 else period, key, "key.rotate", recurring=True)


@SERVICE.on_event("key.rotate")
def _rotate(cloud: Cloud, key: Record, data: Mapping[str, Any]) -> None:
    del data
    versions.add(cloud, key, primary=True)
    current = cloud.store.get(API, key.name) or key
    period = timedelta(seconds=float(current.body["rotationPeriod"].rstrip("s")))
    planned = parse_stamp(current.body["nextRotationTime"])
    base = planned if cloud.clock.now - planned < period else cloud.clock.now
    moved = cloud.change(current, {**current.body, "nextRotationTime": stamp(base + period)})
    plan_rotation(cloud, moved)


def _changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    del call
    _hold_rotation(body)
    template = {**record.body["versionTemplate"], **body.get("versionTemplate", {})}
    if template["protectionLevel"] != record.body["versionTemplate"]["protectionLevel"]:
        raise invalid(
            "The protection level of a key cannot be changed.",
            Violation("crypto_key.version_template.protection_level", "It is immutable."),
        )
    return {**body, "versionTemplate": template}


def _replan(call: Call, record: Record) -> None:
    plan_rotation(call.cloud, record)


def _shown(call: Call, record: Record) -> Body:
    """Give a key with its primary version as that is now."""
    number = record.hidden.get("primary")
    primary = call.cloud.store.get(API, f"{record.name}/cryptoKeyVersions/{number}") if number else None
    return {**record.body, **({"primary": primary.body} if primary is not None else {})}


SERVICE.collection(
    KEYS,
    created=_key,
    after_create=_after,
    changed=_changed,
    after_change=_replan,
    deleting=_never,
    shown=_shown,
    immutable=("purpose", "importOnly", "destroyScheduledDuration"),
    state=None,
)


@SERVICE.method(f"{KEYS}.updatePrimaryVersion")
def update_primary(call: Call) -> Answer | Body:
    """Choose the version with which a key encrypts."""
    key = found(call)
    if key.body["purpose"] != "ENCRYPT_DECRYPT":
        raise failed_precondition(f"'{key.name}' has no primary version: it is for {key.body['purpose']}.")
    number = str(call.body.get("cryptoKeyVersionId", ""))
    version = found(call, f"{key.name}/cryptoKeyVersions/{number}")
    if version.body["state"] != "ENABLED":
        raise failed_precondition(f"'{version.name}' is {version.body['state']}, and must be ENABLED.")
    changed = call.cloud.change(key, key.body, hidden={**key.hidden, "primary": number})
    return _shown(call, changed)
