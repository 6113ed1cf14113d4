"""One stack on Pulumi's engine: what can be done with it, while its program is at hand."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias

import typer
from pulumi import RunError
from pulumi.automation import (
    CommandError,
    EngineEvent,
    LocalWorkspace,
    Stack,
    StackNotFoundError,
)

from groundplan_cli.engine.aside import Aside, aside
from groundplan_cli.engine.command import Command
from groundplan_cli.engine.events import Event, read_event
from groundplan_cli.engine.faults import Story, explain, no_stack
from groundplan_cli.engine.origins import with_origins
from groundplan_cli.engine.place import Place
from groundplan_cli.engine.steps import read_preview
from groundplan_cli.run import Request
from groundplan_policies.engine import Value
from mockcloud.doors.embedded.config import Config
from mockcloud.doors.embedded.directory import program_of
from mockcloud.doors.embedded.failure import explain as explain_program
from mockcloud.doors.embedded.watching import Watch, watch

Hear: TypeAlias = Callable[[Event], None]
"""Told of each thing that happens."""


class Session(Protocol):
    """A stack on the engine. Everything raises `EngineFailed` when the engine fails."""

    lines: Mapping[str, str]
    """URN -> line of the program that made it, for errors; set by whoever has a document."""

    @property
    def mock(self) -> bool:
        """Whether its resources are in a mock cloud."""

    def preview(self, hear: Hear, plan: Path | None = None) -> dict[str, Value]:
        """Give the document of `pulumi preview --json`, with what the program alone knows (see `origins`).

        The plan is saved in a file, if one is named.
        """

    def up(self, hear: Hear, plan: Path | None = None) -> None:
        """Make it so; keep to a saved plan, if one is named."""

    def refresh(self, hear: Hear) -> None:
        """Take into the state what the cloud has. What was being made when a run was ended is forgotten."""

    def destroy(self, hear: Hear) -> None:
        """Remove everything."""

    def adopt(self, token: str, name: str, identity: str, *, protect: bool) -> None:
        """Take a resource that exists into the state."""

    def state(self) -> dict[str, Value]:
        """Give the state, with its secrets encrypted: what `pulumi stack export` prints."""


@contextmanager
def open_session(request: Request, place: Place) -> Iterator[Session]:
    """Open a stack while the block runs.

    Raises:
        Error: There is no engine, no such stack, or its secrets cannot be had.
    """
    with aside() as printed:
        session = PulumiSession(request, place, printed)
        session.open()
        yield session


class _Workspace(LocalWorkspace):
    """A workspace that leaves alone which stack the user has selected."""

    def select_stack(self, stack_name: str) -> None:
        self._run_pulumi_cmd_sync(["stack", "--stack", stack_name])


@dataclass(slots=True)
class PulumiSession:
    """A stack on the real engine.

    Attributes:
        request: Which stack of which project.
        place: Where its state is.
        printed: Takes what the program prints.
        lines: As `Session` says.
    """

    request: Request
    place: Place
    printed: Aside
    lines: Mapping[str, str] = field(default_factory=dict)
    _story: Story = field(init=False)
    _stack: Stack = field(init=False)
    _command: Command = field(init=False)
    _program: Callable[[], None] | None = None
    _watches: bool = False
    _watch: Watch | None = None

    @property
    def mock(self) -> bool:
        """Whether its resources are in a mock cloud."""
        return self.place.mock

    def open(self) -> None:
        """Find the stack; on a mock cloud, make it where there is none."""
        self._command = Command(_say_cancelling)
        self._story = Story(self.request)
        workspace = _Workspace(
            work_dir=str(self.request.project.root),
            program=self._run_program,
            env_vars=self.place.environment,
            pulumi_command=self._command,
        )
        with self._explained():
            try:
                self._stack = Stack.select(self._name, workspace)
            except StackNotFoundError as error:
                if self.place.made is None:
                    raise no_stack(self.request) from error
                self._run_in_place("stack", "init", self._name, "--no-select")
                self._stack = Stack.select(self._name, workspace)
            for key, value in self.place.secrets.items():
                self._run_in_place("config", "set", key, "--secret", "--stack", self._name, text=value)

    def preview(self, hear: Hear, plan: Path | None = None) -> dict[str, Value]:
        """As `Session` says."""
        with self._explained(), self._with_program():
            self._watches = True
            done = self._stack.preview(
                json=True, plan=_path(plan), config_file=self._config_file, on_event=self._hear(hear)
            )
            self._watches = False
        raw = read_preview(done.stdout)
        return raw if self._watch is None else with_origins(raw, self._watch)

    def up(self, hear: Hear, plan: Path | None = None) -> None:
        """As `Session` says."""
        with self._explained(), self._with_program():
            self._stack.up(
                plan=_path(plan),
                config_file=self._config_file,
                show_secrets=False,
                suppress_outputs=True,
                on_event=self._hear(hear),
            )

    def refresh(self, hear: Hear) -> None:
        """As `Session` says."""
        with self._explained():
            self._stack.refresh(
                config_file=self._config_file, show_secrets=False, clear_pending_creates=True, on_event=self._hear(hear)
            )

    def destroy(self, hear: Hear) -> None:
        """As `Session` says."""
        with self._explained():
            self._stack.destroy(config_file=self._config_file, show_secrets=False, on_event=self._hear(hear))

    def adopt(self, token: str, name: str, identity: str, *, protect: bool) -> None:
        """As `Session` says."""
        from groundplan_cli.engine.language import with_language

        options = ["--yes", "--skip-preview", "--generate-code=false", f"--protect={str(protect).lower()}"]
        with self._explained(), with_language() as path:
            self._run(
                ["import", *options, *self._settings(), "--", token, name, identity],
                {**self.place.environment, **path},
            )

    def state(self) -> dict[str, Value]:
        """As `Session` says."""
        with self._explained():
            text = self._run(["stack", "export", "--stack", self._name], self.place.environment)
        found: dict[str, Value] = json.loads(text)
        return found

    @property
    def _config_file(self) -> str | None:
        return str(self.place.config_file) if self.place.config_file else None

    def _settings(self) -> list[str]:
        file = self._config_file
        return ["--stack", self._name, *(["--config-file", file] if file else [])]

    def _run(self, arguments: list[str], environment: Mapping[str, str]) -> str:
        return self._command.run(arguments, str(self.request.project.root), environment).stdout

    def _run_in_place(self, *arguments: str, text: str = "") -> None:
        """Run a command beside the settings of a stack on a mock cloud; the project's files stay as they are."""
        directory = str(self.place.made or self.request.project.root)
        self._command.feed(text, list(arguments), directory, self.place.environment)

    @property
    def _name(self) -> str:
        """The stack's name; without organisation and project on a mock cloud, whose state knows neither."""
        return self.request.stack.rpartition("/")[2] if self.mock else self.request.stack

    @contextmanager
    def _with_program(self) -> Iterator[None]:
        """Have the program at hand; its directory is the working directory meanwhile."""
        with program_of(self.request.project) as program:
            self._program = program
            yield

    def _run_program(self) -> None:
        """Run the program; what it raises is kept, since the engine passes on only the text."""
        if self._program is None:
            raise RuntimeError("the engine asks for a program where it needs none")
        try:
            self.printed.listen()
            if self._watches:
                self._watch = watch(self.request.project.root)
            self._program()
        except BaseException as error:  # noqa: BLE001 - SystemExit too is a way in which programs fail
            project = self.request.project
            self._story.program = explain_program(error, project.directory, Config(), ())
            raise RunError("the program failed") from None

    def _hear(self, hear: Hear) -> Callable[[EngineEvent], None]:
        story = self._story = Story(self.request, lines=self.lines)

        def on_event(raw: EngineEvent) -> None:
            event = read_event(raw)
            if event is not None:
                story.add(event)
                hear(event)

        return on_event

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the engine says of a failure into the four parts."""
        try:
            yield
        except CommandError as error:
            if self._watch is not None:
                seen = {urn: self._watch.line_of(urn) for urn, _ in self._story.messages}
                self._story.lines = {**{urn: line for urn, line in seen.items() if line}, **self._story.lines}
            raise explain(error, self._story, mock=self.mock) from error


def _say_cancelling(count: int) -> None:
    said = (
        "Cancelling: what has begun comes to its end, nothing new begins. Once more ends it at once."
        if count == 1
        else "Ending at once. What had begun is noted in the state as pending: run groundplan refresh."
    )
    typer.echo(said, err=True)


def _path(file: Path | None) -> str | None:
    return str(file.resolve()) if file is not None else None
