"""What may cross a service perimeter: rules inwards and outwards, each for named callers and services."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pulumi
import pulumi_gcp as gcp

from groundplan.core import providers
from groundplan.core.environment import Project
from groundplan.core.names import LOGICAL_NAME
from groundplan.core.principals import Identity, identity_of
from groundplan.core.validation import Checks

Mode = Literal["Spec", "Status"]
"""``Spec`` is what a perimeter would do (dry run), ``Status`` what it does; Google has a type for each part of both."""

SERVICE: Final = r"[a-z][a-z0-9-]*\.googleapis\.com"
_LEVEL: Final = r"accessPolicies/[0-9]+/accessLevels/[A-Za-z][A-Za-z0-9_]*"


@dataclass(frozen=True, kw_only=True)
class PerimeterIngress:
    """Calls from outside to what is inside the perimeter."""

    name: str
    """Title of the rule, lower-case words joined by hyphens."""
    principals: tuple[object, ...]
    """Who calls: accounts by reference, or ``user:``, ``group:``, ``serviceAccount:`` with an address."""
    services: Mapping[str, tuple[str, ...]]
    """Service -> its methods, such as ``google.storage.objects.get``; no method stands for all of the service's."""
    from_projects: tuple[Project, ...] = ()
    """Projects outside that the calls come from."""
    access_levels: tuple[str, ...] = ()
    """Access levels that the calls meet, ``accessPolicies/…/accessLevels/…``; this or ``from_projects`` is required."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the rule."""
        _check_common(checks, field, self.name, self.principals, self.services)
        _check_projects(checks, f"{field}.from_projects", self.from_projects)
        for index, level in enumerate(self.access_levels):
            check_level(checks, f"{field}.access_levels[{index}]", level)
        checks.that(
            self.from_projects or self.access_levels,
            field,
            "says not where the calls come from",
            given="no project and no access level",
            allowed="from_projects, access_levels, or both",
            do="name the projects outside, or an access level",
        )


@dataclass(frozen=True, kw_only=True)
class PerimeterEgress:
    """Calls from inside to what is outside the perimeter."""

    name: str
    """Title of the rule, lower-case words joined by hyphens."""
    principals: tuple[object, ...]
    """Who calls, as in ``PerimeterIngress``."""
    services: Mapping[str, tuple[str, ...]]
    """Service -> its methods; no method stands for all of the service's."""
    to_projects: tuple[Project, ...]
    """Projects outside that are called; required."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the rule."""
        _check_common(checks, field, self.name, self.principals, self.services)
        checks.that(
            self.to_projects,
            f"{field}.to_projects",
            "names no project",
            given="nothing",
            allowed="at least one Project",
            do="name the projects that are called",
        )
        _check_projects(checks, f"{field}.to_projects", self.to_projects)


def check_level(checks: Checks, field: str, level: object) -> None:
    """Require the full name of an access level."""
    checks.matches(field, level, _LEVEL, "accessPolicies/…/accessLevels/…", "give the access level's full name")


def ingress_policy(rule: PerimeterIngress, mode: Mode, where: str) -> object:
    """Return the rule as Google's argument of the mode."""
    sources = [
        *(part(mode, "IngressPolicyIngressFromSource")(resource=number_name(p)) for p in rule.from_projects),
        *(part(mode, "IngressPolicyIngressFromSource")(access_level=level) for level in rule.access_levels),
    ]
    return part(mode, "IngressPolicy")(
        title=rule.name,
        ingress_from=part(mode, "IngressPolicyIngressFrom")(
            identities=[identity.member for identity in _identities(rule.principals, where)], sources=sources
        ),
        ingress_to=part(mode, "IngressPolicyIngressTo")(
            # All projects of the perimeter: which of them a caller may use is for IAM to say.
            resources=["*"],
            operations=_operations(mode, "IngressPolicyIngressTo", rule.services),
        ),
    )


def egress_policy(rule: PerimeterEgress, mode: Mode, where: str) -> object:
    """Return the rule as Google's argument of the mode."""
    return part(mode, "EgressPolicy")(
        title=rule.name,
        egress_from=part(mode, "EgressPolicyEgressFrom")(
            identities=[identity.member for identity in _identities(rule.principals, where)]
        ),
        egress_to=part(mode, "EgressPolicyEgressTo")(
            resources=[number_name(project) for project in rule.to_projects],
            operations=_operations(mode, "EgressPolicyEgressTo", rule.services),
        ),
    )


def part(mode: Mode, name: str) -> Callable[..., object]:
    """Return the argument class of a part of a perimeter; the two modes have the same parts under other names."""
    found: Callable[..., object] = getattr(gcp.accesscontextmanager, f"ServicePerimeter{mode}{name}Args")
    return found


def number_name(project: Project) -> pulumi.Input[str]:
    """Return a project as perimeters name it, ``projects/<number>``."""
    if project.number is not None:
        return f"projects/{project.number}"
    return pulumi.Output.concat("projects/", providers.project_number(project))


def _operations(mode: Mode, stem: str, services: Mapping[str, tuple[str, ...]]) -> list[object]:
    selector = part(mode, f"{stem}OperationMethodSelector")
    return [
        part(mode, f"{stem}Operation")(
            service_name=service, method_selectors=[selector(method=method) for method in methods or ("*",)]
        )
        for service, methods in services.items()
    ]


def _identities(principals: Sequence[object], where: str) -> list[Identity]:
    return [identity_of(principal, where) for principal in principals]


def _check_common(
    checks: Checks, field: str, name: str, principals: Sequence[object], services: Mapping[str, tuple[str, ...]]
) -> None:
    checks.matches(f"{field}.name", name, LOGICAL_NAME, "lower-case words joined by hyphens", "rename the rule")
    for what, given in (("principals", principals), ("services", services)):
        checks.that(
            given,
            f"{field}.{what}",
            "is empty",
            given="nothing",
            allowed="at least one; there is no rule for everybody or everything",
            do=f"name the {what}",
        )
    for index, principal in enumerate(principals):
        place = f"{field}.principals[{index}]"
        if isinstance(getattr(principal, "identity", principal), Identity):
            continue
        if checks.principal(place, principal):
            checks.that(
                not str(principal).startswith("domain:"),
                place,
                "is a whole domain",
                given=principal,
                allowed="users, groups, service accounts, and federated identities",
                do="name a group of the domain",
            )
    for service, methods in services.items():
        checks.matches(
            f"{field}.services[{service!r}]", service, SERVICE, "an API's name", "write it as storage.googleapis.com"
        )
        for method in methods:
            checks.that(
                re.fullmatch(r"[A-Za-z][A-Za-z0-9_.]*", method),
                f"{field}.services[{service!r}]",
                "names no method",
                given=method,
                allowed="methods such as google.storage.objects.get, or none for all of the service's",
                do="leave * out: an empty tuple stands for all methods",
            )


def _check_projects(checks: Checks, field: str, projects: Sequence[Project]) -> None:
    for index, project in enumerate(projects):
        if checks.instance(f"{field}[{index}]", project, Project, "a Project"):
            project.check(checks, f"{field}[{index}]")
