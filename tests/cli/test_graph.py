from pathlib import Path

import pytest

from tests.cli.conftest import FakeEngine, Invoke


@pytest.mark.parametrize(
    ("form", "start"), [("mermaid", "flowchart TB\n"), ("dot", "digraph plan {\n"), ("html", "<!doctype html>\n")]
)
def test_each_format_goes_to_standard_output(groundplan: Invoke, engine: FakeEngine, form: str, start: str) -> None:
    result = groundplan("graph", "dev", "--format", form)

    assert result.exit_code == 0
    assert result.stdout.startswith(start)
    assert result.stderr == ""


def test_mermaid_is_the_default(groundplan: Invoke, engine: FakeEngine) -> None:
    assert groundplan("graph", "dev").stdout.startswith("flowchart")


def test_out_writes_a_file(groundplan: Invoke, engine: FakeEngine, tmp_path: Path) -> None:
    file = tmp_path / "plan.html"

    result = groundplan("graph", "dev", "--format", "html", "--out", str(file))

    assert result.exit_code == 0
    assert result.stdout == ""
    assert file.read_text(encoding="utf-8").endswith("</html>\n")
    assert result.stderr == f"{file}: 4 boxes, 2 flows\n"


def test_another_format_is_refused(groundplan: Invoke, engine: FakeEngine) -> None:
    result = groundplan("graph", "dev", "--format", "png")

    assert result.exit_code == 2
    assert "mermaid" in result.stderr


def test_settings_and_stacks_work_as_in_a_preview(groundplan: Invoke, engine: FakeEngine) -> None:
    assert groundplan("graph", "dev", "--config", "a=b", "--timeout", "5").exit_code == 0
    assert engine.calls[0][2]["config"] == {"a": "b"}
    assert "dev, live" in groundplan("graph").stderr
