"""`groundplan pipeline components`, and `groundplan check` of a compiled pipeline."""

import html
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from groundplan_cli.app import app
from groundplan_policies.pipelines.roles import Role
from groundplan_policies.settings.read import SettingsError, read_settings
from tests.cli.conftest import FakeEngine, Invoke
from tests.cli.documents import Builder
from tests.policies.pipelines.specs import IMAGE, Spec, good, roles, text

REGISTRY = "europe-west4-docker.pkg.dev/acme-ml/images"


@pytest.fixture
def compiled(project: Path) -> Path:
    """A file with a pipeline, inside of a project."""
    folder = project / "flows"
    folder.mkdir()
    (folder / "income.yaml").write_text(yaml.safe_dump(good()), encoding="utf-8")
    return folder / "income.yaml"


@pytest.fixture
def settings(project: Path) -> Path:
    """Settings with the roles of its components."""
    content = {
        "extends": "regulated",
        "parameters": {"pipeline_components": roles(good()), "allowed_registries": [REGISTRY]},
    }
    (project / "guardrails.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return project / "guardrails.yaml"


def rewritten(file: Path, **changes: Any) -> Spec:
    spec = {**good(), **changes}
    file.write_text(yaml.safe_dump(spec), encoding="utf-8")
    return spec


def report(groundplan: Invoke, *arguments: str) -> dict[str, Any]:
    result = groundplan("check", *arguments, "--format", "json")
    assert result.exit_code in {0, 1}, result.output
    content: dict[str, Any] = json.loads(result.stdout)
    return content


def test_only_the_controls_on_pipelines_look_at_a_file(groundplan: Invoke, compiled: Path, settings: Path) -> None:
    content = report(groundplan, "flows/income.yaml", "--settings", str(settings))
    states = {each["id"]: each["state"] for each in content["controls"]}
    assert {each for each in states if not each.startswith("PIPE-")} == set()
    assert states.pop("PIPE-05") == states.pop("PIPE-08") == "indeterminate"
    assert states.pop("PIPE-04") == "not applicable"
    assert {name for name, state in states.items() if state == "declared"} == {"PIPE-01", "PIPE-02", "PIPE-03"}
    assert {*states.values()} == {"pass", "declared"}
    assert (content["subject"]["profile"], content["subject"]["proof"]["level"]) == ("pipeline", "pipeline")
    assert content["subject"]["name"] == str(compiled.relative_to(Path.cwd()))
    assert content["result"]["exitCode"] == 1


def test_a_file_is_clean_where_the_settings_only_warn_of_what_it_cannot_say(
    groundplan: Invoke, compiled: Path, settings: Path
) -> None:
    content = yaml.safe_load(settings.read_text(encoding="utf-8"))
    content["levels"] = {"PIPE-05": "warn", "PIPE-08": "warn"}
    settings.write_text(yaml.safe_dump(content), encoding="utf-8")
    result = groundplan("check", str(compiled), "--settings", str(settings))
    assert result.exit_code == 0, result.output
    assert "a compiled pipeline by itself" in result.stdout


def test_every_format_names_the_line(groundplan: Invoke, compiled: Path, settings: Path) -> None:
    rewritten(compiled, schemaVersion="9.9.9")
    line = next(
        number
        for number, each in enumerate(compiled.read_text(encoding="utf-8").splitlines(), start=1)
        if each.startswith("schemaVersion")
    )
    given = ("check", "flows/income.yaml", "--settings", str(settings), "--format")
    for form in ("text", "markdown", "junit"):
        assert f"flows/income.yaml:{line}" in html.unescape(groundplan(*given, form).stdout), form
    (run,) = json.loads(groundplan(*given, "sarif").stdout)["runs"]
    (found,) = (each for each in run["results"] if each["ruleId"] == "PIPE-10")
    place = found["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("flows/income.yaml", line)


def test_a_pipeline_may_come_by_standard_input(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    for written in (text(good()), yaml.safe_dump(good())):
        result = CliRunner().invoke(app, ["check", "-", "--format", "json"], input=written)
        content = json.loads(result.stdout)
        assert content["subject"]["profile"] == "pipeline"
        assert {each["source"] for each in content["findings"]} == {None}


@pytest.mark.parametrize(
    "content",
    ["", "a: [", "- x", "a: 1", "x" * 2_000_000, "root: " + "[" * 5000, "root: &a {x: 1}\nmore: *a", "config: {a: b}"],
    ids=["empty", "no YAML", "list", "other", "large", "deep", "alias", "stack"],
)
def test_what_is_no_pipeline_is_refused_without_a_traceback(groundplan: Invoke, compiled: Path, content: str) -> None:
    compiled.write_text(content, encoding="utf-8")
    for command in (("check",), ("pipeline", "components")):
        result = groundplan(*command, "flows/income.yaml")
        assert result.exit_code == 2, result.output
        assert all(part in result.stderr for part in ("error:", "given:", "allowed:", "to do:"))
        assert "Traceback" not in result.output


def test_names_that_others_wrote_are_escaped(groundplan: Invoke, compiled: Path) -> None:
    rewritten(compiled, pipelineInfo={"name": "x\x1b[2J\n::error::"})
    for command in (("check",), ("pipeline", "components")):
        assert "\x1b" not in groundplan(*command, "flows/income.yaml").output
    lines = groundplan("pipeline", "components", "flows/income.yaml").stdout.splitlines()
    assert not [each for each in lines if each.startswith("::")]


def test_components_come_with_digests_that_wait_for_a_role(groundplan: Invoke, compiled: Path, tmp_path: Path) -> None:
    result = groundplan("pipeline", "components", str(compiled))
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"# ROLE is one of {', '.join(Role)}\nparameters:\n  pipeline_components:\n")
    assert f"    # income: task train, of train, in {IMAGE}\n" in result.stdout
    found = yaml.safe_load(result.stdout)["parameters"]["pipeline_components"]
    assert found == dict.fromkeys(roles(good()), "ROLE")
    file = tmp_path / "waiting.yaml"
    file.write_text(f"extends: regulated\n{result.stdout}", encoding="utf-8")
    with pytest.raises(SettingsError, match="no such role"):
        read_settings(file)


def test_roles_that_the_settings_give_are_filled_in(groundplan: Invoke, compiled: Path, settings: Path) -> None:
    result = groundplan("pipeline", "components", str(compiled), "--settings", str(settings))
    assert yaml.safe_load(result.stdout)["parameters"]["pipeline_components"] == roles(good())


def test_the_image_of_a_schedule_is_a_part_of_the_digests(groundplan: Invoke, compiled: Path) -> None:
    plain = groundplan("pipeline", "components", str(compiled)).stdout
    same = groundplan("pipeline", "components", str(compiled), "--image", IMAGE).stdout
    other = groundplan("pipeline", "components", str(compiled), "--image", "a@sha256:b").stdout
    assert same == plain
    digests = [yaml.safe_load(each)["parameters"]["pipeline_components"].keys() for each in (plain, other)]
    assert digests[0].isdisjoint(digests[1])


def test_the_pipelines_of_a_document_are_listed(groundplan: Invoke, project: Path, engine: FakeEngine) -> None:
    build = Builder()
    job = {"pipelineJob": {"pipelineSpec": text(good())}}
    build.add("gcp:colab/schedule:Schedule", "weekly", inputs={"createPipelineJobRequest": job})
    engine.give(build)
    (project / "plan.json").write_text(json.dumps(build.document()), encoding="utf-8")
    result = groundplan("pipeline", "components", "plan.json")
    assert yaml.safe_load(result.stdout)["parameters"]["pipeline_components"].keys() == roles(good()).keys()


def test_a_document_without_a_pipeline_is_told(groundplan: Invoke, project: Path) -> None:
    (project / "plan.json").write_text(json.dumps(Builder().document()), encoding="utf-8")
    result = groundplan("pipeline", "components", "plan.json")
    assert result.exit_code == 2
    assert "no compiled pipeline" in result.stderr
