from pathlib import Path

import pytest

from tests.cli.conftest import FakeEngine, Invoke

ANSWERS = """
invokes:
  gcp:organizations/getProject:getProject: {number: "123"}
stackReferences:
  organization/network/live: {subnet: core}
secretConfig:
  shop:token: 7
"""


@pytest.mark.parametrize("command", ["preview", "graph"])
def test_answers_reach_the_engine(groundplan: Invoke, engine: FakeEngine, tmp_path: Path, command: str) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text(ANSWERS, encoding="utf-8")

    assert groundplan(command, "dev", "--answers", str(file)).exit_code == 0

    options = engine.calls[0][2]
    assert options["invokes"] == {"gcp:organizations/getProject:getProject": {"number": "123"}}
    assert options["stack_references"] == {"organization/network/live": {"subnet": "core"}}
    assert options["secret_config"] == {"shop:token": "7"}


def test_an_empty_file_answers_nothing(groundplan: Invoke, engine: FakeEngine, tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text("invokes:\n", encoding="utf-8")

    assert groundplan("preview", "dev", "--answers", str(file)).exit_code == 0
    assert engine.calls[0][2]["invokes"] == {}


@pytest.mark.parametrize(
    ("content", "given"),
    [
        (None, "No such file"),
        ("a: [", "while parsing"),
        ("- hunter2", "the file, which is no mapping"),
        ("invoke: {}", "the key invoke"),
        ("stackReferences: {a: hunter2}", "a, which is no mapping"),
        ("secretConfig: hunter2", "secretConfig, which is no mapping"),
        ("invokes: !!python/object/apply:os.system [id]", "could not determine a constructor"),
    ],
)
def test_what_is_no_file_of_answers_is_refused(
    groundplan: Invoke, engine: FakeEngine, tmp_path: Path, content: str | None, given: str
) -> None:
    file = tmp_path / "answers.yaml"
    if content is not None:
        file.write_text(content, encoding="utf-8")

    result = groundplan("preview", "dev", "--answers", str(file))

    assert result.exit_code == 2
    assert given in result.stderr
    assert "hunter2" not in result.stderr
    assert engine.calls == []
