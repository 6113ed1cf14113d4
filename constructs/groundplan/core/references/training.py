"""References to training pools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from groundplan.core.environment import Project
from groundplan.core.grants import Grant
from groundplan.core.project_grants import grant_on_project
from groundplan.core.references.base import Exported, Reference, export_project, import_project
from groundplan.core.references.identities import AccountRef


class TrainingPoolRef(Reference):
    """Where training jobs run, and what each takes over unchanged."""

    region: str
    """Region that jobs run in."""
    account: AccountRef
    """The service account that jobs act as."""
    custom_job: Mapping[str, Any]
    """The defaults of a job in the form of Vertex AI's ``CustomJob``, in the API's names."""
    training_urn: pulumi.Input[str] | None
    """The pool's name in the program that makes it, by which rules find it; None where no program is known to."""

    def grant_submit(self, principal: object) -> Grant:
        """Let a principal run jobs as the pool's account.

        Google has no IAM on jobs to come, and no role for running jobs alone: the grant is made in the project
        (``scope`` ``project``) and lets the principal use its models, endpoints, datasets and features too, unless the
        project has a role of its own for jobs (``Project.ml_jobs_role``). What the jobs read and write is a matter of
        the account.
        """
        self.account.grant_act_as(principal)
        return grant_on_project(principal, self.project, self.project.runs_ml_jobs, self.site)

    def exported(self) -> dict[str, Any]:
        """Return the pool as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "region": self.region,
            "account": self.account.exported(),
            "custom_job": dict(self.custom_job),
            "training_urn": self.training_urn,
        }

    @staticmethod
    def imported(exported: Exported) -> TrainingPoolRef:
        """Return the pool that another stack exported."""
        return ExistingTrainingPool(
            **{
                **exported,
                "project": import_project(exported["project"]),
                "account": AccountRef.imported(exported["account"]),
                "custom_job": _whole(exported["custom_job"]),
            }
        )


def _whole(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return JSON with whole numbers as such: they come back from an engine as floats, which Vertex AI refuses."""
    if isinstance(value, Mapping):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


class ExistingTrainingPool(TrainingPoolRef):
    """A training pool that was there before."""

    def __init__(
        self,
        *,
        label: str,
        project: Project,
        region: str,
        account: AccountRef,
        custom_job: Mapping[str, Any],
        training_urn: pulumi.Input[str] | None = None,
    ) -> None:
        """Take the attributes of ``TrainingPoolRef``."""
        self.label = label
        self.project = project
        self.region = region
        self.account = account
        self.custom_job = dict(custom_job)
        self.training_urn = training_urn
