"""The organisation policies of a platform, as its tier and its environment fill them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import pulumi_gcp as gcp

from groundplan.core import tables
from groundplan.core.tiers import TierDefaults
from groundplan.core.validation import Checks

Level: TypeAlias = Literal["project", "organization"]
"""Where a policy is set."""
_CUSTOMER = "look it up with `gcloud organizations list`, in the column DIRECTORY_CUSTOMER_ID"
_IMAGE = r"ainotebooks-vm/[^/\s]+/image-(family|name)/[^/\s]+|ainotebooks-container/[^:\s]+(:\S+)?"


@dataclass(frozen=True, kw_only=True)
class PolicyRule:
    """One constraint with what it says."""

    constraint: str
    """The constraint's name, without ``constraints/``."""
    spec: gcp.orgpolicy.PolicySpecArgs
    """What the policy says."""

    @property
    def role(self) -> str:
        """The constraint as part of a resource name."""
        return self.constraint.replace(".", "-").lower()

    def at(self, parent: str) -> gcp.orgpolicy.PolicyArgs:
        """Return the policy on ``projects/<id>`` or ``organizations/<number>``."""
        return gcp.orgpolicy.PolicyArgs(name=f"{parent}/policies/{self.constraint}", parent=parent, spec=self.spec)


def rules_for(defaults: TierDefaults, values: Mapping[str, Sequence[str]], level: Level, at: Level) -> list[PolicyRule]:
    """Return the rules to set at a level, where the caller wants those of general use ``at`` one of the two.

    ``values`` fills in the lists that the table leaves to the environment; a rule without values is left out.
    """
    rows = [row for row in tables.load("organization_policies")["policies"] if _level(row, at) == level]
    found = [(row, _rule(row, values)) for row in rows if _is_asked_for(row, defaults)]
    return [
        PolicyRule(
            constraint=row["constraint"],
            # A parent's denials stay in force; its permissions do not widen ours.
            spec=gcp.orgpolicy.PolicySpecArgs(inherit_from_parent=True if "denied" in row else None, rules=[rule]),
        )
        for row, rule in found
        if rule is not None
    ]


def _level(row: Mapping[str, Any], at: Level) -> Level | None:
    if "new_projects" in row and at == "project":
        return None
    return "project" if "own" in row else at


def _is_asked_for(row: Mapping[str, Any], defaults: TierDefaults) -> bool:
    if "when" in row:
        return bool(getattr(defaults, row["when"]))
    return "unless" not in row or not getattr(defaults, row["unless"])


def _rule(row: Mapping[str, Any], values: Mapping[str, Sequence[str]]) -> gcp.orgpolicy.PolicySpecRuleArgs | None:
    if "enforce" in row:
        return gcp.orgpolicy.PolicySpecRuleArgs(enforce="TRUE")
    if "deny_all" in row:
        return gcp.orgpolicy.PolicySpecRuleArgs(deny_all="TRUE")
    if "denied" in row:
        return gcp.orgpolicy.PolicySpecRuleArgs(
            values=gcp.orgpolicy.PolicySpecRuleValuesArgs(denied_values=row["denied"])
        )
    allowed = list(row["allowed"] if "allowed" in row else values[row["allowed_from"]])
    if not allowed:
        return None
    return gcp.orgpolicy.PolicySpecRuleArgs(values=gcp.orgpolicy.PolicySpecRuleValuesArgs(allowed_values=allowed))


def check_policies(
    checks: Checks,
    *,
    organization: str | None,
    at: str,
    locations: Sequence[str],
    customer_ids: Sequence[str],
    images: Sequence[str],
) -> None:
    """Record what is wrong with the values of policies, and which of them have no organisation to be set in."""
    checks.one_of("organization_policies_at", at, ("project", "organization"))
    wanted = {
        "organization_policies_at": at if at == "organization" else None,
        "locations": locations,
        "customer_ids": customer_ids,
    }
    for field, value in wanted.items():
        checks.that(
            organization is not None or not value,
            field,
            "needs an organisation",
            given=value,
            allowed="such a value in an environment that names its organisation",
            do="set Environment.organization, or leave this out",
        )
    rules = (
        ("locations", locations, r"(in:)?[a-z0-9-]+", "a location or a group of them", "write it as in:eu-locations"),
        ("customer_ids", customer_ids, "C[0-9a-z]{8}", "C and eight small letters or digits", _CUSTOMER),
        ("notebook_images", images, _IMAGE, "ainotebooks-vm/… or ainotebooks-container/…", "name it as Google does"),
    )
    for field, values, pattern, allowed, remedy in rules:
        checks.unique(field, values, "value")
        for index, value in enumerate(values):
            checks.matches(f"{field}[{index}]", value, pattern, allowed, remedy)
