"""Project directories: what is read, what is refused, and what is left behind."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from mockcloud import (
    InvalidConfig,
    InvalidProject,
    MissingConfig,
    ProjectNotFound,
    StackNotFound,
    UnsupportedRuntime,
    preview_directory,
    read_project,
)
from tests.mockcloud.embedded.helpers import PRELUDE, inputs, resources, write_project

EXPORT = """
import json, os, sys
import pulumi

pulumi.export("config", {key: value for key, value in pulumi.runtime.config.CONFIG.get().items()})
pulumi.export("place", [os.getcwd(), sys.path[0], sys.argv[0]])
"""


def config_of(directory: Path, **settings: object) -> dict[str, object]:
    outputs = preview_directory(directory, "dev", **settings).outputs  # type: ignore[arg-type] # given by the tests below
    found = outputs["config"]
    assert isinstance(found, dict)
    return dict(found)


def test_values_arrive_as_pulumi_writes_them(tmp_path: Path) -> None:
    settings = """
    config:
      gcp:region: europe-west4
      proj:flag: true
      proj:size: 30
      proj:part: 1.5
      proj:word: yes
      proj:day: 2026-01-31
      proj:time: 12:30:45
      proj:nothing:
      proj:list: [1, a, {b: true}]
      proj:object: {b: 1, a: {c: é}}
      proj:version: "1.10"
    """
    assert config_of(write_project(tmp_path, EXPORT, settings=settings)) == {
        "gcp:region": "europe-west4",
        "proj:flag": "true",
        "proj:size": "30",
        "proj:part": "1.5",
        "proj:word": "yes",
        "proj:day": "2026-01-31",
        "proj:time": "12:30:45",
        "proj:nothing": "",
        "proj:list": '[1,"a",{"b":true}]',
        "proj:object": '{"a":{"c":"é"},"b":1}',
        "proj:version": "1.10",
    }


def test_the_projects_defaults_are_under_the_stacks_values_and_the_callers_over_them(tmp_path: Path) -> None:
    project = """
    name: proj
    runtime: {name: python, options: {toolchain: uv, virtualenv: .venv}}
    config:
      gcp:project: {value: default-project}
      gcp:region: shorthand
      one: {type: integer, default: 1}
      two: {default: 2}
      three: {default: 3}
      four: {type: array, default: [a]}
    """
    settings = "config:\n  proj:two: 20\n  proj:three: 30\n"
    directory = write_project(tmp_path, EXPORT, project=project, settings=settings)
    assert config_of(directory, config={"three": "300", "gcp:zone": "z"}) == {
        "gcp:project": "default-project",
        "gcp:region": "shorthand",
        "gcp:zone": "z",
        "proj:one": "1",
        "proj:two": "20",
        "proj:three": "300",
        "proj:four": '["a"]',
    }


def test_the_process_environment_is_not_consulted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps({"proj:size": "from the environment"}))
    monkeypatch.setenv("PULUMI_CONFIG_PROJ_SIZE", "from the environment")
    program = "import pulumi\npulumi.export('size', pulumi.Config().get('size') or 'nothing')\n"
    assert preview_directory(write_project(tmp_path, program), "dev").outputs == {"size": "nothing"}


def test_declared_values_that_are_given_nowhere_are_all_named(tmp_path: Path) -> None:
    project = "name: proj\nruntime: python\nconfig:\n  b: {type: string}\n  a: {}\n  gcp:project: {}\n"
    with pytest.raises(MissingConfig) as raised:
        preview_directory(write_project(tmp_path, project=project), "dev")
    assert raised.value.given == "no value for a, b"
    assert "Pulumi.dev.yaml" in raised.value.remedy


@pytest.mark.parametrize(
    ("declared", "given"),
    [("integer", "true"), ("integer", "many"), ("boolean", "1"), ("array", "{a: 1}"), ("array", "a")],
)
def test_a_value_of_another_type_than_declared(declared: str, given: str, tmp_path: Path) -> None:
    project = f"name: proj\nruntime: python\nconfig:\n  value: {{type: {declared}}}\n"
    with pytest.raises(InvalidConfig) as raised:
        preview_directory(write_project(tmp_path, project=project, settings=f"config:\n  proj:value: {given}\n"), "dev")
    assert declared in raised.value.allowed


def test_an_environment_of_pulumis_service_is_reported(tmp_path: Path) -> None:
    preview = preview_directory(write_project(tmp_path, settings="environment: [prod]\n"), "dev")
    assert [(one.severity, "Pulumi ESC" in one.message) for one in preview.diagnostics] == [("warning", True)]


def test_main_and_the_place_of_the_settings_may_be_moved(tmp_path: Path) -> None:
    project = "name: proj\nruntime: python\nmain: src/\nstackConfigDir: stacks\n"
    files = {"src/__main__.py": EXPORT + "import parts\n", "src/parts.py": "", "stacks/Pulumi.prod.yaml": ""}
    write_project(tmp_path, "raise RuntimeError\n", project=project, files=files)
    preview = preview_directory(tmp_path, "acme/proj/prod")
    source = str((tmp_path / "src").resolve())
    assert preview.outputs["place"] == [source, source, source]
    assert [path.name for path in preview.sources] == ["__main__.py", "parts.py"]
    assert read_project(tmp_path).stacks() == ["prod"]


def test_main_may_be_a_file(tmp_path: Path) -> None:
    project = "name: proj\nruntime: python\nmain: src/app.py\n"
    files = {"src/app.py": PRELUDE + "import parts\nThing('a', size=parts.SIZE)\n", "src/parts.py": "SIZE = 4\n"}
    preview = preview_directory(write_project(tmp_path, project=project, files=files), "dev")
    assert inputs(preview, "a") == {"size": 4}
    assert resources(preview)["a"]["sourcePosition"] == "project:///src/app.py#11"


def test_a_stacks_name_may_say_its_organisation(tmp_path: Path) -> None:
    program = "import pulumi\npulumi.export('o', [pulumi.get_organization(), pulumi.get_stack()])\n"
    write_project(tmp_path, program)
    assert preview_directory(tmp_path, "acme/proj/dev").outputs == {"o": ["acme", "dev"]}
    assert preview_directory(tmp_path, "dev", organization="other").outputs == {"o": ["other", "dev"]}


def test_a_stack_that_does_not_exist_lists_those_that_do(tmp_path: Path) -> None:
    write_project(tmp_path, files={"Pulumi.prod.yml": "", "Pulumi.yaml.orig": ""})
    with pytest.raises(StackNotFound) as raised:
        preview_directory(tmp_path, "porduction")
    assert raised.value.allowed == "dev, prod"
    assert str(tmp_path / "Pulumi.porduction.yaml") in raised.value.remedy


@pytest.mark.parametrize("stack", ["..", "", "x/../../etc", "*"])
def test_a_stacks_name_is_no_path(stack: str, tmp_path: Path) -> None:
    write_project(tmp_path)
    with pytest.raises(StackNotFound):
        preview_directory(tmp_path, stack)


def test_a_project_without_stacks_says_where_they_belong(tmp_path: Path) -> None:
    write_project(tmp_path)
    (tmp_path / "Pulumi.dev.yaml").unlink()
    with pytest.raises(StackNotFound, match=r"there is no Pulumi\.<stack>\.yaml"):
        preview_directory(tmp_path, "dev")


@pytest.mark.parametrize("name", ["empty", "missing"])
def test_a_directory_without_a_project(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ProjectNotFound) as raised:
        preview_directory(tmp_path / name, "dev")
    assert str(tmp_path / name) in raised.value.what


@pytest.mark.parametrize("runtime", ["nodejs", "{name: go}", "null"])
def test_a_program_in_another_language(runtime: str, tmp_path: Path) -> None:
    write_project(tmp_path, project=f"name: proj\nruntime: {runtime}\n")
    with pytest.raises(UnsupportedRuntime) as raised:
        preview_directory(tmp_path, "dev")
    assert "`pulumi preview`" in raised.value.remedy


@pytest.mark.parametrize("main", ["", "main: src/\n", "main: app.py\n"])
def test_a_project_without_a_program(main: str, tmp_path: Path) -> None:
    write_project(tmp_path, project=f"name: proj\nruntime: python\n{main}")
    (tmp_path / "__main__.py").unlink()
    with pytest.raises(ProjectNotFound, match=r"no program where Pulumi\.yaml says"):
        preview_directory(tmp_path, "dev")


@pytest.mark.parametrize(
    "text", ["runtime: python\n", "name: 3\nruntime: python\n", "a: [\n", "- a\n", "a: !!python/name:os.system\n"]
)
def test_a_project_file_that_cannot_be_understood(text: str, tmp_path: Path) -> None:
    write_project(tmp_path, project=text)
    with pytest.raises((InvalidProject, UnsupportedRuntime)) as raised:
        preview_directory(tmp_path, "dev")
    assert "Pulumi.yaml" in str(raised.value)


def test_settings_that_cannot_be_read_name_the_line(tmp_path: Path) -> None:
    write_project(tmp_path, settings="config:\n  proj:a: [1\n")
    with pytest.raises(InvalidProject, match="line 3"):
        preview_directory(tmp_path, "dev")


def test_a_key_that_stands_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    """Of two tiers in one file, a reader may see the one that does not count."""
    write_project(tmp_path, PRELUDE)
    settings = tmp_path / "Pulumi.dev.yaml"
    settings.write_text("config:\n  project:tier: regulated\n  project:tier: learner\n", encoding="utf-8")
    with pytest.raises(InvalidProject, match=r"key project:tier stands twice.*line 3"):
        preview_directory(tmp_path, "dev")


def test_settings_in_another_encoding_are_refused(tmp_path: Path) -> None:
    write_project(tmp_path)
    (tmp_path / "Pulumi.dev.yaml").write_bytes(b"config:\n  proj:a: \xff\n")
    with pytest.raises(InvalidProject, match="UTF-8"):
        preview_directory(tmp_path, "dev")


def test_nothing_of_a_program_stays_in_the_process(tmp_path: Path) -> None:
    before = (Path.cwd(), list(sys.path), sys.argv, sys.stdout, sys.stdin, set(sys.modules))
    files = {"parts/__init__.py": "", "parts/deep.py": "", "single.py": ""}
    write_project(tmp_path, "import parts.deep, single, sys\nsys.path.append('/x')\nsys.argv = [0]\n", files=files)
    preview_directory(tmp_path, "dev")
    assert (Path.cwd(), sys.path, sys.argv, sys.stdout, sys.stdin) == before[:5]
    assert not {"parts", "parts.deep", "single"} & set(sys.modules)


def test_modules_of_one_name_in_two_programs_are_two_modules(tmp_path: Path) -> None:
    program = "import pulumi, parts\npulumi.export('from', parts.NAME)\n"
    for name in ("one", "two"):
        write_project(tmp_path / name, program, files={"parts.py": f"NAME = {name!r}\n"})
        assert preview_directory(tmp_path / name, "dev").outputs == {"from": name}


def test_a_module_that_the_process_has_loaded_does_not_hide_the_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "parts_of_it.py").write_text("NAME = 'elsewhere'\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(elsewhere))
    import parts_of_it  # type: ignore[import-not-found] # written above

    program = "import pulumi, parts_of_it\npulumi.export('from', parts_of_it.NAME)\n"
    write_project(tmp_path / "own", program, files={"parts_of_it.py": "NAME = 'own'\n"})
    assert preview_directory(tmp_path / "own", "dev").outputs == {"from": "own"}
    assert sys.modules.pop("parts_of_it") is parts_of_it


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    program = "import pulumi, parts\npulumi.export('size', parts.SIZE)\n"
    write_project(tmp_path, program, files={"parts.py": "SIZE = 1\n"})
    assert preview_directory(tmp_path, "dev").outputs == {"size": 1}
    (tmp_path / "parts.py").write_text("SIZE = 20\n", encoding="utf-8")
    os.utime(tmp_path / "parts.py", (1, 1))
    assert preview_directory(tmp_path, "dev").outputs == {"size": 20}


def test_a_failed_program_leaves_nothing_either(tmp_path: Path) -> None:
    before = (Path.cwd(), list(sys.path))
    write_project(tmp_path, "import parts\n1 / 0\n", files={"parts.py": ""})
    with pytest.raises(Exception, match="ZeroDivisionError"):
        preview_directory(tmp_path, "dev")
    assert (Path.cwd(), sys.path) == before
    assert "parts" not in sys.modules


def test_the_example_of_a_users_own_program_previews(tmp_path: Path) -> None:
    source = Path(__file__).parents[3] / "examples" / "own-program"
    directory = shutil.copytree(source, tmp_path / "own", ignore=shutil.ignore_patterns("__pycache__"))
    preview = preview_directory(directory, "dev")
    deployment = preview.document["deployment"]
    assert isinstance(deployment, dict)
    assert isinstance(deployment["resources"], list)
    assert [state["type"] for state in deployment["resources"] if isinstance(state, dict)] == [
        "pulumi:pulumi:Stack",
        "pulumi:providers:gcp",
        "gcp:kms/keyRing:KeyRing",
        "gcp:kms/cryptoKey:CryptoKey",
        "gcp:storage/bucket:Bucket",
        "gcp:storage/bucketIAMMember:BucketIAMMember",
    ]
    assert inputs(preview, "photos-reader")["member"] == "group:photographers@example.test"
    assert preview.outputs["region"] == "europe-west4"
    assert [path.name for path in preview.sources] == ["__main__.py", "storage.py"]
    assert "groundplan" not in (directory / "__main__.py").read_text(encoding="utf-8")
