"""`groundplan pipeline`: what settings have to know of a compiled pipeline."""

from pathlib import Path
from typing import Annotated

import typer

from groundplan_cli.commands.options import DebugOption, SettingsOption

pipeline = typer.Typer(
    help="Look at compiled pipelines. `groundplan check FILE` checks one.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@pipeline.command()
def components(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE|-",
            help="A compiled pipeline as YAML or JSON, or a deployment document whose schedules hold some, such as "
            "groundplan preview STACK --json prints.",
            allow_dash=True,
        ),
    ],
    *,
    image: Annotated[
        str | None,
        typer.Option(
            "--image",
            metavar="IMAGE",
            help="The image that a stack's schedule puts into every task: it is a part of the digests.",
            show_default=False,
        ),
    ] = None,
    settings: SettingsOption = None,
    debug: DebugOption = False,
) -> None:
    """Print the digest of each component, as an entry of the settings that waits for a role.

    What a component is for nobody can tell from its name: read its program and its image, and write the role. With
    --settings, the roles that the file gives already are filled in.
    """
    from groundplan_cli.guardrails.components import component_lines

    del debug  # its callback has remembered it
    for line in component_lines(file, image, settings):
        typer.echo(line)
