"""A Pulumi project on disk: `Pulumi.yaml`, its stacks, and where its program is.

`runtime.options` (`toolchain`, `virtualenv`) is not looked at: it says how to make an environment for the program, and
the program runs in that of this process.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mockcloud.doors.embedded.errors import InvalidProject, ProjectNotFound, StackNotFound, UnsupportedRuntime
from mockcloud.doors.embedded.yaml_file import read_mapping

_NAMES: Final = ("Pulumi.yaml", "Pulumi.yml")


@dataclass(frozen=True, slots=True)
class Project:
    """A project that the embedded engine can run.

    Attributes:
        name: The project's name.
        root: The directory of `Pulumi.yaml`.
        program: The directory or file that holds the program.
        settings: The directory of the stacks' settings files.
        config: The project's own declarations of configuration, as read.
    """

    name: str
    root: Path
    program: Path
    settings: Path
    config: Mapping[str, object]

    @property
    def directory(self) -> Path:
        """The program's working directory."""
        return self.program if self.program.is_dir() else self.program.parent

    def stacks(self) -> list[str]:
        """List the stacks that have a settings file."""
        prefixes = tuple(f"{name.partition('.')[0]}." for name in _NAMES)
        found = (path for pattern in ("Pulumi.*.yaml", "Pulumi.*.yml") for path in self.settings.glob(pattern))
        return sorted({path.stem.removeprefix(prefixes[0]) for path in found})

    def stack_file(self, stack: str) -> Path:
        """Find a stack's settings file.

        Raises:
            StackNotFound: There is none; the message lists the stacks that exist.
        """
        for suffix in (".yaml", ".yml"):
            path = self.settings / f"Pulumi.{stack}{suffix}"
            if "/" not in stack and path.is_file():
                return path
        raise StackNotFound(
            f"The project {self.name!r} has no stack {stack!r}",
            given=stack,
            allowed=", ".join(self.stacks()) or f"none: there is no Pulumi.<stack>.yaml in {self.settings}",
            remedy=f"name one of these, or write {self.settings / f'Pulumi.{stack}.yaml'}",
        )


def read_project(directory: Path) -> Project:
    """Read the project in a directory.

    Raises:
        ProjectNotFound: There is no `Pulumi.yaml`, or no program where it says.
        UnsupportedRuntime: Its program is not in Python.
        InvalidProject: `Pulumi.yaml` cannot be understood.
    """
    root = directory.resolve()
    file = next((root / name for name in _NAMES if (root / name).is_file()), None)
    if file is None:
        raise ProjectNotFound(
            f"There is no Pulumi project in {root}",
            given=f"a directory {'without Pulumi.yaml' if root.is_dir() else 'that does not exist'}",
            allowed="a directory with a Pulumi.yaml",
            remedy="name the project's directory, or make a project with `pulumi new`",
        )
    declared = read_mapping(file)
    _check_runtime(file, declared.get("runtime"))
    name = declared.get("name")
    if not isinstance(name, str) or not name:
        raise InvalidProject(
            f"{file} has no name", given=repr(name), allowed="name: a text", remedy="add a line `name: my-project`"
        )
    settings = declared.get("stackConfigDir", declared.get("config"))
    config = declared.get("config")
    return Project(
        name=name,
        root=root,
        program=_program(root, declared.get("main")),
        settings=root / settings if isinstance(settings, str) else root,
        config={str(key): value for key, value in config.items()} if isinstance(config, dict) else {},
    )


def _check_runtime(file: Path, runtime: object) -> None:
    name = runtime.get("name") if isinstance(runtime, dict) else runtime
    if name != "python":
        raise UnsupportedRuntime(
            "The embedded engine runs Python programs only",
            given=f"runtime: {name} in {file}",
            allowed="runtime: python",
            remedy="use the real engine, `pulumi preview`, or name a project whose program is in Python",
        )


def _program(root: Path, main: object) -> Path:
    program = root / str(main) if main else root
    entry = program / "__main__.py" if program.is_dir() else program
    if not entry.is_file():
        raise ProjectNotFound(
            "There is no program where Pulumi.yaml says",
            given=f"main: {main}" if main else "no `main`",
            allowed=f"a file {entry}",
            remedy="write the program there, or set `main` to its directory or file",
        )
    return program.resolve()
