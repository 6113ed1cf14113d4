"""`groundplan version`."""

import json
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from typing import Annotated

import typer

PACKAGES = ("groundplan-cli", "groundplan", "groundplan-policies", "groundplan-mockcloud", "pulumi", "pulumi-gcp")


def installed(package: str) -> str:
    """Give the version of an installed package, "" if it is not installed. The package is not imported."""
    try:
        return installed_version(package)
    except PackageNotFoundError:
        return ""


def version(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the versions of all packages as JSON.")] = False,
) -> None:
    """Say which version this is."""
    if as_json:
        typer.echo(json.dumps({package: installed(package) or None for package in PACKAGES}, indent=2))
        return
    typer.echo(f"groundplan {installed('groundplan-cli')}")
