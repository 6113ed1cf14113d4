"""From text to a pipeline: what is read, and what is refused, with four parts and no more than its limits of time."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from groundplan_policies.pipelines.text import DEEPEST, LARGEST, PipelineError, read_json, read_text
from tests.architecture.sources import ROOT
from tests.policies.pipelines.specs import good

COMPILED = ROOT / "workloads" / "compiled" / "census-income.yaml"


def as_yaml() -> str:
    return yaml.safe_dump(good())


def test_what_the_compiler_writes_is_read_with_the_line_of_each_value() -> None:
    found = read_text(COMPILED.read_bytes(), COMPILED.name)
    assert found.spec == yaml.safe_load(COMPILED.read_text(encoding="utf-8"))
    lines = COMPILED.read_text(encoding="utf-8").splitlines()
    assert lines[found.lines["schemaVersion",] - 1] == "schemaVersion: 2.1.0"
    assert lines[found.lines["root", "dag", "tasks", "train-2"] - 1].strip() == "train-2:"


def test_yaml_and_json_are_the_same_pipeline() -> None:
    assert read_text(as_yaml().encode(), "f").spec == read_text(json.dumps(good()).encode(), "f").spec == good()
    assert read_text(b"\xef\xbb\xbf" + as_yaml().encode(), "f").spec == good()
    assert read_text(json.dumps(good()).encode(), "f").lines == {}


def test_a_second_document_is_the_platforms() -> None:
    platform = "---\nplatforms:\n  kubernetes: {deploymentSpec: {executors: {}}}\n"
    assert read_text((as_yaml() + platform).encode(), "f").spec == good()


BOMB = "a: &a [x]\n" + "".join(
    f"{chr(98 + level)}: &{chr(98 + level)} [{', '.join([f'*{chr(97 + level)}'] * 9)}]\n" for level in range(9)
)


REFUSED = [
    (b"", "holds no pipeline, or several"),
    (b"---\n", "holds no pipeline"),
    (b"# nothing\n", "holds no pipeline, or several"),
    (b"\xff\xfe\x00", "is no text"),
    (b"a: [", "is no YAML"),
    (b"{", "is no JSON"),
    (b"x", "is of another type"),
    (b"- root", "is of another type"),
    (b"a: 1", "holds no pipeline"),
    (b"{}", "holds no pipeline"),
    (b"pipelineSpec: {root: {}}", "holds a job"),
    (b'{"root": {}, "root": {}}', "is no JSON"),
    (b'{"root": NaN}', "is no JSON"),
    (b"root: {}\nroot: {}", "holds what it may not"),
    (b"root: !!python/object/apply:os.system [ls]", "holds what it may not"),
    (b"root: .nan", "holds what JSON cannot"),
    (b"root: .inf", "holds what JSON cannot"),
    (b"root: 2026-01-01", "holds what JSON cannot"),
    (b"root: {}\n---\nroot: {}", "is no configuration of a platform"),
    (b"root: {}\n---\nplatforms: {}\nmore: 1", "is no configuration of a platform"),
    (b"root: {}\n---\nplatforms: {}\n---\nplatforms: {}", "holds no pipeline, or several"),
    (b"root: &a {x: 1}\nmore: *a", "holds what it may not"),
    (BOMB.encode(), "holds what it may not"),
    (b'{"root": ' + b"[" * 50_000, "nested too deeply"),
    (b"root: " + b"[" * 50_000, "nested too deeply"),
    (b"root: " + b"{a: " * 200 + b"1" + b"}" * 200, "nested too deeply"),
    (b'{"root": ' + b"[" * 200 + b"]" * 200 + b"}", "nested too deeply"),
    (b"x" * (LARGEST + 1), "is too large"),
    (b"root: " + b"9" * 5000, "holds what it may not"),
]


@pytest.mark.parametrize(("raw", "what"), REFUSED, ids=map(str, range(len(REFUSED))))
def test_anything_else_is_refused_in_four_parts(raw: bytes, what: str) -> None:
    with pytest.raises(PipelineError) as error:
        read_text(raw, "pipeline.yaml")
    assert what in error.value.what
    assert "pipeline.yaml" in error.value.given
    assert all((error.value.given, error.value.allowed, error.value.remedy))


@pytest.mark.parametrize(
    "read",
    [lambda text: read_text(text.encode(), "f").spec, lambda text: read_json(text, "f")],
    ids=["file", "schedule"],
)
def test_the_limits_are_what_they_say(read: Callable[[str], object]) -> None:
    def nested(levels: int) -> str:
        return '{"root": ' + "[" * levels + "]" * levels + "}"

    assert read(nested(DEEPEST - 1))
    with pytest.raises(PipelineError, match="nested too deeply"):
        read(nested(DEEPEST))
    room = LARGEST - len('{"root": ""}')
    assert read('{"root": "' + "x" * room + '"}')
    with pytest.raises(PipelineError, match="too large"):
        read('{"root": "' + "x" * (room + 1) + '"}')


def test_ten_megabytes_are_refused_without_being_read(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_bytes(b"root: {}\n" * 1_100_000)
    with pytest.raises(PipelineError, match="too large"):
        read_text(file.read_bytes(), file.name)
