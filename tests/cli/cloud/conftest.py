"""One server for the tests of a module, in this process; and the command to call."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from groundplan_cli.app import app
from groundplan_cli.cloud.running import VARIABLE, Running
from groundplan_cli.cloud.serving import Wanted, noted, serving
from mockcloud.doors.serving import OpenDoors

Command = Callable[..., Result]


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where servers note that they run, with none of this machine's in it."""
    directory = tmp_path_factory.mktemp("runtime")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(directory))
        patch.setenv("XDG_CACHE_HOME", str(directory / "cache"))
        patch.delenv(VARIABLE, raising=False)
        yield directory / "groundplan"


@pytest.fixture(scope="module")
def doors(runtime: Path) -> Iterator[OpenDoors]:
    assert runtime.parent.is_dir()
    with serving(Wanted()) as found:
        yield found


@pytest.fixture
def server(doors: OpenDoors) -> Iterator[Running]:
    """A server that runs, empty, and that others find."""
    doors.server.cloud.reset()
    with noted(doors) as found:
        yield found


@pytest.fixture
def cloud(runtime: Path) -> Command:
    """Call `groundplan cloud`."""
    assert runtime.parent.is_dir()
    runner = CliRunner()

    def invoke(*arguments: str) -> Result:
        return runner.invoke(app, ["cloud", *arguments])

    return invoke


def four_parts(result: Result) -> str:
    """Give what an error says, which must have its four parts and exit with 2."""
    assert result.exit_code == 2, result.output
    for label in ("error:", "given:", "allowed:", "to do:"):
        assert label in result.stderr
    return str(result.stderr)
