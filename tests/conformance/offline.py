"""A project on the real engine whose Google Cloud is a mock cloud of this process, behind the door for providers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pytest

from mockcloud.doors.pulumi.serving import ProviderDoor
from tests.conformance.real_engine import RealEngine, find_pulumi, serve_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from mockcloud.cloud.cloud import Cloud

PROJECT: Final = "acme-dev"
CONFIG: Final = {"gcp:project": PROJECT, "gcp:region": "europe-west4"}

pulumi_cli = find_pulumi()
needs_pulumi = pytest.mark.skipif(
    pulumi_cli is None, reason="the real Pulumi CLI is not at hand (PATH, $GROUNDPLAN_PULUMI, .tools/pulumi/bin)"
)


@dataclass(frozen=True)
class Outcome:
    """How a command of the CLI ended.

    Attributes:
        code: Its exit code.
        text: What it printed, to both streams.
    """

    code: int
    text: str

    def expect(self) -> Outcome:
        """Give itself, where the command did what it was to do."""
        assert self.code == 0, self.text[-6000:]
        return self


@dataclass
class Project:
    """A Pulumi project with one stack, and the program that it runs.

    Attributes:
        engine: The CLI.
        directory: Where its settings are.
        program: What it makes; may be replaced.
        quick: Whether the engine writes its state down once, at the end: by far quicker with hundreds of resources.
    """

    engine: RealEngine
    directory: Path
    program: Callable[[], None]
    quick: bool = False
    extra: dict[str, str] = field(default_factory=dict)

    def attempt(self, command: str, *arguments: str) -> Outcome:
        """Run a command, with the program where the command takes one."""
        if command in ("up", "preview"):
            with serve_program(self.program) as address:
                return self._run(command, *arguments, "--exec-kind=auto.inline", f"--client={address}")
        return self._run(command, *arguments)

    def environment(self) -> dict[str, str]:
        """The variables of a command."""
        quick = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"} if self.quick else {}
        events = {"PULUMI_DEBUG_COMMANDS": "true"}  # for --event-log
        return {**self.engine.environment(), **events, **quick, **self.extra}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command."""
        return subprocess.Popen(
            [str(self.engine.pulumi), *arguments, "--non-interactive"],
            cwd=self.directory,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _run(self, command: str, *arguments: str) -> Outcome:
        process = self.start(*command.split(), *arguments)
        text, _ = process.communicate(timeout=300)
        return Outcome(process.returncode, text)

    def up(self, *arguments: str) -> Outcome:
        """Bring the cloud to what the program says."""
        return self.attempt("up", "--yes", "--skip-preview", *arguments)

    def preview(self, *arguments: str) -> list[dict[str, Any]]:
        """Give the steps that an `up` would take."""
        with serve_program(self.program) as address:
            text = self.engine.run(
                self.directory, "preview", "--json", *arguments, "--exec-kind=auto.inline", f"--client={address}"
            )
        steps: list[dict[str, Any]] = json.loads(text)["steps"]
        return steps

    def refresh(self, *arguments: str) -> Outcome:
        """Bring the state to what the cloud is."""
        return self.attempt("refresh", "--yes", "--skip-preview", *arguments)

    def destroy(self, *arguments: str) -> Outcome:
        """Remove everything."""
        return self.attempt("destroy", "--yes", "--skip-preview", *arguments)

    def unchanged(self) -> None:
        """Check that neither program nor cloud differ from the state."""
        self.attempt("preview", "--diff", "--expect-no-changes").expect()
        self.refresh("--diff", "--expect-no-changes").expect()

    def state(self, *, secrets: bool = False) -> dict[str, dict[str, Any]]:
        """The resources of the state, by URN."""
        shown = ("--show-secrets",) if secrets else ()
        exported = json.loads(self.engine.run(self.directory, "stack", "export", *shown))
        return {each["urn"]: each for each in exported["deployment"].get("resources", [])}

    def names(self) -> set[str]:
        """The names of the resources in the state, without the stack and the providers."""
        return {urn.rpartition("::")[2] for urn in self.state() if "::pulumi:" not in urn}

    def up_until(
        self,
        reached: threading.Event,
        by: signal.Signals = signal.SIGKILL,
        then: Callable[[], None] = lambda: None,
    ) -> Outcome:
        """Begin an `up`, and end the engine by a signal as soon as something is reached."""
        with serve_program(self.program) as address:
            process = self.start(
                "up", "--yes", "--skip-preview", "--exec-kind=auto.inline", f"--client={address}", "--parallel=1"
            )
            try:
                assert reached.wait(30), process.poll()
                os.kill(process.pid, by)
            finally:
                then()
            text, _ = process.communicate(timeout=60)
        return Outcome(process.returncode, text)


@contextmanager
def project_on(
    cloud: Cloud,
    home: Path,
    program: Callable[[], None],
    *,
    config: Mapping[str, str] = CONFIG,
    secrets: Mapping[str, str] | None = None,
    stack: str = "dev",
    token: str = "",
) -> Iterator[Project]:
    """Open the door of a cloud, and make a project whose engine attaches to it."""
    assert pulumi_cli is not None
    with ProviderDoor(cloud, project=PROJECT, token=token) as door:
        engine = RealEngine(pulumi_cli, home, door.port)
        project = Project(engine, home / "project", program)
        engine.start(project.directory, "proj", stack, config, secrets or {})
        yield project
