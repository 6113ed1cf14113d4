"""The ground under a platform: APIs, service agents, audit logs, organisation policies and a budget."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core import ready
from groundplan.core.agents import service_agent
from groundplan.core.component import Args, Component
from groundplan.core.environment import Project
from groundplan.core.names import digest
from groundplan.core.notifications import email_channel
from groundplan.core.requests import ask
from groundplan.core.service_agents import is_made_early
from groundplan.core.validation import Checks
from groundplan.foundation.apis import Purpose, apis_of, roles_of, with_tier
from groundplan.foundation.budget import budget, check_budget
from groundplan.foundation.ml_jobs_role import PERMISSIONS, make_ml_jobs_role, role_id
from groundplan.foundation.organization_policies import STOCK_IMAGES, OrganizationPolicies, OrganizationPoliciesArgs
from groundplan.foundation.policy_rules import Level, check_policies

_EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
_AUDITED = ("ADMIN_READ", "DATA_READ", "DATA_WRITE")


@dataclass(frozen=True, kw_only=True)
class ProjectFoundationArgs(Args):
    """What a ``ProjectFoundation`` takes."""

    purposes: tuple[Purpose, ...] = Purpose.usual()
    """What the platform is for, and so which APIs are enabled."""
    billing_account: str | None = None
    """Billing account of the projects, ``XXXXXX-XXXXXX-XXXXXX``; with an amount and a currency it makes a budget."""
    budget_amount: int | None = None
    """Budget for a calendar month, in whole units of the currency."""
    budget_currency: str | None = None
    """The billing account's own currency, three letters of ISO 4217, such as EUR; Google refuses another."""
    budget_contacts: tuple[str, ...] = ()
    """E-mail addresses that hear of the budget, at most five."""
    budget_topic: pulumi.Input[str] | None = None
    """Topic that hears of the budget too, ``projects/…/topics/…``. Google gives itself the right to publish there."""
    security_contacts: tuple[str, ...] = ()
    """E-mail addresses that Google writes to about legal matters, security, suspension and technical matters of
    the projects."""
    organization_policies: bool = True
    """Whether organisation policies are set here, where the environment names its organisation; not where a stack of
    its own sets them with ``OrganizationPolicies``, so that this one needs no rights on the organisation."""
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

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        for index, purpose in enumerate(self.purposes):
            checks.instance(f"purposes[{index}]", purpose, Purpose, "a Purpose, such as Purpose.NOTEBOOKS")
        checks.unique("purposes", (str(purpose) for purpose in self.purposes), "purpose")
        check_budget(
            checks,
            account=self.billing_account,
            amount=self.budget_amount,
            currency=self.budget_currency,
            contacts=self.budget_contacts,
            topic=self.budget_topic,
        )
        for field, addresses in (
            ("budget_contacts", self.budget_contacts),
            ("security_contacts", self.security_contacts),
        ):
            checks.unique(field, addresses, "contact")
            for index, address in enumerate(addresses):
                checks.email(f"{field}[{index}]", address)
        check_policies(
            checks,
            organization=self.env.organization,
            at=self.organization_policies_at,
            locations=self.locations,
            customer_ids=self.customer_ids,
            images=self.notebook_images,
        )


class ProjectFoundation(Component):
    """What all projects of an environment need before anything else, on projects that exist.

    Children: ``api-<api>-<role>`` for each API and project, the role being the project's first in the environment;
    ``audit-<role>``, ``ml-jobs-role`` where the tier has one, ``policies`` (``OrganizationPolicies``), ``contact-…``,
    ``budget``, ``budget-contact-…``.
    Service agents that use keys are made early, with the roles that they work with.

    Whatever is made later in the same run in one of the projects waits for ``ready`` by itself; nothing else need be
    written. A project that is not ``managed`` is left alone: what it needs becomes entries of ``requests``.
    """

    kind = "groundplan:foundation:ProjectFoundation"
    objectives = ("2.2.b", "6.1.a")

    def __init__(self, name: str, args: ProjectFoundationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Prepare the environment's projects; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.ready: list[pulumi.Resource] = []
        """What everything in the projects waits for: APIs, agents, audit configuration, policies."""
        self._roles_of = roles_of(args.env.projects)
        managed = [project for project in args.env.projects.distinct() if project.managed]
        self._enabled = {project.id: self._enable(project) for project in managed}
        if self._sets_policies:
            self._set_policies()
        for project in managed:
            self._prepare(project)
        for project in args.env.projects.distinct():
            if not project.managed:
                self._ask(project)
        alert = self._budget(managed) if args.budget_amount is not None else None
        self.finish(
            {
                "apis": {project: list(services) for project, services in self._enabled.items()},
                "budgetName": alert.name if alert else None,
            }
        )

    def _apis(self, project: Project) -> dict[str, tuple[str, ...]]:
        implied = [
            name
            for name, wanted in (
                ("budget", self.args.budget_amount is not None),
                ("contacts", bool(self.args.security_contacts)),
                ("policies", self._sets_policies),
            )
            if wanted
        ]
        return apis_of(project, self.env.projects, with_tier(self.args.purposes, self.env.defaults), implied)

    def _enable(self, project: Project) -> dict[str, gcp.projects.Service]:
        made: dict[str, gcp.projects.Service] = {}
        for api, before in self._apis(project).items():
            made[api] = self.make(
                f"api-{api.split('.', 1)[0]}-{self._role(project)}",
                gcp.projects.Service,
                # Others may use the API by then: a destroyed foundation turns nothing off.
                gcp.projects.ServiceArgs(project=project.id, service=api, disable_on_destroy=False),
                project=project,
                depends_on=[made[need] for need in before],
            )
        self._announce(project, made.values())
        return made

    def _announce(self, project: Project, resources: Iterable[pulumi.Resource]) -> None:
        """Let what comes later in the project wait for the resources."""
        announced = list(resources)
        ready.announce(project, announced)
        self.ready += (resource for resource in announced if resource not in self.ready)

    def _prepare(self, project: Project) -> None:
        """Set everything in a project whose APIs are enabled."""
        if self.env.defaults.customer_managed_keys:
            agents = [service_agent(project, api) for api in filter(is_made_early, self._enabled[project.id])]
            self._announce(project, [resource for agent in agents for resource in agent.resources])
        if self.env.defaults.data_access_logs:
            self._announce(project, [self._audit(project)])
        for address in self.args.security_contacts:
            self._contact(project, address)
        own = role_id(project)
        if own is not None:
            self._announce(project, [make_ml_jobs_role(self, project, own)])

    def _after(self, project: Project, api: str) -> list[pulumi.Resource]:
        """Return the API's resource, where the project is ours to enable it in."""
        found = self._enabled.get(project.id, {}).get(f"{api}.googleapis.com")
        return [] if found is None else [found]

    def _audit(self, project: Project) -> pulumi.Resource:
        return self.make(
            f"audit-{self._role(project)}",
            gcp.projects.IAMAuditConfig,
            gcp.projects.IAMAuditConfigArgs(
                project=project.id,
                service="allServices",
                audit_log_configs=[gcp.projects.IAMAuditConfigAuditLogConfigArgs(log_type=kind) for kind in _AUDITED],
            ),
            project=project,
            depends_on=self._after(project, "cloudresourcemanager"),
        )

    @property
    def _sets_policies(self) -> bool:
        return self.args.organization_policies and self.env.organization is not None

    def _set_policies(self) -> None:
        """Set the organisation policies, which everything made later in the projects waits for."""
        args = self.args
        made = OrganizationPolicies(
            f"{self.label}-policies",
            OrganizationPoliciesArgs(
                env=self.env,
                purposes=args.purposes,
                organization_policies_at=args.organization_policies_at,
                locations=args.locations,
                customer_ids=args.customer_ids,
                notebook_images=args.notebook_images,
                enable_apis=False,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self.ready += made.policies

    def _contact(self, project: Project, address: str) -> None:
        self.make(
            f"contact-{digest(address)}-{self._role(project)}",
            gcp.essentialcontacts.Contact,
            gcp.essentialcontacts.ContactArgs(
                parent=f"projects/{project.id}",
                email=address,
                language_tag="en",
                notification_category_subscriptions=["LEGAL", "SECURITY", "SUSPENSION", "TECHNICAL"],
            ),
            project=project,
            depends_on=self._after(project, "essentialcontacts"),
        )

    def _budget(self, projects: Sequence[Project]) -> gcp.billing.Budget:
        args = self.args
        channels = [
            email_channel(self, address, role="budget-contact", depends_on=self._after(self.project, "monitoring"))
            for address in args.budget_contacts
        ]
        return self.make(
            "budget",
            gcp.billing.Budget,
            budget(
                billing_account=str(args.billing_account),
                name=self.cloud_name("budget"),
                amount=args.budget_amount or 0,
                currency=str(args.budget_currency),
                projects=projects,
                thresholds=self.env.defaults.budget_thresholds,
                channels=channels,
                topic=args.budget_topic,
            ),
            depends_on=self._after(self.project, "billingbudgets"),
        )

    def _ask(self, project: Project) -> None:
        apis = list(self._apis(project))
        ask(
            project,
            need=f"APIs: {', '.join(apis)}",
            command=f"gcloud services enable {' '.join(apis)} --project={project.id}",
        )
        own = role_id(project)
        if own is not None:
            ask(
                project,
                need=f"role: {project.ml_jobs_role} to run training jobs and pipelines",
                command=f"gcloud iam roles create {own} --project={project.id} --permissions={','.join(PERMISSIONS)}",
            )
        if self.env.defaults.data_access_logs:
            ask(
                project,
                need="auditConfigs: allServices with ADMIN_READ, DATA_READ and DATA_WRITE, without exemptions",
                command=f"gcloud projects get-iam-policy {project.id} --format=json",
            )

    def _role(self, project: Project) -> str:
        return self._roles_of[project.id][0]
