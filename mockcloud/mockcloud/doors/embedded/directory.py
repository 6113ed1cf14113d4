"""Runs the program of a project directory in this process."""

import os
import runpy
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Final

from mockcloud.doors.embedded.api import check_stack_references
from mockcloud.doors.embedded.applying import Applier
from mockcloud.doors.embedded.config import read_config
from mockcloud.doors.embedded.failure import is_installed
from mockcloud.doors.embedded.invokes import Answers
from mockcloud.doors.embedded.preview import Preview, Progress
from mockcloud.doors.embedded.project import Project, read_project
from mockcloud.doors.embedded.runner import Run, run

_LOCK: Final = threading.RLock()
"""A process has one working directory, one `sys.path` and one table of modules, so directories run one at a time."""


def preview_directory(  # noqa: PLR0913 - each is a setting of its own, by keyword
    directory: Path,
    stack: str,
    *,
    organization: str = "organization",
    config: Mapping[str, str] | None = None,
    secret_config: Mapping[str, str] | None = None,
    stack_references: Mapping[str, Mapping[str, object]] | None = None,
    invokes: Answers = None,
    on_progress: Callable[[Progress], None] | None = None,
    applier: Applier | None = None,
    shown: bool = False,
) -> Preview:
    """Preview the Python program of a Pulumi project, in this process.

    While it runs, the program's directory is the working directory and first on `sys.path`; afterwards its own modules
    are forgotten, so that another program may have modules of the same names. Two directories never run at once: the
    second waits. A program that hangs cannot be ended here; `preview_in_child` can do that.

    Encrypted values of the stack's settings file cannot be decrypted offline. A program that asks for one gets the
    placeholder `[secret]`, still marked as a secret; `Preview.placeholders` lists the keys.

    Args:
        directory: Where `Pulumi.yaml` is.
        stack: The stack's name, or `organization/project/stack`.
        organization: What `pulumi.get_organization()` answers, unless the stack's name says.
        config: Configuration values that replace those of the files.
        secret_config: The same for secret values.
        stack_references: The outputs of other stacks: name of the stack -> outputs.
        invokes: What `get_*` functions answer; see `preview_program`.
        on_progress: Called after each registration.
        applier: What makes the resources that the program registers; by default nothing is made.
        shown: Whether what the program prints is shown as it prints it, without known secrets, as well as kept.

    Raises:
        EngineError: The project or its program cannot be run, or the program failed.
    """
    project = read_project(directory)
    *owner, name = stack.split("/")
    job = Run(
        program=lambda: None,
        project=project.name,
        stack=name,
        organization=owner[0] if owner else organization,
        config=read_config(project, name, config or {}, secret_config or {}),
        stack_references=check_stack_references(stack_references),
        invokes=invokes,
        root=project.root,
        own=project.directory,
        on_progress=on_progress,
        applier=applier,
        shown=shown,
    )
    with _LOCK, _in_directory(project) as before:
        preview = run(replace(job, program=lambda: _execute(project)))
        loaded = {name: module for name, module in sys.modules.items() if before.get(name) is not module}
        return replace(preview, modules=_installed(loaded), sources=_sources(loaded, project))


def settings_of(directory: Path, stack: str, config: Mapping[str, str] | None) -> Mapping[str, str]:
    """Give the configuration of a project's stack: key with namespace -> text, JSON where it is a mapping or a list.

    Args:
        directory: Where `Pulumi.yaml` is.
        stack: The stack's name, or `organization/project/stack`.
        config: Values that replace those of the files.

    Raises:
        EngineError: The project or its settings cannot be read.
    """
    return read_config(read_project(directory), stack.rpartition("/")[2], config or {}, {}).values


@contextmanager
def program_of(project: Project) -> Iterator[Callable[[], None]]:
    """Give a project's program to an engine that calls it itself, as Pulumi's does, while the block runs.

    Meanwhile its directory is the working directory and first on `sys.path`, as in `preview_directory`, and no other
    directory runs.
    """
    with _LOCK, _in_directory(project):
        yield lambda: _execute(project)


def _execute(project: Project) -> None:
    runpy.run_path(str(project.program), run_name="__main__")


@contextmanager
def _in_directory(project: Project) -> Iterator[dict[str, ModuleType]]:
    """Make the process look to the program as if it had been started for it; yield the modules from before."""
    directory, argv, path = Path.cwd(), sys.argv, list(sys.path)
    set_aside = _shadowing(project.directory)
    for name in set_aside:
        del sys.modules[name]
    before = dict(sys.modules)
    os.chdir(project.directory)
    sys.argv = [str(project.program)]
    sys.path.insert(0, str(project.directory))
    try:
        yield before
    finally:
        os.chdir(directory)
        sys.argv, sys.path[:] = argv, path
        for name, module in list(sys.modules.items()):
            if name not in before and _is_under(module, project.directory):
                del sys.modules[name]
        sys.modules.update(set_aside)


def _shadowing(directory: Path) -> dict[str, ModuleType]:
    """Find loaded modules of other programs whose names the program's own modules have."""
    own = {entry.stem for entry in directory.iterdir() if entry.suffix == ".py" or entry.is_dir()} - {"__main__"}
    return {
        name: module
        for name, module in sys.modules.items()
        if name.partition(".")[0] in own and (file := _file(module)) and not is_installed(file)
    }


def _file(module: ModuleType) -> str:
    """Give where a module is; "" for one that is not in a file."""
    paths = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
    return next((path for path in paths if isinstance(path, str)), "")


def _is_under(module: ModuleType, directory: Path) -> bool:
    file = _file(module)
    return bool(file) and Path(file).is_relative_to(directory) and not is_installed(file)


def _installed(modules: Mapping[str, ModuleType]) -> tuple[str, ...]:
    # Pulumi's packages stand in for modules that nobody has used yet: type() tells without loading them.
    loaded = {name: module for name, module in modules.items() if "Lazy" not in type(module).__name__}
    return tuple(sorted(name for name, module in loaded.items() if (file := _file(module)) and is_installed(file)))


def _sources(modules: Mapping[str, ModuleType], project: Project) -> tuple[Path, ...]:
    entry = project.program / "__main__.py" if project.program.is_dir() else project.program
    files = {Path(file) for module in modules.values() if (file := _file(module)) and not is_installed(file)}
    return tuple(sorted({entry, *(file for file in files if file.is_file())}))
