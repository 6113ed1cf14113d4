"""References to log archives."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_gcp as gcp

from groundplan.core.environment import Project
from groundplan.core.grants import Grant, Target, grant
from groundplan.core.principals import identity_of
from groundplan.core.references.base import Exported, Reference, export_project, import_project

_READER_ROLE = "roles/logging.viewAccessor"
WRITER_ROLE = "roles/logging.bucketWriter"
ALL_LOGS = "_AllLogs"
"""The view of everything that every log bucket has."""


class LogArchiveRef(Reference):
    """A log bucket that keeps what other projects log."""

    log_bucket_id: str
    """``projects/…/locations/…/buckets/…``."""
    view: pulumi.Input[str] = ALL_LOGS
    """Name of the view through which the archive is read."""
    made: tuple[pulumi.Resource, ...] = ()
    """What must exist before anything is written to the archive."""

    def grant_read(self, principal: object) -> Grant:
        """Let a principal read the archive through its view, and no other log of the project."""
        identity = identity_of(principal, self.site)
        _, project, _, location, _, bucket = self.log_bucket_id.split("/")
        args = gcp.logging.LogViewIamMemberArgs(
            parent=f"projects/{project}",
            location=location,
            bucket=bucket,
            name=self.view,
            role=_READER_ROLE,
            member=identity.member,
        )
        command = (
            f"gcloud logging views add-iam-policy-binding --project={project} --location={location} --bucket={bucket}"
        )
        return grant(self.target(command, self.view), _READER_ROLE, identity, gcp.logging.LogViewIamMember, args)

    def grant_write(self, principal: object) -> Grant:
        """Let the writer of a sink add entries to this bucket.

        A log bucket has no IAM of its own, so that the role is given on its project under a condition that names the
        bucket; the grant's ``scope`` is ``project``. Source: "Route logs to supported destinations", Cloud Logging
        documentation.
        """
        identity = identity_of(principal, self.site)
        condition = f"resource.name.endsWith('{self.log_bucket_id}')"
        args = gcp.projects.IAMMemberArgs(
            project=self.project.id,
            role=WRITER_ROLE,
            member=identity.member,
            condition=gcp.projects.IAMMemberConditionArgs(
                title=f"log bucket {self.log_bucket_id.rsplit('/', 1)[-1]}", expression=condition
            ),
        )
        target = Target(
            label=self.label,
            project=self.project,
            parent=self.owner,
            command="gcloud projects add-iam-policy-binding",
            place=self.project.id,
            scope="project",
            form="{command} {place} --member={member} --role={role} "
            f'--condition="title=log-bucket,expression={condition}"',
        )
        after = identity.after(*self.made)
        return grant(target, WRITER_ROLE, after, gcp.projects.IAMMember, args)

    def exported(self) -> dict[str, Any]:
        """Return the archive as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "log_bucket_id": self.log_bucket_id,
            "view": self.view,
        }

    @staticmethod
    def imported(exported: Exported) -> LogArchiveRef:
        """Return the archive that another stack exported."""
        return ExistingLogArchive(**{**exported, "project": import_project(exported["project"])})


class ExistingLogArchive(LogArchiveRef):
    """A log archive that was there before."""

    def __init__(self, *, label: str, project: Project, log_bucket_id: str, view: pulumi.Input[str] = ALL_LOGS) -> None:
        """Take the attributes of ``LogArchiveRef``."""
        self.label = label
        self.project = project
        self.log_bucket_id = log_bucket_id
        self.view = view
