"""References to access policies and service perimeters, which belong to the organisation."""

from __future__ import annotations

from typing import Any

import pulumi

from groundplan.core.environment import Project
from groundplan.core.references.base import Exported, Reference, export_project, import_project
from groundplan.core.validation import Checks


class AccessPolicyRef(Reference):
    """An access policy of Access Context Manager: what perimeters and access levels are in. Never made here."""

    policy_id: str
    """``accessPolicies/<number>``."""

    def exported(self) -> dict[str, Any]:
        """Return the policy as another stack reads it."""
        return {"label": self.label, "project": export_project(self.project), "policy_id": self.policy_id}

    @staticmethod
    def imported(exported: Exported) -> AccessPolicyRef:
        """Return the policy that another stack exported."""
        return ExistingAccessPolicy(policy_id=exported["policy_id"], project=import_project(exported["project"]))

    @staticmethod
    def from_existing(policy_id: str, *, project: Project) -> AccessPolicyRef:
        """Return the policy that the organisation, or one of its folders, has.

        ``project`` is the one that calls about the policy are made through; its ``managed`` says whether the policy
        is ours to change, which needs the role Access Context Manager Editor on it.
        """
        checks = Checks("AccessPolicyRef.from_existing")
        checks.matches(
            "policy_id",
            policy_id,
            r"accessPolicies/[0-9]+",
            "accessPolicies/ and a number",
            "find it with `gcloud access-context-manager policies list --organization=…`",
        )
        checks.finish()
        return ExistingAccessPolicy(policy_id=policy_id, project=project)


class ExistingAccessPolicy(AccessPolicyRef):
    """The access policy that was there before."""

    def __init__(self, *, policy_id: str, project: Project) -> None:
        """Take the policy's name and the project that calls are made through."""
        self.label = f"access-policy-{policy_id.rsplit('/', 1)[-1]}"
        self.project = project
        self.policy_id = policy_id


class PerimeterRef(Reference):
    """A service perimeter."""

    perimeter_id: pulumi.Input[str]
    """``accessPolicies/…/servicePerimeters/…``."""

    def exported(self) -> dict[str, Any]:
        """Return the perimeter as another stack reads it."""
        return {"label": self.label, "project": export_project(self.project), "perimeter_id": self.perimeter_id}

    @staticmethod
    def imported(exported: Exported) -> PerimeterRef:
        """Return the perimeter that another stack exported."""
        return ExistingPerimeter(**{**exported, "project": import_project(exported["project"])})


class ExistingPerimeter(PerimeterRef):
    """A perimeter that was there before."""

    def __init__(self, *, label: str, project: Project, perimeter_id: pulumi.Input[str]) -> None:
        """Take the attributes of ``PerimeterRef``."""
        self.label = label
        self.project = project
        self.perimeter_id = perimeter_id
