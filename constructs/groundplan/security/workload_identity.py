"""Keyless federation: workloads outside Google Cloud act as service accounts, without a key to steal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core import providers
from groundplan.core.component import Args, Component
from groundplan.core.environment import Project
from groundplan.core.references import ExistingFederation, FederationRef
from groundplan.core.references.base import joined
from groundplan.core.validation import Checks
from groundplan.security.issuers.base import Issuer, Trust, check_all

_POOL = r"projects/[0-9]+/locations/global/workloadIdentityPools/[a-z0-9-]{4,32}"
_PROVIDER = r"[a-z0-9-]{4,32}"


@dataclass(frozen=True, kw_only=True)
class WorkloadIdentityArgs(Args):
    """What a ``WorkloadIdentity`` takes."""

    issuer: Issuer
    """Who vouches for the workloads, and which of them may federate: GitHub, GitLab, Jenkins, Aws, Azure or Oidc."""
    project: Project | None = None
    """Project that the pool is in; by default the environment's build project."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        if checks.instance("issuer", self.issuer, Issuer, "an issuer, such as GitHub(...)"):
            check_all(checks, self.issuer, "issuer")
        if self.project is not None:
            checks.instance("project", self.project, Project, "a Project")


class WorkloadIdentity(Component, FederationRef):
    """A pool with one provider, which lets the named workloads of one issuer in and nobody else.

    Children: ``pool`` and ``provider``. The provider's condition compares the issuer's claims with literals, so that
    no other tenant of the same issuer gets in; a second issuer takes a second ``WorkloadIdentity``, since the
    attributes of two in one pool could be confused. Letting a workload in gives it nothing: ``grant_act_as`` lets one
    of them act as one service account.
    """

    kind = "groundplan:security:WorkloadIdentity"
    objectives = ("5.1.f", "5.2.b", "6.1.a")

    def __init__(self, name: str, args: WorkloadIdentityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the pool and its provider; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.project = args.project or args.env.projects.build
        trust = args.issuer.trust()
        self.workloads: Mapping[str, str] = trust.workloads
        self.pool = self.make(
            "pool",
            gcp.iam.WorkloadIdentityPool,
            gcp.iam.WorkloadIdentityPoolArgs(
                project=self.project.id,
                workload_identity_pool_id=self.cloud_name("pool", generation=True),
                description=f"Workloads of {type(args.issuer).__name__}",
            ),
        )
        self.provider = self._make_provider(trust)
        number = providers.project_number(self.project)
        # Put together from inputs, which a preview knows, not from the resources' names, which it does not.
        self.pool_name = pulumi.Output.format(
            "projects/{0}/locations/global/workloadIdentityPools/{1}", number, self.pool.workload_identity_pool_id
        )
        self.provider_name = joined(self.pool_name, "/providers/", self.provider.workload_identity_pool_provider_id)
        self.finish(
            {
                "poolName": self.pool_name,
                "providerName": self.provider_name,
                "audience": joined("//iam.googleapis.com/", self.provider_name),
                "workloads": sorted(trust.workloads),
            }
        )

    def _make_provider(self, trust: Trust) -> gcp.iam.WorkloadIdentityPoolProvider:
        return self.make(
            "provider",
            gcp.iam.WorkloadIdentityPoolProvider,
            gcp.iam.WorkloadIdentityPoolProviderArgs(
                project=self.project.id,
                workload_identity_pool_id=self.pool.workload_identity_pool_id,
                workload_identity_pool_provider_id=self.cloud_name("provider", generation=True),
                attribute_mapping=dict(trust.mapping),
                attribute_condition=trust.condition,
                oidc=trust.oidc,
                aws=trust.aws,
            ),
        )

    @property
    def resources(self) -> tuple[pulumi.Resource, ...]:
        """What must exist before a workload can be given access."""
        return (self.pool,)

    @staticmethod
    def from_existing(
        pool: str, provider: str, *, issuer: Issuer, project: Project, label: str | None = None
    ) -> FederationRef:
        """Return a pool that was there before.

        ``pool`` is ``projects/<number>/locations/global/workloadIdentityPools/<id>``, ``provider`` the id of its
        provider. ``issuer`` says which workloads can be given access; what the provider itself lets in is decided
        where it is made, and its attribute mapping must be the one that a ``WorkloadIdentity`` of that issuer has.
        """
        checks = Checks("WorkloadIdentity.from_existing")
        checks.matches(
            "pool",
            pool,
            _POOL,
            "projects/<number>/locations/global/workloadIdentityPools/<id>",
            "give the pool's full name, with the project's number",
        )
        checks.matches(
            "provider", provider, _PROVIDER, "4 to 32 lower-case letters, digits and hyphens", "give the provider's id"
        )
        if checks.instance("issuer", issuer, Issuer, "an issuer, such as GitHub(...)"):
            check_all(checks, issuer, "issuer")
        checks.finish()
        return ExistingFederation(
            label=label or pool.rsplit("/", 1)[-1],
            project=project,
            pool_name=pool,
            provider_name=f"{pool}/providers/{provider}",
            workloads=issuer.trust().workloads,
        )
