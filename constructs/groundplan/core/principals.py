"""Who can be given access: service accounts by reference, people and groups by address."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import Final

import pulumi

from groundplan.core.names import digest
from groundplan.core.validation import Checks

# The address of a service account tells its project; a service agent's does not, since its domain is Google's own.
_ACCOUNT: Final = re.compile(r"serviceAccount:[^@]+@((?!gcp-sa-)[a-z0-9-]+)\.iam\.gserviceaccount\.com")


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Something that acts: a service account, a service agent, a federated workload."""

    label: str
    """Short name, used in the names of grants."""
    member: pulumi.Input[str]
    """The identity as IAM writes it, such as ``serviceAccount:trainer@acme-ml.iam.gserviceaccount.com``."""
    resources: tuple[pulumi.Resource, ...] = ()
    """What must exist before the identity can be granted anything."""
    home: str | None = None
    """Id of the project that it belongs to, and calls from; None for people, and where that is not known."""
    agent: bool = False
    """Whether it is an agent of Google's, which does what a construct was set up to do and nothing of its own."""

    def after(self, *resources: pulumi.Resource) -> Identity:
        """Return the identity as one that can be granted something only when the resources are there too."""
        return dataclasses.replace(self, resources=(*self.resources, *resources))

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
    account = _ACCOUNT.fullmatch(text)
    return Identity(
        label=f"{words[:40].strip('-')}-{digest(text, 4)}".strip("-"), member=text, home=account[1] if account else None
    )
