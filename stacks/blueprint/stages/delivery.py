"""Delivery: repositories of images and packages, and the pool that builds run in."""

from __future__ import annotations

import groundplan as gp
from blueprint.context import Context
from blueprint.settings.delivery import RepositorySettings
from blueprint.stages import lookup

_FORMATS = {"docker": gp.RepositoryFormat.DOCKER, "python": gp.RepositoryFormat.PYTHON, "kfp": gp.RepositoryFormat.KFP}


def build(context: Context) -> None:
    """Build what builds use and what they make."""
    for name, settings in context.settings.repositories.items():
        _repository(context, name, settings)
    pool = context.settings.build_pool
    if pool is not None:
        args = gp.BuildPoolArgs(env=context.env, attachment=lookup.attachment(context), machine_type=pool.machine_type)
        made = context.keep("build-pool", gp.BuildPool("builds", args))
        for user in pool.users:
            made.grant_use(lookup.account(context, user))


def _repository(context: Context, name: str, settings: RepositorySettings) -> None:
    args = gp.ImageRepositoryArgs(
        env=context.env,
        format=_FORMATS[settings.format],
        mode=gp.Remote() if settings.remote else gp.Hosted(),
        purpose=settings.purpose,
        keys=lookup.keys(context),
    )
    repository = context.keep(f"repository-{name}", gp.ImageRepository(name, args))
    for reader in settings.readers:
        repository.grant_read(lookup.account(context, reader))
    for writer in settings.writers:
        repository.grant_write(lookup.account(context, writer))
