"""Who can be given access: service accounts by reference, people and groups by address."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pulumi

from groundplan.core.names import digest
from groundplan.core.validation import Checks


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Something that acts: a service account, a service agent, a federated workload."""

    label: str
    """Short name, used in the names of grants."""
    member: pulumi.Input[str]
    """The identity as IAM writes it, such as ``serviceAccount:trainer@acme-ml.iam.gserviceaccount.com``."""
    resources: tuple[pulumi.Resource, ...] = ()
    """What must exist before the identity can be granted anything."""

    def same(self, other: Identity) -> bool:
        """Whether both may be the same: of the same short name, and of the same address where both are known."""
        if isinstance(self.member, str) and isinstance(other.member, str):
            return self.member == other.member
        return self.label == other.label


def identity_of(principal: object, where: str) -> Identity:
    """Return the identity of a principal: of an account reference, or of a string such as ``group:ml@acme.test``.

    Anything else, and the public principals, raise ``ArgumentError``.
    """
    found = getattr(principal, "identity", principal)
    if isinstance(found, Identity):
        return found
    checks = Checks(where)
    checks.principal("principal", found)
    checks.finish()
    text = str(found)
    last = text.rstrip("/").rsplit("/", 1)[-1].split(":", 1)[-1]
    words = re.sub(r"[^a-z0-9]+", "-", last.lower()).strip("-")
    return Identity(label=f"{words[:40].strip('-')}-{digest(text, 4)}".strip("-"), member=text)
