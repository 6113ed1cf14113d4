"""What all references share."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from typing import Any

import pulumi

from groundplan.core.environment import Project
from groundplan.core.grants import Target

Exported = Mapping[str, Any]
"""A reference as another stack reads it: plain values, JSON."""


class Reference(abc.ABC):
    """Something that constructs consume, made by another construct or there before."""

    label: str
    """Short name, used in the names of grants."""
    project: Project
    """The project that the thing is in; its ``managed`` says whether grants on the thing are ours to make."""

    @abc.abstractmethod
    def exported(self) -> dict[str, Any]:
        """Return the reference as another stack reads it; ``imported`` of the same class is the way back."""

    @property
    def owner(self) -> pulumi.Resource | None:
        """The construct that made the thing, or None where it was there before."""
        return self if isinstance(self, pulumi.Resource) else None

    @property
    def site(self) -> str:
        """The reference as an error message names it."""
        return f'{type(self).__name__} "{self.label}"'

    def target(self, command: str, place: pulumi.Input[str]) -> Target:
        """Return the reference as what a grant is made on."""
        return Target(
            label=self.label, project=self.project, parent=self.owner, command=command, place=place, holder=self
        )


def joined(*parts: pulumi.Input[str]) -> pulumi.Input[str]:
    """Return the parts as one text: a string where all are known, so that two references can be compared."""
    known = [part for part in parts if isinstance(part, str)]
    return "".join(known) if len(known) == len(parts) else pulumi.Output.concat(*parts)


def export_project(project: Project) -> dict[str, Any]:
    """Return a project as another stack reads it."""
    return {
        "id": project.id,
        "number": project.number,
        "quota_project": project.quota_project,
        "impersonate": project.impersonate,
        "managed": project.managed,
        "ml_jobs_role": project.ml_jobs_role,
    }


def import_project(exported: Exported) -> Project:
    """Return the project that another stack exported."""
    return Project(**exported)
