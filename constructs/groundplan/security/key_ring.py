"""Keys of one's own for data at rest: a key ring, and a key a data class where the tier asks for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core.component import Args, Component
from groundplan.core.data_class import DataClass
from groundplan.core.environment import Project
from groundplan.core.grants import Grant, Target, grant
from groundplan.core.names import digest
from groundplan.core.principals import Identity, identity_of
from groundplan.core.references import ExistingKey, ExistingKeyRing, KeyRef, KeyRingRef
from groundplan.core.validation import Checks

_ADMIN_ROLE = "roles/cloudkms.admin"
_SHARED = "data"
_DAY_SECONDS = 86_400
_LOCATION = r"[a-z]+(?:-?[a-z0-9]+)*"
_KEY_ID = r"projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+"


@dataclass(frozen=True, kw_only=True)
class KeyRingArgs(Args):
    """What a ``KeyRing`` takes."""

    data_classes: tuple[DataClass, ...] = tuple(DataClass)
    """Classes of data that need a key; by default all. One key serves them all where the tier shares keys."""
    location: str | None = None
    """Location of the keys, which must be where the data is; by default the environment's region."""
    rotation_days: int | None = None
    """Days after which each key gets a new version, 1 to 3,650; by default as the tier says."""
    admins: tuple[str, ...] = ()
    """Principals who manage the keys and may never use them, such as ``group:key-admins@acme.test``."""
    ring: str | None = None
    """Full name of a ring that is there already and gets the keys; by default one is made. Google never deletes a
    ring or a key's name: after ``pulumi destroy``, name the old ring here and raise the environment's generation."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        checks.that(
            self.data_classes,
            "data_classes",
            "names no class",
            given="nothing",
            allowed="at least one DataClass",
            do="name the classes of the data",
        )
        for index, data_class in enumerate(self.data_classes):
            checks.instance(f"data_classes[{index}]", data_class, DataClass, "a DataClass")
        checks.unique("data_classes", (str(c) for c in self.data_classes), "class")
        if self.rotation_days is not None:
            checks.within("rotation_days", self.rotation_days, 1, 3650, "days")
        for index, admin in enumerate(self.admins):
            checks.principal(f"admins[{index}]", admin)
        checks.unique("admins", (str(admin) for admin in self.admins), "principal")
        location = self.location or self.env.region
        checks.matches(
            "location", location, _LOCATION, "a Cloud KMS location such as europe-west4", "name the location"
        )
        if self.ring is not None:
            keys_project = self.env.projects.keys.id
            checks.matches(
                "ring",
                self.ring,
                f"projects/{re.escape(keys_project)}/locations/{re.escape(str(location))}/keyRings/[a-zA-Z0-9_-]{{1,63}}",
                f"projects/{keys_project}/locations/{location}/keyRings/…",
                "name a ring of the environment's key project, in the location of the keys",
            )


class KeyRing(Component, KeyRingRef):
    """A key ring in the environment's key project, with keys that rotate and cannot be lost in haste.

    Children: ``ring``; ``key-<class>`` for each class, or ``key-data`` where the tier shares one; ``admin-…`` grants.
    Who administers keys cannot use them: administration is granted on the ring, use on single keys, and the same
    principal for both is refused. Google never deletes key rings: ``ring`` adopts the one that is there.
    """

    kind = "groundplan:security:KeyRing"
    objectives = ("2.1.e", "6.1.a")

    def __init__(self, name: str, args: KeyRingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the ring and its keys; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.project = args.env.projects.keys
        self.location = args.location or args.env.region
        self.admins: set[str] = set()
        self.users: set[str] = set()
        self.ring_id: pulumi.Input[str] = args.ring or self._make_ring().id
        self.keys: Mapping[DataClass, KeyRef] = self._keys()
        for admin in args.admins:
            self.grant_administer(admin)
        self.finish({"ringId": self.ring_id, "keys": {c.value: key.key_id for c, key in self.keys.items()}})

    def _make_ring(self) -> gcp.kms.KeyRing:
        return self.make(
            "ring",
            gcp.kms.KeyRing,
            gcp.kms.KeyRingArgs(project=self.project.id, location=self.location, name=self.cloud_name("key_ring")),
        )

    def _keys(self) -> dict[DataClass, KeyRef]:
        if self.env.defaults.key_per_data_class:
            return {data_class: self._key(data_class.value) for data_class in self.args.data_classes}
        shared = self._key(_SHARED)
        return dict.fromkeys(self.args.data_classes, shared)

    def _key(self, use: str) -> KeyRef:
        defaults = self.env.defaults
        days = self.args.rotation_days or defaults.key_rotation_days
        key = self.make(
            f"key-{use}",
            gcp.kms.CryptoKey,
            gcp.kms.CryptoKeyArgs(
                name=self.cloud_name("crypto_key", use, generation=True),
                key_ring=self.ring_id,
                purpose="ENCRYPT_DECRYPT",
                rotation_period=f"{days * _DAY_SECONDS}s",
                destroy_scheduled_duration=f"{defaults.key_destroy_days * _DAY_SECONDS}s",
                version_template=gcp.kms.CryptoKeyVersionTemplateArgs(
                    algorithm="GOOGLE_SYMMETRIC_ENCRYPTION", protection_level=defaults.key_protection
                ),
                labels=self.labels(classification=use) if use != _SHARED else self.labels(),
            ),
        )
        return _RingKey(self, key, use)

    def grant_administer(self, principal: object) -> Grant:
        """Let a principal manage the ring's keys (make, rotate, schedule destruction), without using them."""
        identity = identity_of(principal, self.where)
        self.separate(identity, self.admins, self.users)
        args = gcp.kms.KeyRingIAMMemberArgs(key_ring_id=self.ring_id, role=_ADMIN_ROLE, member=identity.member)
        target = Target(
            label=self.label,
            project=self.project,
            parent=self,
            command="gcloud kms keyrings add-iam-policy-binding",
            place=self.ring_id,
        )
        return grant(target, _ADMIN_ROLE, identity, gcp.kms.KeyRingIAMMember, args)

    def separate(self, identity: Identity, joining: set[str], others: set[str]) -> None:
        """Record an identity among those joining a duty, and refuse it where it has the other duty.

        Two are the same by address, or by short name where an address is known only later.
        """
        names = {identity.label, identity.member} if isinstance(identity.member, str) else {identity.label}
        checks = Checks(self.where)
        checks.that(
            not names & others,
            "principal",
            "would both administer and use keys",
            given=identity.label,
            allowed="one of the two duties for each principal",
            do="give one of the two to somebody else",
        )
        checks.finish()
        joining |= names

    @staticmethod
    def from_existing(keys: Mapping[DataClass, str], *, project: Project) -> KeyRingRef:
        """Return keys that were there before, such as those of a central key project.

        ``keys`` names the key of each class, ``projects/…/locations/…/keyRings/…/cryptoKeys/…``; ``project`` is the
        keys' project, whose ``managed`` says whether grants on the keys are ours to make.
        """
        checks = Checks("KeyRing.from_existing")
        for data_class, key_id in keys.items():
            checks.matches(
                f"keys[{str(data_class)!r}]",
                key_id,
                _KEY_ID,
                "projects/…/locations/…/keyRings/…/cryptoKeys/…",
                "give the key's full name, without a version",
            )
        checks.finish()
        return ExistingKeyRing(
            {
                # Keys of one name in two rings are two keys, and so have two short names.
                data_class: ExistingKey(
                    key_id=key_id, project=project, label=f"{key_id.rsplit('/', 1)[-1]}-{digest(key_id, 4)}"
                )
                for data_class, key_id in keys.items()
            }
        )


class _RingKey(ExistingKey):
    """A key of a ring made here, whose users may not be the ring's administrators."""

    def __init__(self, ring: KeyRing, key: gcp.kms.CryptoKey, use: str) -> None:
        super().__init__(key_id=key.id, project=ring.project, label=f"{ring.label}-{use}", owner=ring)
        self._ring = ring

    def _grant(self, identity: Identity) -> Grant:
        self._ring.separate(identity, self._ring.users, self._ring.admins)
        return super()._grant(identity)
