"""Service perimeters as everything else has to know of them: what crosses one, and what may not be inside one.

All of it is about one run of a program. What is not supported inside is refused whichever is made first; what crosses
is known from grants, so that a perimeter whose rules follow them is made last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from groundplan.core import scope
from groundplan.core.environment import Project
from groundplan.core.principals import Identity
from groundplan.core.validation import Checks

_INSIDE: Final = "inside-perimeter"
_OUTSIDE: Final = "outside-perimeter"
_CROSSINGS: Final = "perimeter-crossings"
_SEALED: Final = "perimeter-sealed"
_FETCHING: Final = "perimeter-fetching"
_FETCHING_SEALED: Final = "perimeter-fetching-sealed"
# Where the module of an IAM resource is not the name of the API that is called.
_SERVICES: Final = {"kms": "cloudkms", "vertex": "aiplatform"}
# Who acts as an account calls the API that makes tokens; who attaches one to a machine does not.
_TOKEN_ROLES: Final = ("roles/iam.serviceAccountTokenCreator", "roles/iam.workloadIdentityUser")


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """A call that a grant lets an identity make in a project."""

    identity: Identity
    """Who calls."""
    service: str
    """The API that is called, such as ``cloudkms.googleapis.com``."""
    project: Project
    """Where."""


def service_of(role: str, resource_type: str) -> str:
    """Return the API that a role lets somebody call, given the type of the IAM resource that gives it."""
    if role in _TOKEN_ROLES:
        return "iamcredentials.googleapis.com"
    predefined = re.fullmatch(r"roles/([a-z]+)\..*", role)
    word = predefined[1] if predefined else resource_type.removeprefix("gcp:").partition("/")[0]
    return f"{_SERVICES.get(word, word)}.googleapis.com"


def cross(identity: Identity, service: str, project: Project) -> None:
    """Record the call that a grant allows; ``ArgumentError`` where a perimeter has taken its rules already."""
    crossing = Crossing(identity=identity, service=service, project=project)
    scope.ledger(_CROSSINGS).append(crossing)
    for where, inside, neighbours in scope.ledger(_SEALED):
        pair = (identity.home, project.id)
        checks = Checks(where)
        checks.that(
            not any(a in inside and b in neighbours for a, b in (pair, pair[::-1])),
            "neighbours",
            "are let through by the grants that are there, and this one came later",
            given=f"a grant to {identity.label} in project {project.id}",
            allowed="grants across the border before the perimeter",
            do="make the perimeter last",
        )
        checks.finish()


def crossings(where: str, inside: Iterable[Project], neighbours: Iterable[Project]) -> list[Crossing]:
    """Return the calls that grants allow so far; from here on none may be added between the two groups of projects."""
    ids = [{project.id for project in projects} for projects in (inside, neighbours)]
    scope.ledger(_SEALED).append((where, *ids))
    return list(scope.ledger(_CROSSINGS))


def enclose(where: str, projects: Iterable[Project]) -> None:
    """Record that a perimeter has projects inside; what a project has that may not be there is an ``ArgumentError``."""
    checks = Checks(where)
    for project in projects:
        scope.ledger((_INSIDE, project.id)).append(where)
        for other, what, remedy in scope.ledger((_OUTSIDE, project.id)):
            _refuse(checks, f"project {project.id} has {other}, {what}", remedy)
    checks.finish()


def keep_outside(where: str, project: Project, what: str, remedy: str) -> None:
    """Record that a thing in a project may not be inside a perimeter; ``ArgumentError`` where the project is."""
    scope.ledger((_OUTSIDE, project.id)).append((where, what, remedy))
    checks = Checks(where)
    for perimeter in scope.ledger((_INSIDE, project.id)):
        _refuse(checks, f"{what}, in project {project.id} inside {perimeter}", remedy)
    checks.finish()


def fetch(where: str, project: Project, location: str) -> None:
    """Record that a repository of a project caches one outside; ``ArgumentError`` where a perimeter came first."""
    scope.ledger(_FETCHING).append((project, location))
    checks = Checks(where)
    for perimeter, ids in scope.ledger(_FETCHING_SEALED):
        checks.that(
            project.id not in ids,
            "mode",
            "asks a source outside, to which the perimeter opened nothing when it was made",
            given=f"gp.Remote() in project {project.id} inside {perimeter}",
            allowed="remote repositories before the perimeter",
            do="make the perimeter last",
        )
    checks.finish()


def fetching(where: str, inside: Iterable[Project]) -> list[tuple[Project, str]]:
    """Return where remote repositories are inside, each project and location once; none may be added from here on."""
    ids = {project.id for project in inside}
    scope.ledger(_FETCHING_SEALED).append((where, ids))
    found = {(project.id, location): project for project, location in scope.ledger(_FETCHING) if project.id in ids}
    return [(project, location) for (_, location), project in sorted(found.items(), key=lambda one: one[0])]


def _refuse(checks: Checks, given: str, remedy: str) -> None:
    checks.that(
        holds=False,
        field="project",
        fault="is inside a service perimeter, where Google does not support what it has",
        given=given,
        allowed="one of the two",
        do=remedy,
    )
