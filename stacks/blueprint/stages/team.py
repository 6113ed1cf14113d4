"""Stage team: what one product team has for itself: notebooks, training, pipelines, serving, delivery."""

from __future__ import annotations

import groundplan as gp
from blueprint.context import Context
from blueprint.stages import lookup, release, serving, training


def build(context: Context) -> None:
    """Build what one product team has for itself."""
    _notebooks(context)
    training.build(context)
    serving.build(context)
    release.build(context)


def _notebooks(context: Context) -> None:
    env, settings = context.env, context.settings
    for name, notebook in settings.notebooks.items():
        args = gp.WorkbenchArgs(
            env=env,
            network=lookup.network(context),
            keys=lookup.keys(context),
            owner=notebook.owner,
            data_class=gp.DataClass(notebook.data_class),
            zone=notebook.zone,
            machine_type=notebook.machine_type,
            accelerator=notebook.accelerator,
            accelerator_count=notebook.accelerator_count,
            data_disk_gb=notebook.data_disk_gb,
        )
        _let_read(context, notebook.reads, [gp.Workbench(name, args)])
    if settings.fleet is not None:
        members = tuple(
            gp.Member(
                owner=member.owner,
                notebook=name,
                leaving=member.leaving,
                machine_type=member.machine_type,
                accelerator=member.accelerator,
            )
            for name, member in settings.fleet.members.items()
        )
        fleet = gp.WorkbenchFleetArgs(
            env=env,
            network=lookup.network(context),
            keys=lookup.keys(context),
            data_class=gp.DataClass(settings.fleet.data_class),
            members=members,
        )
        made = gp.WorkbenchFleet("notebooks", fleet)
        _let_read(context, settings.fleet.reads, list(made.notebooks.values()))
    for name, colab in settings.colab.items():
        template = gp.ColabRuntimeArgs(
            env=env,
            network=lookup.network(context),
            keys=lookup.keys(context),
            end_user_credentials=colab.end_user_credentials,
            users=tuple(colab.users),
            data_class=gp.DataClass(colab.data_class),
            machine_type=colab.machine_type,
            accelerator=colab.accelerator,
        )
        gp.ColabRuntime(name, template)


def _let_read(context: Context, names: list[str], notebooks: list[gp.Workbench]) -> None:
    """Let the accounts of notebooks read warehouses and buckets."""
    for name in names:
        source = lookup.dataset(context, name) if context.has(f"dataset-{name}") else lookup.bucket(context, name)
        for notebook in notebooks:
            source.grant_read(notebook.account)
