"""The repository of compiled pipelines that an environment of pipelines makes for itself."""

from __future__ import annotations

import pulumi
import pulumi_gcp as gcp

from groundplan.core.component import Component
from groundplan.core.encryption import key_in
from groundplan.core.environment import Project
from groundplan.core.references import ExistingImageRepository, KeyRef, RepositoryFormat

_AGENT = "artifactregistry.googleapis.com"
_DAY_SECONDS = 86_400
_UNTAGGED_DAYS = 90
_KEPT_VERSIONS = 20


class TemplateRepository(ExistingImageRepository):
    """A repository of compiled pipelines that a construct made."""

    def __init__(self, owner: Component, made: gcp.artifactregistry.Repository, project: Project, region: str) -> None:
        """Take the construct that made it, the repository, and where it is."""
        super().__init__(
            label=f"{owner.label}-templates",
            project=project,
            repository_id=made.repository_id,
            location=region,
            format=RepositoryFormat.KFP,
        )
        self._owner = owner

    @property
    def owner(self) -> pulumi.Resource:
        """The construct that made it."""
        return self._owner


def make_templates(owner: Component, project: Project, region: str, key: KeyRef | None) -> TemplateRepository:
    """Make the repository in a project, encrypted with a key if there is one.

    A version that no tag names goes after 90 days, unless it is among the 20 newest of its package: whoever publishes
    what a schedule runs tags it.
    """
    granted = key.grant_agent(project, _AGENT).resources if key is not None else ()
    made = owner.make(
        "templates",
        gcp.artifactregistry.Repository,
        gcp.artifactregistry.RepositoryArgs(
            project=project.id,
            location=region,
            repository_id=owner.cloud_name("repository", "templates"),
            format=RepositoryFormat.KFP.value,
            mode="STANDARD_REPOSITORY",
            description=f"Compiled pipelines of {owner.label}",
            kms_key_name=key_in(key, region, owner.where) if key is not None else None,
            cleanup_policy_dry_run=False,
            cleanup_policies=[
                gcp.artifactregistry.RepositoryCleanupPolicyArgs(
                    id="delete-untagged",
                    action="DELETE",
                    condition=gcp.artifactregistry.RepositoryCleanupPolicyConditionArgs(
                        tag_state="UNTAGGED", older_than=f"{_UNTAGGED_DAYS * _DAY_SECONDS}s"
                    ),
                ),
                gcp.artifactregistry.RepositoryCleanupPolicyArgs(
                    id="keep-newest",
                    action="KEEP",
                    most_recent_versions=gcp.artifactregistry.RepositoryCleanupPolicyMostRecentVersionsArgs(
                        keep_count=_KEPT_VERSIONS
                    ),
                ),
            ],
            labels=owner.labels(),
        ),
        project=project,
        depends_on=granted,
    )
    return TemplateRepository(owner, made, project, region)
