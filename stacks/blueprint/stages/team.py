"""Stage team: what one product team has for itself: notebooks, training, pipelines, serving, delivery."""

from __future__ import annotations

import groundplan as gp
from blueprint.context import Context
from blueprint.settings.notebooks import FLEET, FleetSettings
from blueprint.stages import lookup, monitoring, pulls, release, serving, training


def build(context: Context) -> None:
    """Build what one product team has for itself."""
    _notebooks(context)
    training.build(context)
    serving.build(context)
    monitoring.build(context)
    release.build(context)


def _notebooks(context: Context) -> None:
    settings = context.settings
    for name, notebook in settings.notebooks.items():
        single = gp.Workbench(name, notebook_args(context, name))
        _let_read(context, notebook.reads, [single])
        pulls.let_pull(context, notebook.pulls, single.account)
    if settings.fleet is not None:
        made = gp.WorkbenchFleet(FLEET, fleet_args(context, settings.fleet))
        notebooks = list(made.notebooks.values())
        _let_read(context, settings.fleet.reads, notebooks)
        pulls.let_pull(context, settings.fleet.pulls, *(notebook.account for notebook in notebooks))
    for name in settings.colab:
        gp.ColabRuntime(name, colab_args(context, name))


def notebook_args(context: Context, name: str) -> gp.WorkbenchArgs:
    """Return the arguments of one person's notebook."""
    settings = context.settings.notebooks[name]
    return gp.WorkbenchArgs(
        env=context.env,
        network=lookup.network(context),
        keys=lookup.keys(context),
        owner=settings.owner,
        data_class=gp.DataClass(settings.data_class),
        zone=settings.zone,
        machine_type=settings.machine_type,
        accelerator=settings.accelerator,
        accelerator_count=settings.accelerator_count,
        data_disk_gb=settings.data_disk_gb,
    )


def fleet_args(context: Context, settings: FleetSettings) -> gp.WorkbenchFleetArgs:
    """Return the arguments of a team's notebooks."""
    members = tuple(
        gp.Member(
            owner=member.owner,
            notebook=name,
            leaving=member.leaving,
            machine_type=member.machine_type,
            accelerator=member.accelerator,
        )
        for name, member in settings.members.items()
    )
    return gp.WorkbenchFleetArgs(
        env=context.env,
        network=lookup.network(context),
        keys=lookup.keys(context),
        data_class=gp.DataClass(settings.data_class),
        members=members,
    )


def colab_args(context: Context, name: str) -> gp.ColabRuntimeArgs:
    """Return the arguments of a template for runtimes."""
    settings = context.settings.colab[name]
    return gp.ColabRuntimeArgs(
        env=context.env,
        network=lookup.network(context),
        keys=lookup.keys(context),
        end_user_credentials=settings.end_user_credentials,
        users=tuple(settings.users),
        data_class=gp.DataClass(settings.data_class),
        machine_type=settings.machine_type,
        accelerator=settings.accelerator,
    )


def _let_read(context: Context, names: list[str], notebooks: list[gp.Workbench]) -> None:
    """Let the accounts of notebooks read warehouses and buckets."""
    for name in names:
        source = lookup.dataset(context, name) if context.has(f"dataset-{name}") else lookup.bucket(context, name)
        for notebook in notebooks:
            source.grant_read(notebook.account)
