"""What every construct that stores data takes: the class of the data, who owns it, the key that encrypts it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TypeAlias

import pulumi

from groundplan.core.data_class import DataClass
from groundplan.core.governed import AgreedArgs, check_held
from groundplan.core.labels import slug
from groundplan.core.references import AccountRef, KeyRef, KeyRingRef
from groundplan.core.regions import REGION_PATTERN
from groundplan.core.validation import Checks, checked

Principal: TypeAlias = str | AccountRef
"""Somebody who can be given access: ``group:ml@acme.test`` and the like, or a service account by reference."""

_LONGEST_DAYS = 3650


@dataclass(frozen=True, kw_only=True)
class StoredArgs(AgreedArgs):
    """What every construct that stores data takes."""

    data_class: DataClass = None  # type: ignore[assignment] # filled in below, so that readers need not check
    """How sensitive the data is: decides its key, how long it is kept, and what its label says; by default as the
    strictest of the agreements on it says, and without any it must be given."""
    owner: Principal
    """Who answers for the data, best a group such as ``group:ml-data@acme.test``; the label ``owner`` names them."""
    keys: KeyRingRef | None = None
    """Keys by data class; this or ``key`` is required where the tier asks for keys of one's own."""
    key: KeyRef | None = None
    """One key to use instead of the one that ``keys`` has for the data class."""
    location: str | None = None
    """Region of the data, such as ``europe-west4``; by default the environment's."""
    delete_after_days: int | None = None
    """Days after which data is deleted, 1 to 3,650; by default as the data class and the agreements say, and never
    later than an agreement says, nor, where personal, than the class does."""

    def __post_init__(self) -> None:
        """Fill in the class of the data where agreements say it."""
        if self.data_class is None:
            object.__setattr__(self, "data_class", self.strictest_agreed)

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        super().validate(checks)
        if checks.instance("data_class", self.data_class, DataClass, "a DataClass, such as DataClass.INTERNAL"):
            self._check_days(checks)
            self._check_keys(checks)
            check_held(checks, self.agreements, self.data_class, *self.places)
        check_owner(checks, self.owner)
        if self.location is not None:
            checks.matches(
                "location",
                self.location,
                REGION_PATTERN.pattern,
                "one region, such as europe-west4; no multi-region (EU, US) and no predefined pair (EUR4)",
                "name the region that the data must stay in",
            )

    def _check_days(self, checks: Checks) -> None:
        days, promised = self.delete_after_days, self.data_class.delete_after_days
        if days is None or not checks.within("delete_after_days", days, 1, _LONGEST_DAYS, "days"):
            return
        checks.that(
            promised is None or days <= promised,
            "delete_after_days",
            f"keeps {self.data_class.value} data for longer than its class allows",
            given=days,
            allowed=f"1 to {promised} days",
            do="delete earlier, or set the resource's property in overrides, where a reviewer sees it",
        )
        agreed = self.agreed_days
        checks.that(
            agreed is None or days <= agreed,
            "delete_after_days",
            "keeps the data for longer than was agreed",
            given=days,
            allowed=f"1 to {agreed} days",
            do="delete earlier, or have the agreement changed by whoever answers for the data",
        )

    def _check_keys(self, checks: Checks) -> None:
        keys, key = self.keys, self.key
        well = keys is None or checks.instance("keys", keys, KeyRingRef, "a KeyRing, or KeyRing.from_existing(…)")
        well = (key is None or checks.instance("key", key, KeyRef, "a key, such as keys.key_for(data_class)")) and well
        if not well or key is not None:
            return
        checks.that(
            keys is not None or not self.env.defaults.customer_managed_keys,
            "keys",
            f"are missing, and tier {self.env.tier.name} encrypts data with keys of one's own",
            given="nothing",
            allowed="a KeyRing, KeyRing.from_existing(…) for keys that are there, or one `key`",
            do="pass the environment's key ring",
        )
        checks.that(
            keys is None or self.data_class in keys.keys,
            "keys",
            f"have no key for {self.data_class.value} data",
            given=", ".join(known.value for known in keys.keys) if keys else "nothing",
            allowed=f"keys that include class {self.data_class.value}",
            do="add the class to the key ring's data_classes, or name its key in from_existing",
        )

    @property
    def chosen_key(self) -> KeyRef | None:
        """The key that encrypts the data; None where Google manages it."""
        if self.key is not None or self.keys is None:
            return self.key
        return self.keys.key_for(self.data_class)

    @property
    def region(self) -> str:
        """Where the data is."""
        return self.location or self.env.region

    @property
    def places(self) -> tuple[str, ...]:
        """Every region that the data is in."""
        return (self.region,)

    @property
    def kept_days(self) -> int | None:
        """Days after which data is deleted; None where it is kept."""
        limits = (self.data_class.delete_after_days, self.agreed_days)
        return self.delete_after_days or min((days for days in limits if days is not None), default=None)

    @property
    def owner_label(self) -> str:
        """The owner as a label can hold it."""
        return owner_label(self.owner)


def check_owner(checks: Checks, owner: Principal) -> None:
    """Record what is wrong with ``owner``, who answers for data."""
    if not isinstance(owner, AccountRef) and checks.principal("owner", owner):
        checks.that(
            not owner.startswith("domain:"),
            "owner",
            "is everybody of a domain, so nobody",
            given=owner,
            allowed="a group, a person, or a service account",
            do="name the group that answers for the data",
        )


def owner_label(owner: Principal) -> str:
    """Return an owner as a label can hold it: the account's name, or the address before the ``@``."""
    if isinstance(owner, AccountRef):
        return slug(owner.label)
    address = owner.rsplit("/", 1)[-1].split(":", 1)[-1]
    return slug(address.split("@", 1)[0])


def key_in(key: KeyRef, location: str, where: str) -> pulumi.Output[str]:
    """Return the key's id; a key that is not in the location of the data, which Google refuses, fails when it is known.

    Source: "Customer-managed encryption keys", Cloud Storage and BigQuery documentation: the key ring must be where
    the bucket or the dataset is.
    """
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
