"""Organisation policies on the projects of an environment: what Google refuses there, whatever anybody declares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core import ready
from groundplan.core.component import Args, Component
from groundplan.core.environment import Project
from groundplan.core.regions import jurisdiction
from groundplan.core.validation import Checks
from groundplan.foundation.apis import Purpose, apis_of, roles_of, with_tier
from groundplan.foundation.policy_rules import Level, PolicyRule, check_policies, rules_for

_IMPLIED = ("budget", "contacts", "policies")
STOCK_IMAGES = ("ainotebooks-vm/cloud-notebooks-managed/image-family/workbench-instances",)


@dataclass(frozen=True, kw_only=True)
class OrganizationPoliciesArgs(Args):
    """What an ``OrganizationPolicies`` takes."""

    purposes: tuple[Purpose, ...] = Purpose.usual()
    """What the platform is for: services of other purposes are refused."""
    organization_policies_at: Level = "project"
    """Where policies of general use are set: on each project, or once on the environment's organisation. Those whose
    values are this environment's (locations, networks, key projects, images, services) are always on the projects."""
    locations: tuple[str, ...] = ()
    """Where resources may be, as organisation policies name it; by default the jurisdiction of the region."""
    customer_ids: tuple[str, ...] = ()
    """Cloud Identity customers whose people may be given access, such as ``C01ab2cd3``; empty restricts nothing."""
    notebook_images: tuple[str, ...] = STOCK_IMAGES
    """Images that notebooks may start from: ``ainotebooks-vm/<project>/image-family/<family>``, the same with
    ``image-name/<name>``, or ``ainotebooks-container/<repository>:<tag>``."""
    enable_apis: bool = True
    """Whether the APIs that set policies are enabled here; not where a ``ProjectFoundation`` has done so before."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        checks.that(
            self.env.organization is not None,
            "env.organization",
            "is missing",
            given="nothing",
            allowed="the organisation's number",
            do="set Environment.organization",
        )
        check_policies(
            checks,
            organization=self.env.organization,
            at=self.organization_policies_at,
            locations=self.locations,
            customer_ids=self.customer_ids,
            images=self.notebook_images,
        )


class OrganizationPolicies(Component):
    """Policies that Google enforces in the environment's projects; setting them takes rights on the organisation.

    Children: ``policy-<constraint>-<role>`` on each project, or ``policy-<constraint>-organization``; and
    ``api-<api>-<role>`` for the APIs that this takes. Whatever is made later in the same run in one of the projects
    waits for them. A project that is not ``managed`` is left alone.
    """

    kind = "groundplan:foundation:OrganizationPolicies"
    objectives = ("2.2.b", "6.1.a")

    def __init__(self, name: str, args: OrganizationPoliciesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Set the policies; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self._roles_of = roles_of(args.env.projects)
        managed = [project for project in args.env.projects.distinct() if project.managed]
        apis = {project.id: self._enable(project) if args.enable_apis else [] for project in managed}
        everywhere = [self._policy(rule, apis.get(self.project.id, [])) for rule in self._rules_of_organization()]
        self.policies: list[gcp.orgpolicy.Policy] = list(everywhere)
        """Every policy that was set."""
        for project in managed:
            own = [self._policy(rule, apis[project.id], project) for rule in self._rules(project)]
            ready.announce(project, [*everywhere, *own])
            self.policies += own
        self.finish({"policies": [policy.name for policy in self.policies]})

    def _enable(self, project: Project) -> list[pulumi.Resource]:
        """Enable what setting policies takes, each API after those that it needs."""
        made: dict[str, gcp.projects.Service] = {}
        for api, before in apis_of(project, self.env.projects, (), ("policies",)).items():
            made[api] = self.make(
                f"api-{api.split('.', 1)[0]}-{self._roles_of[project.id][0]}",
                gcp.projects.Service,
                gcp.projects.ServiceArgs(project=project.id, service=api, disable_on_destroy=False),
                project=project,
                depends_on=[made[need] for need in before],
            )
        ready.announce(project, made.values())
        return list(made.values())

    def _rules(self, project: Project) -> list[PolicyRule]:
        purposes = with_tier(self.args.purposes, self.env.defaults)
        services = apis_of(project, self.env.projects, purposes, _IMPLIED)
        return self._rules_at("project", list(services))

    def _rules_of_organization(self) -> list[PolicyRule]:
        return self._rules_at("organization") if self.args.organization_policies_at == "organization" else []

    def _rules_at(self, level: Level, services: Sequence[str] = ()) -> list[PolicyRule]:
        values = {
            "locations": self.args.locations or (jurisdiction(self.env.region),),
            "networks": (f"under:projects/{self.env.projects.network.id}",),
            "key_projects": (f"projects/{self.env.projects.keys.id}",),
            "images": self.args.notebook_images,
            "customers": self.args.customer_ids,
            "services": services,
        }
        return rules_for(self.env.defaults, values, level, self.args.organization_policies_at)

    def _policy(
        self, rule: PolicyRule, apis: Sequence[pulumi.Resource], on: Project | None = None
    ) -> gcp.orgpolicy.Policy:
        """Set a policy on a project, or on the organisation where none is given."""
        return self.make(
            f"policy-{rule.role}-{self._roles_of[on.id][0] if on else 'organization'}",
            gcp.orgpolicy.Policy,
            rule.at(f"projects/{on.id}" if on else f"organizations/{self.env.organization}"),
            project=on or self.project,
            depends_on=apis,
        )
