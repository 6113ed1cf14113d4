"""Runs a program on the real engine, offline: the CLI, a file backend, and a provider that echoes.

The Automation API's own language server hands the program to the CLI (`--client`), so no language plugin is needed.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import sys
import threading
from concurrent import futures
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import CoroutineType
from typing import TYPE_CHECKING, Any, Final

import grpc
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

REPOSITORY = Path(__file__).resolve().parents[2]


def find_pulumi() -> Path | None:
    """Find the real CLI: $GROUNDPLAN_PULUMI, the PATH, then the repository's own build."""
    named = os.environ.get("GROUNDPLAN_PULUMI")
    built = REPOSITORY / ".tools" / "pulumi" / "bin" / "pulumi"
    for candidate in (named, shutil.which("pulumi"), str(built)):
        if candidate and Path(candidate).is_file():
            return Path(candidate)
    return None


def find_language_host(language: str) -> Path | None:
    """Find Pulumi's host for a language: beside the command, then on the PATH; None where either is missing."""
    pulumi = find_pulumi()
    if pulumi is None:
        return None
    beside = pulumi.resolve().parent / f"pulumi-language-{language}"
    found = str(beside) if beside.is_file() else shutil.which(beside.name)
    return Path(found) if found else None


@dataclass(frozen=True)
class RealEngine:
    """The real CLI with a home and a file backend of its own."""

    pulumi: Path
    home: Path
    provider_port: int

    def environment(self) -> dict[str, str]:
        """The offline settings of the CLI."""
        backend = self.home / "backend"
        backend.mkdir(parents=True, exist_ok=True)
        return {
            # The active environment is that of the tests; hosts of languages look for their parts on the PATH.
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), str(self.pulumi.parent), os.environ["PATH"]]),
            "HOME": str(self.home),
            "PULUMI_HOME": str(self.home / "pulumi"),
            "PULUMI_BACKEND_URL": backend.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DISABLE_CHECKPOINT_BACKUPS": "true",
            "PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK": "true",
            "PULUMI_DEBUG_PROVIDERS": f"gcp:{self.provider_port}",
        }

    def run(self, directory: Path, *arguments: str) -> str:
        """Run one CLI command in `directory` and return its standard output."""
        done = subprocess.run(
            [str(self.pulumi), *arguments, "--non-interactive"],
            cwd=directory,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        if done.returncode:
            message = f"pulumi {arguments[0]} failed:\n{done.stdout}\n{done.stderr}"
            raise AssertionError(message)
        return done.stdout

    def start(
        self, directory: Path, project: str, stack: str, config: Mapping[str, str], secrets: Mapping[str, str]
    ) -> None:
        """Make a project directory and an empty stack in it."""
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "Pulumi.yaml").write_text(f"name: {project}\nruntime: python\n", encoding="utf-8")
        self.run(directory, "stack", "init", f"organization/{project}/{stack}")
        for key, value in config.items():
            self.run(directory, "config", "set", key, value, "--plaintext")
        for key, value in secrets.items():
            self.run(directory, "config", "set", key, value, "--secret")

    def preview(self, directory: Path, program: Callable[[], None]) -> list[dict[str, Any]]:
        """The new states of `pulumi preview --json`, in the engine's order."""
        with serve_program(program) as address:
            text = self.run(directory, "preview", "--json", "--exec-kind=auto.inline", f"--client={address}")
        return [step["newState"] for step in json.loads(text)["steps"]]

    def up(self, directory: Path, program: Callable[[], None]) -> dict[str, Any]:
        """What `pulumi stack export` prints after an `up`."""
        with serve_program(program) as address:
            self.run(directory, "up", "--yes", "--skip-preview", "--exec-kind=auto.inline", f"--client={address}")
        exported: dict[str, Any] = json.loads(self.run(directory, "stack", "export", "--show-secrets"))
        return exported


_OF_PROGRAMS: Final = frozenset({"run_in_stack", "run_pulumi_func"})
"""The SDK's coroutines that run a program."""

_ENDS_WITHIN: Final = 10.0
"""Seconds in which a program notices that its engine is gone."""


class serve_program:  # noqa: N801 (used as a context manager)
    """Serves a program to the CLI as the Automation API does, on a port that the system chooses."""

    def __init__(self, program: Callable[[], None]) -> None:
        self._program = program
        self._name = f"program-{id(self):x}"
        self._pool = futures.ThreadPoolExecutor(max_workers=4, thread_name_prefix=self._name)
        self._server = grpc.server(self._pool)

    def __enter__(self) -> str:
        servicer = LanguageServer(self._program)
        language_pb2_grpc.add_LanguageRuntimeServicer_to_server(servicer, self._server)
        port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()
        return f"127.0.0.1:{port}"

    def __exit__(self, *_: object) -> None:
        self._server.stop(grace=0).wait()
        # A program whose engine is gone comes to its end when it next asks for something.
        self._pool.shutdown(wait=False)
        for thread in threading.enumerate():
            if thread.name.startswith(self._name):
                thread.join(_ENDS_WITHIN)
        collect_what_was_left()


def collect_what_was_left(*, end: bool = False) -> None:
    """Let go of what a program that was stopped in the middle left behind, while no other one runs.

    The SDK leaves its coroutine where the engine ended first. Collected later, it would close what another program of
    this process uses, and its complaint would be held against whatever test runs then.

    Args:
        end: Whether coroutines are ended that a thread still holds as it waits for the engine: at the end of a test.
    """
    hook = sys.unraisablehook
    sys.unraisablehook = lambda _: None
    try:
        gc.collect()
        for each in gc.get_objects() if end else ():
            if isinstance(each, CoroutineType) and each.__qualname__ in _OF_PROGRAMS and not each.cr_running:
                with suppress(RuntimeError):
                    each.close()
    finally:
        sys.unraisablehook = hook
