"""A notebook for each member of a team, from a table of people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import pulumi

from groundplan.core import names
from groundplan.core.component import Component
from groundplan.core.data_class import DataClass
from groundplan.core.grants import Grant
from groundplan.core.overrides import Overrides
from groundplan.core.references import AccountRef
from groundplan.core.validation import Checks
from groundplan.workbench.arguments import NotebookArgs
from groundplan.workbench.operator_role import make_operator_role
from groundplan.workbench.workbench import Workbench, WorkbenchArgs


@dataclass(frozen=True, kw_only=True)
class Member:
    """One row of the table: a person, and in what that person's notebook differs from the fleet's."""

    owner: str
    """The person, such as ``user:alice@acme.test``."""
    notebook: str | None = None
    """The notebook's name inside the fleet; by default the address before the @, as ``alice-lee`` of alice.lee@…."""
    leaving: bool = False
    """Whether the person has left: access ends and the machine stops at the next run, the disks stay. Take the row out
    once what is on them was handed over; the notebook then goes, protected or not."""
    account: AccountRef | None = None
    """The service account that the notebook acts as; by default one of its own."""
    data_class: DataClass | None = None
    """How sensitive the data on the disks is, where it differs."""
    zone: str | None = None
    """Zone of the machine, where it differs."""
    machine_type: str | None = None
    """Machine type, where it differs; the fleet's accelerator is then not taken over."""
    accelerator: str | None = None
    """GPU type, where it differs."""
    accelerator_count: int | None = None
    """GPUs, where their number differs."""
    boot_disk_gb: int | None = None
    """Size of the boot disk in GB, where it differs."""
    data_disk_gb: int | None = None
    """Size of the data disk in GB, where it differs."""

    @property
    def name(self) -> str:
        """The notebook's name inside the fleet."""
        if self.notebook is not None:
            return self.notebook
        local = str(self.owner).removeprefix("user:").partition("@")[0].lower()
        return re.sub(r"[^a-z0-9]+", "-", local).strip("-")

    def differences(self) -> dict[str, object]:
        """Return the arguments of the notebook that differ from the fleet's."""
        own = {"owner", "notebook", "leaving"}
        given = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in own}
        found = {name: value for name, value in given.items() if value is not None}
        if "machine_type" in found:
            found.setdefault("accelerator", None)
        return found


@dataclass(frozen=True, kw_only=True)
class WorkbenchFleetArgs(NotebookArgs):
    """What a ``WorkbenchFleet`` takes: what the notebooks have in common, and the people.

    ``overrides`` name a child of one notebook, as in ``alice.instance``.
    """

    members: tuple[Member, ...]
    """The table of people, one notebook a row."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields, the people among them."""
        super().validate(checks)
        checks.that(
            self.members,
            "members",
            "names nobody",
            given="nothing",
            allowed="at least one Member",
            do="name the members, or leave the fleet out",
        )
        members = [m for i, m in enumerate(self.members) if checks.instance(f"members[{i}]", m, Member, "a Member")]
        shared = tuple(checks.problems)
        for index, member in enumerate(members):
            checks.matches(
                f"members[{index}].notebook",
                member.name,
                names.LOGICAL_NAME,
                "lower-case words joined by hyphens, first a letter",
                "give the member a notebook name, as in notebook='alice'",
            )
            own = Checks(checks.where)
            self.notebook_args(member).validate(own)
            # What is wrong with the whole fleet is told once.
            checks.problems += [
                replace(p, field=f"members[{index}].{p.field}") for p in own.problems if p not in shared
            ]
        self._check_names(checks, members)
        checks.unique("members", (str(member.owner).lower() for member in members), "person")

    def _check_names(self, checks: Checks, members: list[Member]) -> None:
        owners: dict[str, list[str]] = {}
        for member in members:
            owners.setdefault(member.name, []).append(str(member.owner))
        for name, people in owners.items():
            checks.that(
                len(set(people)) == 1,
                "members",
                f"give two people one notebook name, {name}",
                given=", ".join(people),
                allowed="a notebook name of its own for each",
                do="give all but one another name, as in notebook='alice-research'",
            )

    def notebook_args(self, member: Member, operator_role: str | None = None) -> WorkbenchArgs:
        """Return the arguments of a member's notebook; ``operator_role`` is the one that the fleet made."""
        own = {"members", "overrides", "operator_role"}
        common = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in own}
        given: dict[str, object] = {**common, **member.differences()}
        return WorkbenchArgs(
            **given,  # type: ignore[arg-type] # the fields of the same classes, read above
            owner=member.owner,
            suspended=member.leaving,
            operator_role=self.operator_role or operator_role,
            overrides=self._overrides_of(member),
        )

    def _overrides_of(self, member: Member) -> Overrides:
        found: dict[str, Mapping[str, object]] = {}
        for role, changes in self.overrides.items():
            notebook, _, child = role.partition(".")
            if notebook == member.name:
                found[child] = changes
        return found


class WorkbenchFleet(Component):
    """A ``Workbench`` for each member, ``<fleet>-<notebook>``, alike but for what a row says.

    Children: the notebooks, and ``operator-role``, which they share, where none is given. A row that is added makes a
    notebook and touches no other. Somebody who leaves is marked as ``leaving`` first, and taken out of the table later.
    """

    kind = "groundplan:workbench:WorkbenchFleet"
    objectives = ("2.2.a", "2.2.b", "6.1.a")

    def __init__(self, name: str, args: WorkbenchFleetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the notebooks; wrong arguments raise ``ArgumentError``, those of all members in one."""
        super().__init__(name, args, opts)
        self.args = args
        role, made = (None, None) if args.operator_role else make_operator_role(self)
        self.notebooks: dict[str, Workbench] = {
            member.name: Workbench(
                f"{name}-{member.name}",
                args.notebook_args(member, role),
                pulumi.ResourceOptions(parent=self, depends_on=made),
            )
            for member in args.members
        }
        self._roles |= {role for role in args.overrides if role.partition(".")[0] in self.notebooks}
        self.finish(
            {
                "proxyUris": {name: notebook.instance.proxy_uri for name, notebook in self.notebooks.items()},
                "owners": {member.name: member.owner for member in args.members},
                "leaving": sorted(member.name for member in args.members if member.leaving),
            }
        )

    def grant_operate(self, principal: object) -> tuple[Grant, ...]:
        """Let a principal start, stop and reset every notebook of the fleet, without opening any."""
        return tuple(notebook.grant_operate(principal) for notebook in self.notebooks.values())

    def grant_view(self, principal: object) -> tuple[Grant, ...]:
        """Let a principal see the settings and state of every notebook of the fleet, without opening any."""
        return tuple(notebook.grant_view(principal) for notebook in self.notebooks.values())
