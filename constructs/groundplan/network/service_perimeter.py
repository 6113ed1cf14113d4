"""A service perimeter: Google's APIs give the data inside to nobody outside, whatever IAM says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pulumi
import pulumi_gcp as gcp

from groundplan.core import tables
from groundplan.core.component import Args, Component
from groundplan.core.environment import Project
from groundplan.core.perimeter_borders import enclose, fetching
from groundplan.core.references import AccessPolicyRef, ExistingPerimeter, PerimeterRef
from groundplan.core.validation import Checks
from groundplan.network import perimeter_rules
from groundplan.network.perimeter_crossings import derived_rules
from groundplan.network.perimeter_rules import Mode, PerimeterEgress, PerimeterIngress

_TABLE = "perimeter_services"


@dataclass(frozen=True, kw_only=True)
class ServicePerimeterArgs(Args):
    """What a ``ServicePerimeter`` takes: an access policy to make one in, or a perimeter to join."""

    access_policy: AccessPolicyRef | None = None
    """The access policy that the perimeter is made in; this or ``perimeter``."""
    perimeter: PerimeterRef | None = None
    """A perimeter that was there before, which the projects join; its services and rules are its owner's."""
    projects: tuple[Project, ...] = ()
    """Projects inside; by default all of the environment's."""
    further_services: tuple[str, ...] = ()
    """APIs to restrict beside those that hold a platform's data, such as ``healthcare.googleapis.com``."""
    access_levels: tuple[str, ...] = ()
    """Access levels that let callers in from outside, ``accessPolicies/…/accessLevels/…``."""
    ingress: tuple[PerimeterIngress, ...] = ()
    """What may come in from outside."""
    egress: tuple[PerimeterEgress, ...] = ()
    """What may go out."""
    neighbours: tuple[Project, ...] = ()
    """Projects outside that what is inside works with, such as a central key project. Each grant that this program has
    made across that border becomes a rule, for that identity and service alone; so the perimeter is made last."""
    enforced: bool = False
    """Whether the perimeter blocks. First it only logs what it would block, until what is meant has its rules."""

    @property
    def inside(self) -> tuple[Project, ...]:
        """The projects inside."""
        return self.projects or tuple(self.env.projects.distinct())

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        home = self.perimeter or self.access_policy
        checks.that(
            (self.perimeter is None) != (self.access_policy is None),
            "access_policy",
            "and perimeter are both given" if home else "and perimeter are both missing",
            given="both" if home else "nothing",
            allowed="one of the two",
            do="pass access_policy to make a perimeter, or perimeter to join one",
        )
        if home is not None and checks.instance(
            "access_policy", home, (AccessPolicyRef, PerimeterRef), "an AccessPolicyRef or a PerimeterRef"
        ):
            checks.that(
                home.project.managed,
                "access_policy" if self.perimeter is None else "perimeter",
                "is not ours to change",
                given=f"{home.label}, in a project with managed=False",
                allowed="a policy or perimeter that this program may edit",
                do=f"ask its owner to add projects {', '.join(str(getattr(p, 'id', p)) for p in self.inside)}",
            )
        for index, project in enumerate(self.projects):
            if checks.instance(f"projects[{index}]", project, Project, "a Project"):
                project.check(checks, f"projects[{index}]")
        self._check_neighbours(checks)
        self._check_rules(checks)

    def _check_neighbours(self, checks: Checks) -> None:
        inside = {project.id for project in self.inside if isinstance(project, Project)}
        for index, project in enumerate(self.neighbours):
            place = f"neighbours[{index}]"
            if checks.instance(place, project, Project, "a Project"):
                project.check(checks, place)
                checks.that(
                    project.id not in inside,
                    place,
                    "is inside",
                    given=project.id,
                    allowed="projects outside the perimeter",
                    do="leave it out",
                )
        checks.unique("neighbours", (p.id for p in self.neighbours if isinstance(p, Project)), "project")

    def _check_rules(self, checks: Checks) -> None:
        own = (self.further_services, self.access_levels, self.ingress, self.egress, self.neighbours)
        checks.that(
            self.perimeter is None or not any(own),
            "perimeter",
            "is joined, and its services and rules are not set here",
            given="further_services, access_levels, ingress, egress or neighbours",
            allowed="projects and enforced",
            do="ask the perimeter's owner for the rules",
        )
        for index, service in enumerate(self.further_services):
            checks.matches(
                f"further_services[{index}]", service, perimeter_rules.SERVICE, "an API's name", "write it in full"
            )
        checks.unique("further_services", (*restricted_services(), *self.further_services), "service")
        for index, level in enumerate(self.access_levels):
            perimeter_rules.check_level(checks, f"access_levels[{index}]", level)
        for index, inward in enumerate(self.ingress):
            if checks.instance(f"ingress[{index}]", inward, PerimeterIngress, "a PerimeterIngress"):
                inward.check(checks, f"ingress[{index}]")
        for index, outward in enumerate(self.egress):
            if checks.instance(f"egress[{index}]", outward, PerimeterEgress, "a PerimeterEgress"):
                outward.check(checks, f"egress[{index}]")
        titles = [rule.name for rule in (*self.ingress, *self.egress) if hasattr(rule, "name")]
        checks.unique("ingress", titles, "title (ingress and egress share them)")


class ServicePerimeter(Component, PerimeterRef):
    """A perimeter around the environment's projects, or their membership in one that was there before.

    Networks inside reach the restricted services only. Whoever runs this needs the role Access Context Manager Editor
    on the access policy. Children: ``perimeter``, or ``member-<project>`` for each project that joins one; where it is
    enforced, ``remote-<project>-<location>`` lets the remote repositories there ask their sources outside.
    """

    kind = "groundplan:network:ServicePerimeter"
    objectives = ("2.1.e", "2.2.b", "6.1.a")

    def __init__(self, name: str, args: ServicePerimeterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make or join the perimeter; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        enclose(self.where, args.inside)
        if args.access_policy is not None:
            self.project = args.access_policy.project
            self.perimeter_id, drawn = self._perimeter(args.access_policy.policy_id)
            self._let_fetch(drawn)
        elif args.perimeter is not None:
            self.project = args.perimeter.project
            self.perimeter_id = args.perimeter.perimeter_id
            self._let_fetch(self._join(args.perimeter))
        self.finish(
            {
                "perimeterId": self.perimeter_id,
                "enforced": args.enforced,
                "projects": [project.id for project in args.inside],
            }
        )

    def _perimeter(self, policy: str) -> tuple[pulumi.Output[str], list[pulumi.Resource]]:
        short_name = self.cloud_name("service_perimeter")
        enforced = self.args.enforced
        made = self.make(
            "perimeter",
            gcp.accesscontextmanager.ServicePerimeter,
            gcp.accesscontextmanager.ServicePerimeterArgs(
                parent=policy,
                name=f"{policy}/servicePerimeters/{short_name}",
                title=short_name,
                perimeter_type="PERIMETER_TYPE_REGULAR",
                status=cast("gcp.accesscontextmanager.ServicePerimeterStatusArgs", self._content("Status"))
                if enforced
                else None,
                spec=None
                if enforced
                else cast("gcp.accesscontextmanager.ServicePerimeterSpecArgs", self._content("Spec")),
                use_explicit_dry_run_spec=not enforced,
            ),
        )
        return made.name, [made]

    def _let_fetch(self, drawn: list[pulumi.Resource]) -> None:
        """Let remote repositories inside ask their sources outside, which Google refuses them otherwise."""
        for project, location in fetching(self.where, self.args.inside):
            # A dry run stops nobody, and Google refuses the setting for what is in no perimeter.
            if self.args.enforced:
                self.make(
                    f"remote-{project.id}-{location}",
                    gcp.artifactregistry.VpcscConfig,
                    gcp.artifactregistry.VpcscConfigArgs(project=project.id, location=location, vpcsc_policy="ALLOW"),
                    project=project,
                    depends_on=drawn,
                )

    def _content(self, mode: Mode) -> object:
        args, part = self.args, perimeter_rules.part
        services = (*restricted_services(), *args.further_services)
        inward, outward = derived_rules(self.where, args.inside, args.neighbours, services)
        ingress, egress = (*args.ingress, *inward), (*args.egress, *outward)
        return part(mode, "")(
            resources=[perimeter_rules.number_name(project) for project in args.inside],
            restricted_services=[*services],
            access_levels=list(args.access_levels) or None,
            vpc_accessible_services=part(mode, "VpcAccessibleServices")(
                enable_restriction=True, allowed_services=["RESTRICTED-SERVICES"]
            ),
            ingress_policies=[perimeter_rules.ingress_policy(r, mode, self.where) for r in ingress] or None,
            egress_policies=[perimeter_rules.egress_policy(r, mode, self.where) for r in egress] or None,
        )

    def _join(self, perimeter: PerimeterRef) -> list[pulumi.Resource]:
        return [self._member(perimeter, project) for project in self.args.inside]

    def _member(self, perimeter: PerimeterRef, project: Project) -> pulumi.Resource:
        role, resource = f"member-{project.id}", perimeter_rules.number_name(project)
        if self.args.enforced:
            return self.make(
                role,
                gcp.accesscontextmanager.ServicePerimeterResource,
                gcp.accesscontextmanager.ServicePerimeterResourceArgs(
                    perimeter_name=perimeter.perimeter_id, resource=resource
                ),
            )
        return self.make(
            role,
            gcp.accesscontextmanager.ServicePerimeterDryRunResource,
            gcp.accesscontextmanager.ServicePerimeterDryRunResourceArgs(
                perimeter_name=perimeter.perimeter_id, resource=resource
            ),
        )

    @staticmethod
    def from_existing(perimeter_id: str, *, project: Project) -> PerimeterRef:
        """Return a perimeter that was there before, ``accessPolicies/…/servicePerimeters/…``.

        ``project`` is the one that calls about it are made through; its ``managed`` says whether the perimeter is ours
        to change.
        """
        checks = Checks("ServicePerimeter.from_existing")
        checks.matches(
            "perimeter_id",
            perimeter_id,
            r"accessPolicies/[0-9]+/servicePerimeters/[A-Za-z][A-Za-z0-9_]*",
            "accessPolicies/…/servicePerimeters/…",
            "give the perimeter's full name",
        )
        checks.finish()
        return ExistingPerimeter(label=perimeter_id.rsplit("/", 1)[-1], project=project, perimeter_id=perimeter_id)


def restricted_services() -> tuple[str, ...]:
    """Return the APIs that every perimeter restricts, from the table."""
    return tuple(tables.load(_TABLE)["services"])
