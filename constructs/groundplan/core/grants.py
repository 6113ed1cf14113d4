"""Grants: the least role, to one identity, on one resource; or a request to whoever may make it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import pulumi

from groundplan.core import providers, scope
from groundplan.core.environment import Project
from groundplan.core.principals import Identity

A = TypeVar("A")

_LEDGER = "requests"


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


def grant(
    target: Target,
    role: str,
    identity: Identity,
    resource: Callable[[str, A, pulumi.ResourceOptions | None], pulumi.Resource],
    args: A,
) -> Grant:
    """Give the role, or ask for it where the target's project is not ours to grant in.

    Asked twice, the same grant is made once. Its name is ``<target>-<role>-<identity>``.
    """
    name = f"{target.label}-{role.rsplit('/', 1)[-1].rsplit('.', 1)[-1].lower()}-{identity.label}"
    if not target.project.managed:
        return scope.once(("request", name), lambda: _request(target, role, identity))

    def make() -> Grant:
        options = pulumi.ResourceOptions(
            parent=target.parent,
            provider=providers.provider_for(target.project),
            depends_on=list(identity.resources) or None,
        )
        binding = resource(name, args, options)
        return Grant(role=role, identity=identity, scope=target.scope, binding=binding)

    return scope.once(("grant", name), make)


def _request(target: Target, role: str, identity: Identity) -> Grant:
    command = pulumi.Output.format(
        "{0} {1} --member={2} --role={3}", target.command, target.place, identity.member, role
    )
    scope.ledger(_LEDGER).append(
        {
            "grant": role,
            "member": identity.member,
            "on": target.place,
            "project": target.project.id,
            "command": command,
        }
    )
    return Grant(role=role, identity=identity, scope=target.scope, binding=None)


def requests() -> list[dict[str, pulumi.Input[str]]]:
    """Return what this run could not grant itself, for the ``requests`` output: each with the command that does it."""
    return list(scope.ledger(_LEDGER))
