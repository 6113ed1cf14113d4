"""Finds the Pulumi project, and the stack if only one can be meant."""

from pathlib import Path

from groundplan_cli.errors import Error
from mockcloud import Project, read_project

PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml")


def find_project(directory: Path | None) -> Project:
    """Find the project in a directory, or the nearest from the current one upwards.

    Raises:
        mockcloud.Error: There is none, it cannot be understood, or its program is not in Python.
    """
    start = Path.cwd() if directory is None else directory
    found = nearest_project(start) if directory is None else start
    if found is None:
        raise Error(
            "There is no Pulumi project here",
            given=f"{start}, which, as the directories above it, has no Pulumi.yaml",
            allowed="a directory with a Pulumi.yaml, or one below it",
            remedy="go to the project's directory, or name it: --project DIR",
        )
    return read_project(found)


def nearest_project(start: Path) -> Path | None:
    """Give the nearest directory with a project file, from one upwards; None if there is none."""
    return next(
        (each for each in (start, *start.parents) if any((each / name).is_file() for name in PROJECT_FILES)), None
    )


def choose_stack(project: Project, stack: str | None) -> str:
    """Give the stack asked for, or the only one.

    Raises:
        Error: None is asked for, and there are several or none at all.
        mockcloud.Error: The project has no stack of that name; the message lists those that it has.
    """
    if stack is not None:
        project.stack_file(stack.rpartition("/")[2])  # an organisation and a project may stand before the name
        return stack
    stacks = project.stacks()
    if len(stacks) == 1:
        return stacks[0]
    if not stacks:
        raise Error(
            "The project has no stack",
            given=f"{project.settings}, without a settings file of a stack",
            allowed="at least one Pulumi.STACK.yaml; it may be empty",
            remedy=f"make {project.settings / 'Pulumi.dev.yaml'}",
        )
    raise Error(
        "No stack is named, and the project has several",
        given=f"the project {project.name!r} in {project.root}",
        allowed=", ".join(stacks),
        remedy=f"name one of them, such as: groundplan preview {stacks[0]}",
    )
