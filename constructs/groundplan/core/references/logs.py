"""References to log archives and to notification topics."""

from __future__ import annotations

from typing import Any

import pulumi

from groundplan.core.environment import Project
from groundplan.core.references.base import Exported, Reference, export_project, import_project


class LogArchiveRef(Reference):
    """A log bucket that keeps what other projects log."""

    log_bucket_id: pulumi.Input[str]
    """``projects/…/locations/…/buckets/…``."""

    def exported(self) -> dict[str, Any]:
        """Return the archive as another stack reads it."""
        return {"label": self.label, "project": export_project(self.project), "log_bucket_id": self.log_bucket_id}

    @staticmethod
    def imported(exported: Exported) -> LogArchiveRef:
        """Return the archive that another stack exported."""
        return ExistingLogArchive(**{**exported, "project": import_project(exported["project"])})


class ExistingLogArchive(LogArchiveRef):
    """A log archive that was there before."""

    def __init__(self, *, label: str, project: Project, log_bucket_id: pulumi.Input[str]) -> None:
        """Take the attributes of ``LogArchiveRef``."""
        self.label = label
        self.project = project
        self.log_bucket_id = log_bucket_id
