"""References to keys and to key rings."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_gcp as gcp

from groundplan.core.agents import service_agent
from groundplan.core.data_class import DataClass
from groundplan.core.environment import Project
from groundplan.core.errors import LookupFailure
from groundplan.core.grants import Grant, grant
from groundplan.core.principals import Identity, identity_of
from groundplan.core.references.base import Exported, Reference, export_project, import_project

USE_ROLE = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
_COMMAND = "gcloud kms keys add-iam-policy-binding"


class KeyRef(Reference):
    """A Cloud KMS key."""

    key_id: pulumi.Input[str]
    """Full name, ``projects/…/locations/…/keyRings/…/cryptoKeys/…``."""

    def grant_use(self, principal: object) -> Grant:
        """Let a principal encrypt and decrypt with this key, and no other."""
        return self._grant(identity_of(principal, self.site))

    def grant_agent(self, project: Project, service: str) -> Grant:
        """Let the agent of a service in a project use the key; the service's resources depend on the grant."""
        return self._grant(service_agent(project, service))

    def _grant(self, identity: Identity) -> Grant:
        args = gcp.kms.CryptoKeyIAMMemberArgs(crypto_key_id=self.key_id, role=USE_ROLE, member=identity.member)
        return grant(self.target(_COMMAND, self.key_id), USE_ROLE, identity, gcp.kms.CryptoKeyIAMMember, args)

    def exported(self) -> dict[str, Any]:
        """Return the key as another stack reads it."""
        return {"label": self.label, "project": export_project(self.project), "key_id": self.key_id}

    @staticmethod
    def imported(exported: Exported) -> KeyRef:
        """Return the key that another stack exported."""
        return ExistingKey(
            key_id=exported["key_id"], project=import_project(exported["project"]), label=exported["label"]
        )


class ExistingKey(KeyRef):
    """A key that was there before, or that a key ring construct made."""

    def __init__(
        self, *, key_id: pulumi.Input[str], project: Project, label: str, owner: pulumi.Resource | None = None
    ) -> None:
        """Take the key's full name, the project that it is in, and a short name for grants."""
        self.key_id = key_id
        self.project = project
        self.label = label
        self._owner = owner

    @property
    def owner(self) -> pulumi.Resource | None:
        """The construct that made the key, or None where it was there before."""
        return self._owner


class KeyRingRef(abc.ABC):
    """Keys by the class of the data that they protect."""

    keys: Mapping[DataClass, KeyRef]
    """The key of each class; several classes may share one."""

    def key_for(self, data_class: DataClass) -> KeyRef:
        """Return the key for data of a class; a class without one raises ``LookupFailure``."""
        if data_class not in self.keys:
            raise LookupFailure(
                "key for data class",
                data_class.value,
                [known.value for known in self.keys],
                "add the class to the key ring's data_classes, or name its key in from_existing",
            )
        return self.keys[data_class]

    def exported(self) -> dict[str, Any]:
        """Return the keys as another stack reads them."""
        return {data_class.value: key.exported() for data_class, key in self.keys.items()}

    @staticmethod
    def imported(exported: Exported) -> KeyRingRef:
        """Return the keys that another stack exported."""
        return ExistingKeyRing({DataClass(name): KeyRef.imported(key) for name, key in exported.items()})


class ExistingKeyRing(KeyRingRef):
    """Keys that were there before, such as those of a central key project."""

    def __init__(self, keys: Mapping[DataClass, KeyRef]) -> None:
        """Take the key of each data class."""
        self.keys = dict(keys)
