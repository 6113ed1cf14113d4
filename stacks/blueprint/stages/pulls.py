"""Pulls: whoever runs an image or installs a package may read the repository that it comes from, and no other."""

from __future__ import annotations

from collections.abc import Iterable

import groundplan as gp
from blueprint.context import Context
from blueprint.stages import lookup


def let_pull(context: Context, names: Iterable[str], *accounts: gp.AccountRef) -> None:
    """Let accounts pull from the repositories of these names."""
    for name in names:
        for account in accounts:
            lookup.repository(context, name).grant_read(account)


def let_jobs_pull(context: Context, names: Iterable[str], account: gp.AccountRef) -> None:
    """Let an account's jobs, pipelines or models be started from images, which Google pulls as agents of its own."""
    for name in names:
        repository = lookup.repository(context, name)
        repository.grant_read(account)
        if repository.format is gp.RepositoryFormat.DOCKER:
            repository.grant_read_to_jobs(context.env.projects.workload)
