"""Microsoft Azure as an issuer."""

from __future__ import annotations

from dataclasses import dataclass

from groundplan.core.validation import Checks
from groundplan.security.issuers import base

_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


@dataclass(frozen=True, kw_only=True)
class Azure(base.Issuer):
    """Workloads that run under some managed identities of one tenant. They are named by the identities' object ids.

    Source: "Configure Workload Identity Federation with AWS or Azure", IAM documentation.
    """

    tenant_id: str
    """Id of the tenant, in lower case."""
    audience: str
    """Application ID URI of the application that tokens are asked for, such as ``api://groundplan``."""
    identities: tuple[str, ...]
    """Object (principal) ids of the managed identities that may federate, in lower case."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the values."""
        checks.matches(
            f"{field}.tenant_id", self.tenant_id, _UUID, "a UUID in lower case", "look it up with `az account show`"
        )
        base.check_audiences(checks, f"{field}.audience", (self.audience,))
        base.check_names(checks, f"{field}.identities", self.identities, _UUID, "managed identity", some=True)

    def trust(self) -> base.Trust:
        """Return what the pool's provider is told."""
        return base.Trust(
            mapping={"google.subject": "assertion.sub"},
            condition=" && ".join(
                [base.equals("assertion.tid", [self.tenant_id]), base.equals("assertion.sub", self.identities)]
            ),
            workloads={identity: f"subject/{identity}" for identity in self.identities},
            oidc=base.oidc(f"https://sts.windows.net/{self.tenant_id}", (self.audience,)),
        )
