"""A project on disk, a command to call, and an engine that answers with a document made by hand."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import mockcloud
from groundplan_cli.app import app
from groundplan_policies.engine.values import Value
from mockcloud import Diagnostic, Preview, Seconds
from tests.cli.documents import Builder, shop

Invoke = Callable[..., Result]


def finished(document: dict[str, Value], *, stdout: str = "", diagnostics: tuple[Diagnostic, ...] = ()) -> Preview:
    """What the engine gives when a program has ended."""
    return Preview(
        # Through JSON, as a real document comes from another process.
        document=json.loads(json.dumps(document)),
        outputs={},
        diagnostics=diagnostics,
        stdout=stdout,
        stderr="",
        modules=(),
        sources=(),
        seconds=Seconds(imports=1.5, program=0.25),
    )


class FakeEngine:
    """Stands in for the embedded engine: gives its answer, or raises it, and remembers how it was called."""

    def __init__(self) -> None:
        self.answer: Preview | BaseException = finished(shop().document())
        self.calls: list[tuple[Path, str, Mapping[str, object]]] = []

    def give(self, builder: Builder, **said: object) -> None:
        self.answer = finished(builder.document(), **said)  # type: ignore[arg-type]  # passed on as they are

    def __call__(self, directory: Path, stack: str, **options: object) -> Preview:
        self.calls.append((directory, stack, options))
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    fake = FakeEngine()
    monkeypatch.setitem(vars(mockcloud), "preview_in_child", fake)
    return fake


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the stacks `dev` and `live`."""
    home = tmp_path / "shop"
    home.mkdir()
    (home / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
    (home / "__main__.py").write_text("import pulumi\n", encoding="utf-8")
    for stack in ("dev", "live"):
        (home / f"Pulumi.{stack}.yaml").write_text("", encoding="utf-8")
    return home


@pytest.fixture
def groundplan(monkeypatch: pytest.MonkeyPatch, project: Path) -> Invoke:
    """Call the command from within the project."""
    monkeypatch.chdir(project)
    runner = CliRunner()

    def invoke(*arguments: str) -> Result:
        return runner.invoke(app, list(arguments))

    return invoke
