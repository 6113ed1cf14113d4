"""Asks Pulumi's engine for a stack's state, and what a refresh would find."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pulumi.automation import CommandError

from groundplan_cli.drift.labels import Labels, recorded
from groundplan_cli.engine.command import Command
from groundplan_cli.engine.faults import Story, explain
from groundplan_cli.engine.place import Place
from groundplan_cli.engine.steps import read_preview
from groundplan_cli.run import Request
from groundplan_policies.engine import Value


@dataclass(frozen=True)
class Refresh:
    """What the engine knows, and what it found.

    Attributes:
        state: What `pulumi stack export` prints.
        found: What `pulumi refresh --preview-only --json` prints.
        labels: All labels that the engine recorded, by URN and property: in the state they are secrets.
    """

    state: Mapping[str, Value]
    found: Mapping[str, Value]
    labels: Mapping[str, Mapping[str, Labels]]


def preview_refresh(request: Request, place: Place) -> Refresh:
    """Compare a stack with the cloud, and change neither. The program does not run.

    Raises:
        Error: There is no engine, no such stack, or the cloud refuses.
    """
    command = Command()
    directory = str(request.project.root)
    settings = ["--config-file", str(place.config_file)] if place.config_file else []
    try:
        arguments = ["refresh", "--preview-only", "--json", "--stack", request.stack, *settings]
        found = command.run(arguments, directory, place.environment).stdout
        export = ["stack", "export", "--stack", request.stack]
        state = command.run(export, directory, place.environment).stdout
        # Of what is decrypted nothing but labels is kept, which the provider calls secret and nobody else does.
        shown = command.run([*export, "--show-secrets"], directory, place.environment).stdout
    except CommandError as error:
        raise explain(error, Story(request), mock=place.mock) from error
    return Refresh(json.loads(state), read_preview(found), recorded(json.loads(shown)))
