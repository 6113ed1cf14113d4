"""Amazon Web Services as an issuer."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_gcp as gcp

from groundplan.core.validation import Checks
from groundplan.security.issuers import base

_ROLE = r"[A-Za-z0-9_+=,.@-]{1,64}"


@dataclass(frozen=True, kw_only=True)
class Aws(base.Issuer):
    """Workloads that run under some roles of one account. They are named as the roles are.

    Source: the attribute mapping of an AWS provider, IAM documentation.
    """

    account_id: str
    """Number of the account, twelve digits."""
    roles: tuple[str, ...]
    """Names of the roles whose sessions may federate, without a path."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the values."""
        checks.matches(
            f"{field}.account_id",
            self.account_id,
            "[0-9]{12}",
            "twelve digits as a string",
            "give the account's number",
        )
        base.check_names(checks, f"{field}.roles", self.roles, _ROLE, "role", some=True)

    def trust(self) -> base.Trust:
        """Return what the pool's provider is told."""
        assumed = {role: f"arn:aws:sts::{self.account_id}:assumed-role/{role}" for role in self.roles}
        role = "assertion.arn.extract('{account_arn}assumed-role/') + 'assumed-role/'"
        role += " + assertion.arn.extract('assumed-role/{role_name}/')"
        return base.Trust(
            mapping={
                "google.subject": "assertion.arn",
                "attribute.aws_role": f"assertion.arn.contains('assumed-role') ? {role} : assertion.arn",
            },
            condition=" && ".join(
                [
                    base.equals("assertion.account", [self.account_id]),
                    base.equals("attribute.aws_role", list(assumed.values())),
                ]
            ),
            workloads={name: f"attribute.aws_role/{arn}" for name, arn in assumed.items()},
            aws=gcp.iam.WorkloadIdentityPoolProviderAwsArgs(account_id=self.account_id),
        )
