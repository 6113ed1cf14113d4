"""Stage team: notebooks."""

from __future__ import annotations

import groundplan as gp
from blueprint.context import Context
from blueprint.stages import lookup


def build(context: Context) -> None:
    """Build what one product team has for itself."""
    for name, settings in context.settings.notebooks.items():
        args = gp.WorkbenchArgs(
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
        gp.Workbench(name, args)
