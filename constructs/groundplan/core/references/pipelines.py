"""References to what pipelines run in."""

from __future__ import annotations

from typing import Any

import pulumi

from groundplan.core.data_class import DataClass
from groundplan.core.environment import Project
from groundplan.core.grants import Grant
from groundplan.core.project_grants import grant_on_project
from groundplan.core.references.base import Exported, Reference, export_project, import_project, joined
from groundplan.core.references.delivery import ImageRepositoryRef
from groundplan.core.references.identities import AccountRef
from groundplan.core.references.storage import BucketRef


class PipelineEnvironmentRef(Reference):
    """What a pipeline runs in: a root for its artifacts, an account, a repository of compiled pipelines."""

    region: str
    """Region that pipelines run in."""
    data_class: DataClass
    """How sensitive what they work on is."""
    root: BucketRef
    """Bucket that artifacts go to."""
    root_path: str
    """Path inside the bucket, without slashes at its ends."""
    account: AccountRef
    """The service account that pipelines act as."""
    templates: ImageRepositoryRef
    """Repository of compiled pipelines."""
    training_urn: pulumi.Input[str] | None
    """Its name in the program that makes it, by which rules find it; None where no program is known to."""

    @property
    def root_uri(self) -> pulumi.Input[str]:
        """Where artifacts go, ``gs://bucket/path``."""
        return joined("gs://", self.root.bucket_name, f"/{self.root_path}")

    def grant_publish(self, principal: object) -> Grant:
        """Let a principal publish compiled pipelines, for others to run; for builders."""
        return self.templates.grant_write(principal)

    def grant_run(self, principal: object) -> tuple[Grant, ...]:
        """Let a principal read compiled pipelines and run them as the account, so with all that the account may do.

        Google has no role for running pipelines alone: that grant is made in the project (``scope`` ``project``) and
        lets the principal use its models, endpoints, datasets and features too, unless the project has a role of its
        own for jobs (``Project.ml_jobs_role``).
        """
        return (
            self.account.grant_act_as(principal),
            grant_on_project(principal, self.project, self.project.runs_ml_jobs, self.site),
            self.templates.grant_read(principal),
        )

    def exported(self) -> dict[str, Any]:
        """Return the environment of pipelines as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "region": self.region,
            "data_class": self.data_class.value,
            "root": self.root.exported(),
            "root_path": self.root_path,
            "account": self.account.exported(),
            "templates": self.templates.exported(),
            "training_urn": self.training_urn,
        }

    @staticmethod
    def imported(exported: Exported) -> PipelineEnvironmentRef:
        """Return the environment of pipelines that another stack exported."""
        return ExistingPipelineEnvironment(
            **{
                **exported,
                "project": import_project(exported["project"]),
                "data_class": DataClass(exported["data_class"]),
                "root": BucketRef.imported(exported["root"]),
                "account": AccountRef.imported(exported["account"]),
                "templates": ImageRepositoryRef.imported(exported["templates"]),
            }
        )


class ExistingPipelineEnvironment(PipelineEnvironmentRef):
    """An environment of pipelines that was there before."""

    def __init__(  # noqa: PLR0913 - one keyword an attribute
        self,
        *,
        label: str,
        project: Project,
        region: str,
        data_class: DataClass,
        root: BucketRef,
        root_path: str,
        account: AccountRef,
        templates: ImageRepositoryRef,
        training_urn: pulumi.Input[str] | None = None,
    ) -> None:
        """Take the attributes of ``PipelineEnvironmentRef``."""
        self.label = label
        self.project = project
        self.region = region
        self.data_class = data_class
        self.root = root
        self.root_path = root_path
        self.account = account
        self.templates = templates
        self.training_urn = training_urn
