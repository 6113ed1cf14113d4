"""What the account that applies a program needs, from what the program makes: asked for, and never granted here."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from groundplan.core import footprint, tables
from groundplan.core.environment import Environment, Project
from groundplan.core.footprint import Made
from groundplan.core.references import AccountRef
from groundplan.core.references.base import joined
from groundplan.core.requests import Request, ask_at_end

_TABLE: Final = "apply_roles"
_ACTS: Final = "roles/iam.serviceAccountUser"
_IMPERSONATES: Final = "roles/iam.serviceAccountTokenCreator"


@dataclass(frozen=True, kw_only=True)
class _Right:
    """A role, and where it is given."""

    role: str
    place: pulumi.Input[str]
    command: str
    project: Project


def ask_for_application(account: AccountRef, env: Environment) -> None:
    """Ask for what an account needs to apply this program, once the program has made everything.

    The roles follow from the types of what is made, project by project: the least that Google has for each, never a
    basic one. They are asked for in projects of one's own too. Together they let the account change who may do what,
    its own rights among them: a person decides that, and not a program that this very account applies.
    """

    def answer() -> Iterator[Request]:
        for right in _rights(footprint.of_run(), env):
            place, member = (_quoted(value) for value in (right.place, account.member))
            yield {
                "grant": right.role,
                "member": account.member,
                "on": right.place,
                "project": right.project.id,
                "command": joined(f"{right.command} ", place, " --member=", member, f" --role={right.role}"),
            }

    ask_at_end(answer)


def _quoted(value: pulumi.Input[str]) -> pulumi.Input[str]:
    return shlex.quote(value) if isinstance(value, str) else pulumi.Output.concat(value).apply(shlex.quote)


def _rights(made: Iterable[Made], env: Environment) -> list[_Right]:
    """Return each right once, by project in the order in which the program came to it, then by role."""
    found: dict[tuple[str, str, str], _Right] = {}
    order: dict[str, int] = {}
    for one in made:
        order.setdefault(one.project.id, len(order))
        for right in _rights_for(one, env):
            place = right.place if isinstance(right.place, str) else ""
            found.setdefault((right.role, right.command, place), right)
    for role, included in tables.load(_TABLE)["includes"].items():
        for _, command, place in [key for key in found if key[0] == role]:
            for less in included:
                found.pop((less, command, place), None)
    return sorted(found.values(), key=lambda right: (order[right.project.id], right.role))


def _rights_for(one: Made, env: Environment) -> Iterator[_Right]:
    project = one.project
    if project.impersonate is not None:
        # What the account may not do itself it does as another, whose rights are somebody else's matter.
        command = f"gcloud iam service-accounts add-iam-policy-binding --project={project.id}"
        yield _Right(role=_IMPERSONATES, place=project.impersonate, command=command, project=project)
        return
    row = _row(one.kind)
    for role in tables.load(_TABLE)["everywhere"]:
        yield _on_project(role, project)
    if row.get("acts"):
        yield _on_project(_ACTS, project)
    for role in row["roles"]:
        yield _Right(role=role, project=project, **_place(row.get("at"), one, env))


def _on_project(role: str, project: Project) -> _Right:
    command = "gcloud projects add-iam-policy-binding --condition=None"
    return _Right(role=role, place=project.id, command=command, project=project)


def _place(at: str | None, one: Made, env: Environment) -> dict[str, Any]:
    if at == "organization":
        command = "gcloud organizations add-iam-policy-binding --condition=None"
        return {"place": env.organization or f"the organisation of {one.project.id}", "command": command}
    if at == "billing_account":
        return {
            "place": getattr(one.args, "billing_account"),  # noqa: B009 - of whichever type it is
            "command": "gcloud billing accounts add-iam-policy-binding",
        }
    if at == "access_policy":
        return {"place": _policy(one.args), "command": "gcloud access-context-manager policies add-iam-policy-binding"}
    return {"place": one.project.id, "command": "gcloud projects add-iam-policy-binding --condition=None"}


def _policy(args: object) -> pulumi.Input[str]:
    """Return the access policy, ``accessPolicies/…``, that a perimeter or a part of one is in."""
    for name in ("parent", "perimeter", "perimeter_name"):
        found: pulumi.Input[str] | None = getattr(args, name, None)
        if isinstance(found, str):
            return _first_two(found)
        if found is not None:
            return pulumi.Output.concat(found).apply(_first_two)
    raise TypeError(f"{type(args).__name__} names no access policy")


def _first_two(name: str) -> str:
    return "/".join(name.split("/")[:2])


def _row(kind: str) -> dict[str, Any]:
    """Return the row of a type: that whose begin is the longest."""
    rows: dict[str, dict[str, Any]] = tables.load(_TABLE)["types"]
    return rows[max((begin for begin in rows if kind.startswith(begin)), key=len)]
