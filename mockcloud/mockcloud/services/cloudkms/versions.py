"""Versions of keys: generated, switched off and on, destroyed after a while, or restored before."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import failed_precondition, invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.cloudkms import material
from mockcloud.services.cloudkms.service import API, SERVICE, VERSIONS
from mockcloud.services.reading import found

GONE: Final = frozenset({"DESTROYED", "IMPORT_FAILED", "GENERATION_FAILED"})
"""States in which a version holds nothing any more."""
_GENERATION: Final = 2.0
"""Seconds that it takes to generate what is not symmetric, or in an HSM."""


def add(cloud: Cloud, key: Record, *, primary: bool = False) -> Record:
    """Add a version to a key.

    Args:
        cloud: The cloud.
        key: The key.
        primary: Whether it becomes the one with which the key encrypts.
    """
    number = int(key.hidden.get("count", 0)) + 1
    template = key.body["versionTemplate"]
    now = cloud.clock.tick()
    slow = key.body["purpose"] != "ENCRYPT_DECRYPT" or template["protectionLevel"] != "SOFTWARE"
    body = {
        "name": f"{key.name}/cryptoKeyVersions/{number}",
        "state": "PENDING_GENERATION" if slow else "ENABLED",
        "protectionLevel": template["protectionLevel"],
        "algorithm": template["algorithm"],
        "createTime": now,
        **({} if slow else {"generateTime": now}),
    }
    seed = cloud.ids.hexadecimal(f"cloudkms/material/{key.name}", 64)
    version = cloud.create(Record(API, body["name"], body, {"seed": seed}))
    hidden = {**key.hidden, "count": number}
    if primary and key.body["purpose"] == "ENCRYPT_DECRYPT":
        hidden["primary"] = str(number)
    cloud.change(key, key.body, hidden=hidden)
    if slow:
        cloud.plan(_GENERATION, version, "version.generated")
    return version


@SERVICE.on_event("version.generated")
def _generated(cloud: Cloud, version: Record, data: Mapping[str, Any]) -> None:
    del data
    if version.body["state"] == "PENDING_GENERATION":
        ready = {"state": "ENABLED", "generateTime": stamp(cloud.clock.now)}
        cloud.change(version, {**version.body, **ready})


@SERVICE.method(f"{VERSIONS}.create")
def create(call: Call) -> Answer | Body:
    """Add a version to a key. It does not become the primary one."""
    key = found(call, call.name.rpartition("/")[0])
    if key.body.get("importOnly"):
        raise failed_precondition(f"'{key.name}' takes only versions that are imported.")
    return add(call.cloud, key).body


def usable(call: Call, version: Record) -> Record:
    """Hold a version to the state in which it can be used. One that is being generated is waited for.

    Raises:
        ApiError: 400, in every other state.
    """
    if version.body["state"] == "PENDING_GENERATION":
        version = call.cloud.wait_for(version) or version
    if version.body["state"] != "ENABLED":
        raise failed_precondition(f"'{version.name}' is not enabled, current state is: {version.body['state']}.")
    return version


# States
# ---------------------------------------------------------------------------------------------------------------------


def _changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    del call
    old, new = record.body["state"], body.get("state", record.body["state"])
    if new != old and (old not in {"ENABLED", "DISABLED"} or new not in {"ENABLED", "DISABLED"}):
        raise failed_precondition(f"'{record.name}' is {old}: its state cannot become {new}.")
    return body


def _still_there(call: Call, record: Record) -> None:
    del call
    if record.body["state"] not in GONE:
        raise failed_precondition(f"'{record.name}' is {record.body['state']}: destroy it before you delete it.")


SERVICE.collection(VERSIONS, changed=_changed, deleting=_still_there, state=None)


@SERVICE.method(f"{VERSIONS}.destroy")
def destroy(call: Call) -> Answer | Body:
    """Plan the destruction of a version's material. Until then it can be restored."""
    version = found(call)
    if version.body["state"] not in {"ENABLED", "DISABLED"}:
        raise failed_precondition(f"'{version.name}' is {version.body['state']}: it cannot be destroyed.")
    key = found(call, version.name.partition("/cryptoKeyVersions/")[0])
    seconds = float(key.body["destroyScheduledDuration"].rstrip("s"))
    at = stamp(call.cloud.clock.now + timedelta(seconds=seconds))
    changed = call.cloud.change(version, {**version.body, "state": "DESTROY_SCHEDULED", "destroyTime": at})
    call.cloud.plan(seconds, changed, "version.destroyed", recurring=True)
    return changed.body


@SERVICE.on_event("version.destroyed")
def _destroyed(cloud: Cloud, version: Record, data: Mapping[str, Any]) -> None:
    del data
    if version.body["state"] == "DESTROY_SCHEDULED":
        body = {key: each for key, each in version.body.items() if key != "destroyTime"}
        gone = {"state": "DESTROYED", "destroyEventTime": stamp(cloud.clock.now)}
        cloud.change(version, {**body, **gone}, hidden={})


@SERVICE.method(f"{VERSIONS}.restore")
def restore(call: Call) -> Answer | Body:
    """Take back a destruction that is planned. The version is switched off afterwards."""
    version = found(call)
    if version.body["state"] != "DESTROY_SCHEDULED":
        raise failed_precondition(f"'{version.name}' is {version.body['state']}, and must be DESTROY_SCHEDULED.")
    call.cloud.plans.cancel(API, version.name)
    body = {key: each for key, each in version.body.items() if key != "destroyTime"}
    return call.cloud.change(version, {**body, "state": "DISABLED"}).body


@SERVICE.method(f"{VERSIONS}.getPublicKey")
def public_key(call: Call) -> Answer | Body:
    """Give the public half of a version."""
    version = usable(call, found(call, call.name.removesuffix("/publicKey")))
    pem = material.public_pem(call.cloud, version)
    if pem is None:
        raise failed_precondition(f"'{version.name}' has no public key: its algorithm is {version.body['algorithm']}.")
    wanted = call.text("publicKeyFormat") or "PEM"
    if wanted not in {"PEM", "PUBLIC_KEY_FORMAT_UNSPECIFIED"}:
        raise invalid(f"The format {wanted} is not to be had here.", Violation("public_key_format", "It must be PEM."))
    from mockcloud.services.cloudkms.using import checksum, encoded

    return {
        "pem": pem,
        "pemCrc32c": checksum(pem.encode()),
        "algorithm": version.body["algorithm"],
        "name": version.name,
        "protectionLevel": version.body["protectionLevel"],
        "publicKeyFormat": "PEM",
        "publicKey": {"data": encoded(pem.encode()), "crc32cChecksum": checksum(pem.encode())},
    }
