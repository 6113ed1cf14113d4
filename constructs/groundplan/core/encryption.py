"""Which key encrypts what a construct stores, and whether it can."""

from __future__ import annotations

import functools

import pulumi

from groundplan.core.data_class import DataClass
from groundplan.core.environment import Environment
from groundplan.core.references import KeyRef, KeyRingRef
from groundplan.core.validation import Checks, checked


def check_keys(
    checks: Checks, env: Environment, data_class: DataClass, keys: KeyRingRef | None, key: KeyRef | None
) -> None:
    """Record what is wrong with the arguments ``keys`` and ``key`` of a construct that stores data of a class."""
    well = keys is None or checks.instance("keys", keys, KeyRingRef, "a KeyRing, or KeyRing.from_existing(…)")
    well = (key is None or checks.instance("key", key, KeyRef, "a key, such as keys.key_for(data_class)")) and well
    if not well or key is not None:
        return
    checks.that(
        keys is not None or not env.defaults.customer_managed_keys,
        "keys",
        f"are missing, and tier {env.tier.name} encrypts data with keys of one's own",
        given="nothing",
        allowed="a KeyRing, KeyRing.from_existing(…) for keys that are there, or one `key`",
        do="pass the environment's key ring",
    )
    checks.that(
        keys is None or data_class in keys.keys,
        "keys",
        f"have no key for {data_class.value} data",
        given=", ".join(known.value for known in keys.keys) if keys else "nothing",
        allowed=f"keys that include class {data_class.value}",
        do="add the class to the key ring's data_classes, or name its key in from_existing",
    )


def chosen_key(data_class: DataClass, keys: KeyRingRef | None, key: KeyRef | None) -> KeyRef | None:
    """Return the key that encrypts data of a class: the one given, else the ring's; None where Google manages it."""
    return key if key is not None or keys is None else keys.key_for(data_class)


def key_in(key: KeyRef, location: str, where: str) -> pulumi.Output[str]:
    """Return the key's id; a key that is not where the data is, which Google refuses, fails as soon as it is known."""
    return checked(key.key_id, functools.partial(_check_location, location=location), where)


def _check_location(checks: Checks, key_id: str, *, location: str) -> None:
    parts = key_id.split("/")
    found = parts[parts.index("locations") + 1] if "locations" in parts[:-1] else key_id
    checks.that(
        found == location,
        "key",
        "is not where the data is",
        given=found,
        allowed=location,
        do=f"make a KeyRing with location={location!r}, and pass that",
    )
