"""Delivery: repositories of images and packages, and the pool that builds run in."""

from __future__ import annotations

import groundplan as gp
from blueprint.context import Context
from blueprint.settings.delivery import BuildPoolSettings
from blueprint.stages import lookup

FORMATS = {"docker": gp.RepositoryFormat.DOCKER, "python": gp.RepositoryFormat.PYTHON, "kfp": gp.RepositoryFormat.KFP}


def build(context: Context) -> None:
    """Build what builds use and what they make."""
    for name, settings in context.settings.repositories.items():
        repository = context.keep(f"repository-{name}", gp.ImageRepository(name, repository_args(context, name)))
        for reader in settings.readers:
            repository.grant_read(lookup.account(context, reader))
        for writer in settings.writers:
            repository.grant_write(lookup.account(context, writer))
    pool = context.settings.build_pool
    if pool is not None:
        made = context.keep("build-pool", gp.BuildPool("builds", pool_args(context, pool)))
        for user in pool.users:
            made.grant_use(lookup.account(context, user))


def pool_args(context: Context, settings: BuildPoolSettings) -> gp.BuildPoolArgs:
    """Return the arguments of the workers for builds."""
    return gp.BuildPoolArgs(env=context.env, attachment=lookup.attachment(context), machine_type=settings.machine_type)


def repository_args(context: Context, name: str) -> gp.ImageRepositoryArgs:
    """Return the arguments of a repository."""
    settings = context.settings.repositories[name]
    return gp.ImageRepositoryArgs(
        env=context.env,
        format=FORMATS[settings.format],
        mode=gp.Remote() if settings.remote else gp.Hosted(),
        purpose=settings.purpose,
        keys=lookup.keys(context),
    )
