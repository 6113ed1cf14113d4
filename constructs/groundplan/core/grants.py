"""Grants: the least role, to one identity, on one resource; or a request to whoever may make it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final, TypeVar

import pulumi

from groundplan.core import footprint, perimeter_borders, providers, ready, scope
from groundplan.core.environment import Project
from groundplan.core.principals import Identity
from groundplan.core.requests import LEDGER, Request, requested
from groundplan.core.validation import Checks

A = TypeVar("A")

DOMAINS: Final = "domains"
"""The run's list of what its environments say about domains."""
_CUSTOM_ROLE: Final = "gcp:projects/iAMCustomRole:IAMCustomRole"
_PERSON: Final = re.compile(r"(?:user:|group:|domain:)(?:[^@\s]+@)?([^@\s]+)")


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A role given to an identity on a resource, for others to depend on."""

    role: str
    """The role, as IAM names it."""
    identity: Identity
    """Who has it."""
    scope: str
    """What the role holds on: ``resource``, or ``project`` where Google has no IAM on the resource itself."""
    binding: pulumi.Resource | None
    """The IAM resource, or None where the grant was only requested."""

    @property
    def resources(self) -> tuple[pulumi.Resource, ...]:
        """What to depend on so that the grant is there first."""
        return () if self.binding is None else (self.binding,)


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a grant is made on."""

    label: str
    """Short name, first part of the grant's name."""
    project: Project
    """The project whose provider makes the grant, and which says whether we may."""
    parent: pulumi.Resource | None
    """The construct that owns the resource, or None where it existed before."""
    command: str
    """Start of the command that makes the grant by hand, up to the member and the role."""
    place: pulumi.Input[str]
    """The resource, as the command names it."""
    scope: str = "resource"
    """``resource``, or ``project`` where Google has no IAM on the resource itself."""
    form: str = "{command} {place} --member={member} --role={role}"
    """How the command is put together, where it is not the usual one."""
    holder: object = None
    """What the grant is made on, as a Python object, where the place is known only later."""

    def same(self, other: Target) -> bool:
        """Whether both are certainly the same thing; two things that were there before may have one short name."""
        if self.parent is not None or other.parent is not None:
            return self.parent is other.parent
        if self.holder is not None and self.holder is other.holder:
            return True
        return isinstance(self.place, str) and isinstance(other.place, str) and self.place == other.place


def grant(
    target: Target,
    role: str,
    identity: Identity,
    resource: Callable[[str, A, pulumi.ResourceOptions | None], pulumi.Resource],
    args: A,
) -> Grant:
    """Give the role, or ask for it where the target's project is not ours to grant in.

    Asked twice, the same grant is made once. Its name is ``<target>-<role>-<identity>``; another thing or another
    identity that would give the same name raises ``ArgumentError``, since one of the two grants would be lost.
    """
    _check_domain(identity)
    name = f"{target.label}-{role.rsplit('/', 1)[-1].rsplit('.', 1)[-1].lower()}-{identity.label}"

    def make() -> tuple[Target, Grant]:
        kind = str(getattr(resource, "pulumi_type", ""))
        service = perimeter_borders.service_of(role, kind)
        perimeter_borders.cross(identity, service, target.project)
        if not target.project.managed:
            return target, _request(target, role, identity)
        options = pulumi.ResourceOptions(
            parent=target.parent,
            provider=providers.provider_for(target.project),
            depends_on=[*identity.resources, *_own_roles(target.project, role)] or None,
        )
        footprint.note(kind, target.project, args)
        binding = resource(name, args, options)
        return target, Grant(role=role, identity=identity, scope=target.scope, binding=binding)

    first, made = scope.once(("grant", resource, name), make)
    checks = Checks(f'Grant "{name}"')
    checks.that(
        first.same(target) and made.identity.same(identity),
        "label",
        "names two things, or two identities, alike",
        given=f"{target.label} and {identity.label}",
        allowed="a short name of its own for each",
        do="give one of them another label in from_existing, or rename one of the constructs",
    )
    checks.finish()
    return made


def _own_roles(project: Project, role: str) -> list[pulumi.Resource]:
    """Return what makes a project's own roles in this run, if the role is one: Google refuses one that is not there.

    A grant to a person or a group has no construct around it that would wait.
    """
    if not role.startswith(f"projects/{project.id}/roles/"):
        return []
    return [each for each in ready.before([project]) if getattr(each, "pulumi_type", "") == _CUSTOM_ROLE]


def _check_domain(identity: Identity) -> None:
    """Refuse people and groups of domains that no environment of this run has among its own, where any has some."""
    checks = Checks(f'Grant to "{identity.label}"')
    check_domain(checks, "principal", identity.member, {d for given in scope.ledger(DOMAINS) for d in given})
    checks.finish()


def check_domain(checks: Checks, field: str, member: pulumi.Input[str], domains: Collection[str]) -> bool:
    """Record a person or a group of a domain that is not among some, where there are any; others are not judged."""
    found = _PERSON.fullmatch(member) if isinstance(member, str) else None
    return checks.that(
        found is None or not domains or found[1] in domains,
        field,
        "is of a domain that is not given access here",
        given=member,
        allowed=f"people and groups of {', '.join(sorted(domains))}",
        do="name somebody of these domains, or add the domain to Environment.domains",
    )


def _request(target: Target, role: str, identity: Identity) -> Grant:
    place, member = (pulumi.Output.from_input(value).apply(shlex.quote) for value in (target.place, identity.member))
    command = pulumi.Output.format(target.form, command=target.command, place=place, member=member, role=role)
    scope.ledger(LEDGER).append(
        {
            "grant": role,
            "member": identity.member,
            "on": target.place,
            "project": target.project.id,
            "command": command,
        }
    )
    return Grant(role=role, identity=identity, scope=target.scope, binding=None)


def requests() -> list[Request]:
    """Return what this run could not grant itself, for the ``requests`` output: each with the command that does it.

    Read it last: what a delivery needs to apply the program is known only when the program has made everything.
    """
    return requested()
