"""The embedded engine's functions for Python callers."""

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path

from mockcloud.doors.embedded.applying import Applier
from mockcloud.doors.embedded.config import Config
from mockcloud.doors.embedded.errors import InvalidSettings
from mockcloud.doors.embedded.invokes import Answers, plain_json
from mockcloud.doors.embedded.preview import Preview, Progress
from mockcloud.doors.embedded.runner import Run, run
from mockcloud.pulumi.values import Value


def preview_program(  # noqa: PLR0913 - each is a setting of its own, by keyword
    program: Callable[[], object],
    *,
    project: str = "project",
    stack: str = "stack",
    organization: str = "organization",
    config: Mapping[str, str] | None = None,
    secret_config: Mapping[str, str] | None = None,
    stack_references: Mapping[str, Mapping[str, object]] | None = None,
    invokes: Answers = None,
    source_root: Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    applier: Applier | None = None,
    shown: bool = False,
) -> Preview:
    """Preview a program that is a function, in this process.

    Programs in different threads run at the same time and do not see one another.

    Args:
        program: Makes resources; what it returns is ignored.
        project: The project's name, which is part of every URN.
        stack: The stack's name, likewise.
        organization: What `pulumi.get_organization()` answers.
        config: Configuration values, keyed `namespace:name`; without a namespace a key is the project's.
        secret_config: The same for secrets.
        stack_references: The outputs of other stacks: name of the stack -> outputs.
        invokes: What `get_*` functions answer: token -> result, or token -> callable of the arguments; or one callable
            of token and arguments. Whatever is not answered is refused by name.
        source_root: The directory that source positions are relative to; by default that of the program's file.
        on_progress: Called after each registration.
        applier: What makes the resources that the program registers; by default nothing is made.
        shown: Whether what the program prints is shown as it prints it, without known secrets, as well as kept.

    Raises:
        EngineError: The program failed, or asked for what nobody gave.
    """
    values = Config()
    values.give(project, _texts(config, "config"), _texts(secret_config, "secret_config"))
    root = (source_root or _directory_of(program)).resolve()
    return run(
        Run(
            program,
            project,
            stack,
            organization,
            values,
            check_stack_references(stack_references),
            invokes,
            root,
            own=root,
            on_progress=on_progress,
            applier=applier,
            shown=shown,
        )
    )


def _directory_of(program: Callable[[], object]) -> Path:
    try:
        file = inspect.getsourcefile(inspect.unwrap(program))
    except TypeError:
        file = None
    return Path(file).parent if file else Path.cwd()


def check_stack_references(given: Mapping[str, Mapping[str, object]] | None) -> dict[str, dict[str, Value]]:
    """Check that the outputs of other stacks are plain JSON.

    Raises:
        InvalidSettings: They are not.
    """
    checked: dict[str, dict[str, Value]] = {}
    for name, outputs in (given or {}).items():
        plain = plain_json(outputs, f"the outputs of the stack {name!r}")
        if not isinstance(plain, dict):
            raise InvalidSettings(
                f"The outputs of the stack {name!r} are no mapping",
                given=type(outputs).__name__,
                allowed="a mapping of output names to values",
                remedy="give them as `pulumi stack output --json` prints them",
            )
        checked[name] = plain
    return checked


def _texts(given: Mapping[str, str] | None, what: str) -> Mapping[str, str]:
    for key, value in (given or {}).items():
        if not isinstance(value, str):
            raise InvalidSettings(
                f"The value of {key} in {what} is no text",
                given=type(value).__name__,
                allowed="a text; JSON for a structured value, as Pulumi hands it to a program",
                remedy=f"write {key!r}: json.dumps(...)",
            )
    return given or {}
