"""Changes that somebody is told about at once: how each looks in the audit logs, and what to do first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_ADMINISTRATION: Final = 'log_id("cloudaudit.googleapis.com/activity")'
"""The log of administration, which every project writes and nobody can switch off. Reads are in others."""


@dataclass(frozen=True)
class CriticalChange:
    """A kind of change."""

    name: str
    """Short name, a part of the names of its metric and its alert."""
    happened: str
    """What happened, as a sentence for who is told."""
    first_step: str
    """What to do first."""
    condition: str
    """Filter of the entries, beside that they are of administration. Methods are named with what is common to all
    versions of an API."""

    @property
    def filter(self) -> str:
        """The whole filter of the entries."""
        return f"{_ADMINISTRATION} AND {self.condition}"


def _methods(*names: str) -> str:
    listed = " OR ".join(f'"{name}"' for name in names)
    return f"protoPayload.methodName:({listed})"


def _changes() -> Iterator[CriticalChange]:
    # The events of the CIS Google Cloud Foundation Benchmark 5.0, 2.5 to 2.12; the filters are wider where Google has
    # newer methods, such as those of firewall policies.
    bindings = "protoPayload.serviceData.policyDelta.bindingDeltas.role"
    yield CriticalChange(
        name="owners",
        happened="Somebody became an owner of a project, was invited to, or is one no more.",
        first_step="Ask who made the change; if nobody expected it, take the role away and look at what the owner did.",
        condition='protoPayload.serviceName="cloudresourcemanager.googleapis.com" AND '
        f'({bindings}="roles/owner" OR "ProjectOwnership" OR "projectOwnerInvitee")',
    )
    yield CriticalChange(
        name="audit-settings",
        happened="What is audited was changed.",
        first_step="Put the audit configuration back, and look at what was done while less was recorded.",
        condition='protoPayload.methodName="SetIamPolicy" AND protoPayload.serviceData.policyDelta.auditConfigDeltas:*',
    )
    yield CriticalChange(
        name="custom-roles",
        happened="A role of one's own was made, changed or deleted.",
        first_step="Compare its permissions with those before, and look at who holds the role.",
        condition='resource.type="iam_role" AND ' + _methods("CreateRole", "UpdateRole", "DeleteRole", "UndeleteRole"),
    )
    yield CriticalChange(
        name="firewalls",
        happened="A firewall rule or a firewall policy was changed.",
        first_step="Look at what it lets in or out now; if nobody expected it, put the rule back.",
        condition=_methods(
            *(f"compute.{each}." for each in ("firewalls", "firewallPolicies", "networkFirewallPolicies")),
            "compute.regionNetworkFirewallPolicies.",
        ),
    )
    yield CriticalChange(
        name="routes",
        happened="A route was made or deleted.",
        first_step="Look at where traffic goes now, above all to the internet.",
        condition=_methods("compute.routes."),
    )
    yield CriticalChange(
        name="networks",
        happened="A network was made, changed, peered or deleted.",
        first_step="Look at what the network is joined to now.",
        condition=_methods("compute.networks."),
    )
    yield CriticalChange(
        name="bucket-access",
        happened="Who may use a bucket was changed.",
        first_step="Look at who was added; if that is everybody, take the grant away and look at what was read.",
        condition='resource.type="gcs_bucket" AND protoPayload.methodName="storage.setIamPermissions"',
    )
    yield CriticalChange(
        name="databases",
        happened="A database instance was made, changed or deleted.",
        first_step="Look at its addresses, its flags and its backups.",
        condition=_methods("cloudsql.instances."),
    )


CHANGES: Final = tuple(_changes())
"""Every kind of change that somebody is told about."""
