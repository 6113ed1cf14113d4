"""A project directory on the plain command, as its user types it: `groundplan cloud exec -- pulumi up`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from mockcloud.doors.serving import OpenDoors
from tests.conformance.offline import Outcome
from tests.conformance.real_engine import RealEngine, find_language_host, find_pulumi

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

PROJECTS: Final = Path(__file__).parent / "projects"
_SECONDS: Final = 300


def needs_host(language: str) -> pytest.MarkDecorator:
    """Skip a test, by name, where the command or its host for a language is not at hand."""
    return pytest.mark.skipif(
        find_language_host(language) is None,
        reason=f"Pulumi's host pulumi-language-{language} is not at hand (tools/pulumi-languages/build makes it)",
    )


@dataclass(frozen=True)
class Directory:
    """A project directory with one stack, `dev`.

    Attributes:
        path: Where it is.
        environment: The variables of its user's shell.
    """

    path: Path
    environment: Mapping[str, str]

    def pulumi(self, *arguments: str, variables: Mapping[str, str] | None = None) -> Outcome:
        """Run a command of Pulumi's on the mock cloud, and give how it ended.

        Args:
            arguments: What stands behind `pulumi`.
            variables: Further variables.
        """
        done = subprocess.run(
            [
                *(sys.executable, "-m", "groundplan_cli", "cloud", "exec", "--"),
                *("pulumi", *arguments, "--non-interactive", "--color=never"),
            ],
            cwd=self.path,
            env={**self.environment, **(variables or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
        return Outcome(done.returncode, done.stdout)

    def start(self, secrets: Mapping[str, str]) -> None:
        """Make the stack."""
        self.pulumi("stack", "init", "dev").expect()
        for key, value in secrets.items():
            self.pulumi("config", "set", "--secret", key, value).expect()

    def outputs(self) -> dict[str, Any]:
        """Give what the stack exports, with secrets."""
        text = self.pulumi("stack", "output", "--json", "--show-secrets").expect().text
        found: dict[str, Any] = json.loads(text)
        return found

    def state(self) -> dict[str, dict[str, Any]]:
        """Give the resources of the state, by name; but for the stack and the providers."""
        exported = json.loads(self.pulumi("stack", "export").expect().text)
        found = exported["deployment"].get("resources", [])
        return {each["urn"].rpartition("::")[2]: each for each in found if not each["type"].startswith("pulumi:")}


@contextmanager
def directory_on(
    cloud: Cloud, path: Path, home: Path, *, python: Path | None = None, variables: Mapping[str, str] | None = None
) -> Iterator[Directory]:
    """Serve a cloud, and give a project directory whose user has a shell with nothing of Google's in it.

    Args:
        cloud: The cloud.
        path: The project.
        home: Directory for what the command and the server leave.
        python: A virtual environment that is active.
        variables: Further variables.
    """
    pulumi = find_pulumi()
    assert pulumi is not None
    with OpenDoors(cloud, home / "doors") as doors:
        found = RealEngine(pulumi, home, 0).environment()
        # As people have it: the engine may look for plugins, and learns from `exec` where the provider is.
        for name in ("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "PULUMI_DEBUG_PROVIDERS"):
            del found[name]
        active = [str(python / "bin")] if python else []
        yield Directory(
            path,
            {
                **found,
                "PATH": os.pathsep.join([*active, found["PATH"]]),
                "XDG_RUNTIME_DIR": str(home),
                "GROUNDPLAN_CLOUD": doors.server.url,
                **(variables or {}),
            },
        )


def virtual_environment(path: Path) -> Path:
    """Make an environment as `python -m venv` does, with pip, which has what this one has."""
    venv.create(path, with_pip=True)
    inside = Path(sysconfig.get_path("purelib", vars={"base": str(path), "platbase": str(path)}))
    line = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
    (inside / "parent.pth").write_text(line, encoding="utf-8")
    return path
