"""The blueprint as a Pulumi program: reads the stack's settings and builds the stages that they name."""

from blueprint.run import run

run()
