"""The program: settings, environment, stages, outputs."""

from __future__ import annotations

import pulumi

import groundplan as gp
from blueprint.context import Context
from blueprint.settings import Settings, Stage
from blueprint.stages import foundation, organisation, platform, team

_BUILDERS = {
    Stage.ORGANISATION: organisation.build,
    Stage.FOUNDATION: foundation.build,
    Stage.PLATFORM: platform.build,
    Stage.TEAM: team.build,
}


def run() -> None:
    """Build the stages that the stack's settings name, in their order, and export what later stacks need."""
    settings = Settings.load()
    earlier = [gp.Exports.read(stack) for stack in settings.reads]
    env = settings.environment(earlier)
    if settings.reads:
        settings.rehearse(env, earlier)
    context = Context(settings, env, earlier)
    for stage, build in _BUILDERS.items():
        if stage in settings.stages:
            build(context)
    if Stage.ORGANISATION in settings.stages:
        organisation.enclose(context)
    gp.publish(env, context.made())
    pulumi.export("requests", gp.requests())
