"""What a stack has made before is asked of the engine, where there is one."""

import json
import sys
from pathlib import Path

import pytest

from groundplan_cli.answers import Answers
from groundplan_cli.engine import place
from groundplan_cli.preflight.own import Own, from_engine
from groundplan_cli.project import find_project
from groundplan_cli.run import Request
from tests.cli.preflight.conftest import PROJECT
from tests.cli.served import served

SCRIPT = """#!{python}
import sys
if "version" in sys.argv:
    print("v3.259.0")
    sys.exit()
if sys.argv[1:] != ["--non-interactive", "stack", "export", "--stack", "dev"]:
    sys.exit(f"error: unexpected {{sys.argv}}")
{does}
"""
IDENTITY = f"projects/{PROJECT}/topics/events"
RESOURCES = [{"urn": "a", "id": IDENTITY}, {"urn": "b"}, {"urn": "c", "id": "gone", "delete": True}]
EXPORTED = {"deployment": {"resources": RESOURCES}}


@pytest.fixture
def request_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Request:
    """A stack, on a machine without the command."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n", encoding="utf-8")
    (tmp_path / "__main__.py").touch()
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Request(find_project(tmp_path), "dev", {}, Answers(), None)


def install(request: Request, does: str) -> None:
    file = request.project.root / "bin" / "pulumi"
    file.write_text(SCRIPT.format(python=sys.executable, does=does), encoding="utf-8")
    file.chmod(0o700)


def test_the_engine_knows_what_the_stack_has_made(request_: Request) -> None:
    install(request_, f"print({json.dumps(EXPORTED)!r})")

    assert from_engine(request_, mock=False) == Own(frozenset({IDENTITY}))


def test_a_stack_that_the_engine_does_not_know_has_made_nothing(request_: Request) -> None:
    install(request_, "sys.exit(\"error: no stack named 'dev' found\")")

    assert from_engine(request_, mock=False) == Own()


@pytest.mark.parametrize(
    ("does", "said"),
    [
        ("", "There is no Pulumi engine on this machine; names that it took itself count as taken"),
        ('sys.exit("error: PULUMI_ACCESS_TOKEN must be set")', "The engine is not logged in to a backend"),
    ],
)
def test_why_it_is_not_known_is_said(request_: Request, does: str, said: str) -> None:
    if does:
        install(request_, does)

    found = from_engine(request_, mock=False)

    assert found.ids == frozenset()
    [unasked] = found.unasked
    assert said in unasked.reason


def test_on_a_mock_cloud_its_own_state_is_asked_once_there_is_one(request_: Request, tmp_path: Path) -> None:
    install(request_, f"print({json.dumps(EXPORTED)!r})")
    with served(tmp_path / "runtime") as doors:
        before = doors.server.cloud.projects.get("acme-new")
        assert from_engine(request_, mock=True) == Own()
        with place.mock_place(request_, or_here=False):
            assert from_engine(request_, mock=True) == Own(frozenset({IDENTITY}))
    assert before is None
