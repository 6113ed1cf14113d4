"""What this machine has of what groundplan can use."""

import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from groundplan_cli.commands.version import installed

OLDEST_PYTHON = (3, 11)
COMMAND_SECONDS = 10
"""How long a command may take to say its version, in seconds."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked for.

    Attributes:
        name: What it is.
        found: What was found, such as a version; "" if nothing.
        purpose: What it is for.
        remedy: How to get it; "" where it is there.
        needed: Whether nothing works without it.
    """

    name: str
    found: str
    purpose: str
    remedy: str = ""
    needed: bool = False

    @property
    def ok(self) -> bool:
        """Whether it was found."""
        return bool(self.found)


def check_up() -> Iterator[Finding]:
    """Look for everything, cheap things first."""
    yield _python()
    for package, purpose in (
        ("pulumi", "the SDK that programs are written with"),
        ("pulumi-gcp", "the types of Google Cloud"),
    ):
        version = installed(package)
        yield Finding(package, version, purpose, "" if version else f"add {package} to the project: uv add {package}")
    yield from _commands()
    yield _embedded_engine()


def _python() -> Finding:
    recent = sys.version_info >= OLDEST_PYTHON
    wanted = ".".join(map(str, OLDEST_PYTHON))
    return Finding(
        "python",
        platform.python_version() if recent else "",
        f"runs everything; {sys.executable}",
        "" if recent else f"this is Python {platform.python_version()}: install {wanted} or newer",
        needed=True,
    )


def _commands() -> Iterator[Finding]:
    pulumi = _version_of("pulumi", "version")
    language = shutil.which("pulumi-language-python") if pulumi else None
    install = "see https://www.pulumi.com/docs/install/"
    purpose = "the Pulumi engine, for groundplan up, refresh, destroy, import and drift"
    yield Finding("pulumi command", pulumi, purpose, "" if pulumi else install)
    yield Finding(
        "pulumi language plugin",
        str(Path(language).parent) if language else "",
        "for `pulumi up` itself and policy packs; groundplan's commands need none",
        "" if language else f"if you want those, it comes with an installed Pulumi: {install}",
    )
    for name, purpose in (("uv", "makes the environment from uv.lock"), ("git", "fetches and records the sources")):
        version = _version_of(name, "--version")
        yield Finding(name, version, purpose, "" if version else f"install {name}, and have it on PATH")


def _version_of(command: str, argument: str) -> str:
    """Ask a command on PATH for its version: "" if it is not there, and what went wrong if it does not answer."""
    path = shutil.which(command)
    if path is None:
        return ""
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        done = subprocess.run(  # noqa: S603 - a command from PATH, as a list, with a constant argument
            [path, argument],
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
            env=environment,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"does not answer ({type(error).__name__})"
    lines = done.stdout.strip().splitlines()
    return lines[0].removeprefix(f"{command} ").strip() if lines else f"of unknown version, at {path}"


def _embedded_engine() -> Finding:
    """Run a program on the embedded engine: whether it works is not to be guessed from what is installed."""
    purpose = "previews in this process, without an account"
    try:
        return Finding("embedded engine", _try_engine(_preview_nothing), purpose, needed=True)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the engine is the finding
        return Finding(
            "embedded engine",
            "",
            purpose,
            f"it failed with {type(error).__name__}: {error}; make the environment again with uv sync",
            needed=True,
        )


def _try_engine(preview: Callable[[], int]) -> str:
    started = time.perf_counter()
    resources = preview()
    return f"works ({resources} resources in {time.perf_counter() - started:.1f} s)"


def _preview_nothing() -> int:
    """Preview a program with one component and count what comes out."""
    import mockcloud
    from groundplan_policies.engine import Document

    def program() -> None:
        from pulumi import ComponentResource

        ComponentResource("groundplan:doctor:Check", "check")

    return len(Document.read(mockcloud.preview_program(program).document))
