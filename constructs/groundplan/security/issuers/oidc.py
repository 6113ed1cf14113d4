"""Any other OpenID Connect issuer."""

from __future__ import annotations

from dataclasses import dataclass

from groundplan.core.validation import Checks
from groundplan.security.issuers import base

_SUBJECT = r"[A-Za-z0-9._~:/@=+-]{1,127}"


@dataclass(frozen=True, kw_only=True)
class Oidc(base.Issuer):
    """Some subjects of an issuer, such as the service accounts of a cluster elsewhere. They name the workloads."""

    issuer: str
    """URL of the issuer, as its tokens have it."""
    subjects: tuple[str, ...]
    """Subjects that may federate, such as ``system:serviceaccount:ml:trainer``; at most 127 characters each."""
    audiences: tuple[str, ...] = ()
    """Audiences that tokens may have; by default only the provider itself."""
    jwks: str | None = None
    """The issuer's public keys (JSON Web Key Set), where Google cannot reach it to fetch them."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the values."""
        base.check_url(checks, f"{field}.issuer", self.issuer)
        base.check_names(checks, f"{field}.subjects", self.subjects, _SUBJECT, "subject", some=True)
        base.check_audiences(checks, f"{field}.audiences", self.audiences)

    def trust(self) -> base.Trust:
        """Return what the pool's provider is told."""
        return base.Trust(
            mapping={"google.subject": "assertion.sub"},
            condition=base.equals("assertion.sub", self.subjects),
            workloads={subject: f"subject/{subject}" for subject in self.subjects},
            oidc=base.oidc(self.issuer, self.audiences, self.jwks),
        )
