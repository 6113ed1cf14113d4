"""Where a stack's state is, and which cloud its resources are in: the user's own, or a mock cloud's."""

import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml

from groundplan_cli.cloud.client import ask
from groundplan_cli.cloud.running import Running, only
from groundplan_cli.cloud.states import base, digest, name_of
from groundplan_cli.engine.locks import release_abandoned
from groundplan_cli.errors import Error
from groundplan_cli.run import Request

QUIET: Final = {"PULUMI_SKIP_UPDATE_CHECK": "true", "PULUMI_OPTION_SHOW_SAMES": "true"}
_OFFLINE: Final = {
    "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    "PULUMI_CONFIG_PASSPHRASE": "",
    # The state is written down after each step all the same, only not twice.
    "PULUMI_DISABLE_CHECKPOINT_BACKUPS": "true",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the engine works.

    Attributes:
        environment: Variables for the engine, over those of this process.
        config_file: The stack's settings, where the engine is not to use the project's own file.
        made: The directory in which a mock cloud's stacks are made; None for the user's own backend.
        secrets: Secret configuration that a stack on the mock cloud gets; its files hold none that can be decrypted.
    """

    environment: Mapping[str, str] = field(default_factory=lambda: QUIET)
    config_file: Path | None = None
    made: Path | None = None
    secrets: Mapping[str, str] = field(default_factory=dict)

    @property
    def mock(self) -> bool:
        """Whether it is a mock cloud."""
        return self.made is not None


@contextmanager
def own_place(request: Request) -> Iterator[Place]:
    """Give the user's own backend. Values of `--config` hold for this run only, so they go to a copy of the file."""
    if not request.config:
        yield Place()
        return
    with tempfile.TemporaryDirectory(prefix="groundplan-") as directory:
        stack_file = request.project.stack_file(_short(request.stack))
        content = _mapping(stack_file)
        content["config"] = {**_values(content, request), **_full(request)}
        copy = Path(directory) / stack_file.name
        _write(copy, content)
        yield Place(config_file=copy)


@contextmanager
def mock_place(request: Request, *, or_here: bool) -> Iterator[Place]:
    """Give a mock cloud, with a state of its own for the project: the user's is neither read nor written.

    Args:
        request: What runs.
        or_here: Whether there is a mock cloud in this process while the block runs, where no server runs.

    Raises:
        Error: No mock cloud runs, or several do.
    """
    server = only()
    if server is not None:
        cloud, door = _cloud_of(server)
        directory = base() / cloud / _name(request)
        # Addresses of service agents hold the number, and programs make them of what their settings say.
        ask(server.url, "POST", "projects", {"numbers": _projects(request)})
        yield _made(request, directory, door)
        return
    if not or_here:
        raise Error(
            "No mock cloud runs",
            given="--mock, and no server that answers",
            allowed="a mock cloud that outlives this command: what is made in it is to stay",
            remedy="start one: groundplan cloud start --detach",
        )
    from mockcloud.doors.environment import DEFAULT_PROJECT
    from mockcloud.doors.pulumi.serving import ProviderDoor
    from mockcloud.simulator import new_cloud

    cloud_here = new_cloud(waits="poll")
    for identifier, number in _projects(request).items():
        cloud_here.projects.ensure(identifier, number=number)
    with (
        tempfile.TemporaryDirectory(prefix="groundplan-") as temporary,
        ProviderDoor(cloud_here, project=DEFAULT_PROJECT) as provider,
    ):
        yield _made(request, Path(temporary), f"gcp:{provider.port}")


def kept_place(request: Request) -> Place | None:
    """Give where a stack on the mock cloud that runs has its state, and make nothing; None where it has none."""
    server = only()
    if server is None:
        return None
    directory = base() / _cloud_of(server)[0] / _name(request)
    if not (directory / "Pulumi.yaml").is_file():
        return None
    return Place(environment=_environment(directory), made=directory)


def _environment(directory: Path) -> dict[str, str]:
    """Give the variables for an engine whose state is in a directory."""
    state, home = (directory / "state").as_uri(), str(directory / "home")
    return {**QUIET, **_OFFLINE, "PULUMI_BACKEND_URL": state, "PULUMI_HOME": home}


def _made(request: Request, directory: Path, provider: str) -> Place:
    """Write the settings of the stack on the mock cloud. The salt of its own secrets, once made, stays."""
    from mockcloud.doors.environment import ATTACHED, attached

    for each in ("state", "home"):
        (directory / each).mkdir(mode=0o700, parents=True, exist_ok=True)
    _share_plugins(directory / "home")
    release_abandoned(directory / "state")
    short = _short(request.stack)
    stack_file = directory / f"Pulumi.{short}.yaml"
    content = _mapping(request.project.stack_file(short))
    values = _values(content, request)
    hidden = {key for key, value in values.items() if _is_encrypted(value)}
    kept = _mapping(stack_file) if stack_file.exists() else {}
    _write(
        stack_file,
        {
            **{key: value for key, value in kept.items() if key == "encryptionsalt"},
            "config": {key: value for key, value in values.items() if key not in hidden} | _full(request),
        },
    )
    declared: dict[str, object] = {"name": request.project.name, "runtime": "python"}
    if request.project.config:
        declared["config"] = dict(request.project.config)
    _write(directory / "Pulumi.yaml", declared)
    given = {_full_key(request, key): value for key, value in request.answers.secret_config.items()}
    return Place(
        environment={**_environment(directory), ATTACHED: attached(provider, os.environ)},
        config_file=stack_file,
        made=directory,
        secrets={**dict.fromkeys(hidden - _full(request).keys(), "[secret]"), **given},
    )


def _share_plugins(home: Path) -> None:
    """Let the engine find the plugins that the user has installed: programs use other packages beside Google's."""
    theirs = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi") / "plugins"
    link = home / "plugins"
    if link.is_symlink() and link.readlink() != theirs:
        link.unlink()
    if theirs.is_dir() and not link.exists():
        with suppress(FileExistsError):  # another run of this moment
            link.symlink_to(theirs, target_is_directory=True)


def _projects(request: Request) -> dict[str, str]:
    """Give the projects that the stack's settings name with their numbers: id -> number."""
    from mockcloud.doors.pulumi.throwaway import numbers_in

    values = _values(_mapping(request.project.stack_file(_short(request.stack))), request) | _full(request)
    return dict(
        numbers_in(each if isinstance(each, str) else json.dumps(each, default=str) for each in values.values())
    )


def _cloud_of(server: Running) -> tuple[str, str]:
    """Give what tells a cloud from others, and the provider that engines attach to."""
    about = ask(server.url, "GET", "about")
    door = str(about["doors"].get("pulumi", ""))
    if not door:
        raise Error(
            "The mock cloud has no provider for Pulumi",
            given=server.url,
            allowed="a mock cloud of this version of groundplan",
            remedy="start another: groundplan cloud start --detach",
        )
    return name_of(about), door


def _name(request: Request) -> str:
    readable = re.sub(r"[^a-z0-9-]+", "-", request.project.name.lower()).strip("-")
    return f"{readable}-{digest(str(request.project.root.resolve()))}"


def _short(stack: str) -> str:
    return stack.rpartition("/")[2]


def _full_key(request: Request, key: str) -> str:
    return key if ":" in key else f"{request.project.name}:{key}"


def _full(request: Request) -> dict[str, object]:
    """Give the values of `--config` with the namespaces of their keys."""
    return {_full_key(request, key): value for key, value in request.config.items()}


def _values(content: Mapping[str, object], request: Request) -> dict[str, object]:
    values = content.get("config")
    return {_full_key(request, str(key)): each for key, each in values.items()} if isinstance(values, dict) else {}


def _is_encrypted(value: object) -> bool:
    """Whether a value of a settings file is encrypted, or a part of it."""
    if isinstance(value, dict):
        return (set(value) == {"secure"}) or any(map(_is_encrypted, value.values()))
    return isinstance(value, list) and any(map(_is_encrypted, value))


def _mapping(file: Path) -> dict[str, object]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Error(
            "The stack's settings cannot be read",
            given=f"{file}: {str(error).splitlines()[0]}",
            allowed="YAML with a mapping",
            remedy="mend the file",
        ) from error
    return {str(key): value for key, value in content.items()} if isinstance(content, dict) else {}


def _write(file: Path, content: Mapping[str, object]) -> None:
    """Write settings, for this user only: a value that was given on the command line may be private."""
    file.touch(mode=0o600)
    file.write_text(yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True), encoding="utf-8")
