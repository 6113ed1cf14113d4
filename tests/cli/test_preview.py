import json
import re
from pathlib import Path

import pytest

from groundplan_cli.guardrails import beside
from groundplan_policies.engine import evaluate, registry
from mockcloud import Diagnostic, ProgramFailed
from tests.cli.conftest import FakeEngine, Invoke
from tests.cli.documents import Builder, shop


@pytest.fixture
def few_controls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave one control, so that what is shown of a plan does not depend on all the others."""
    every = {"DAT-05": registry.all_controls()["DAT-05"]}
    for module in (registry, evaluate, beside):
        monkeypatch.setattr(module, "all_controls", lambda: every)


def test_the_plan_is_a_tree_with_what_a_reader_asks_next(
    groundplan: Invoke, engine: FakeEngine, few_controls: None
) -> None:
    result = groundplan("preview", "dev")

    assert result.exit_code == 0, result.output
    # How many types have been reviewed is no matter of this test.
    assert (
        re.sub(r", \d+ resource types? that nobody has reviewed", "", result.stdout)
        == """\
shop-dev
├── net  compute.Network
├── subnet  compute.Subnetwork  1 unknown
├── key  kms.CryptoKey  protected
└── store  shop.Store
    └── logs  storage.Bucket  ignores labels  1 unknown  1 secret  blocked: DAT-05

Kinds
  2  compute  Network, Subnetwork
  1  kms      CryptoKey
  1  storage  Bucket

Unknown until apply
  1  net (compute.Network)  → subnet.network
  1  key (kms.CryptoKey)    → logs.defaultKmsKeyName

Outputs
  bucket    known after apply
  region    "europe-west4"
  password  secret

Guardrails  regulated
  Not clean: 1 finding of 1 control.
  DAT-05  high  Buckets prevent public access: logs
  groundplan check dev says more

4 resources in 1 component, in 1.8 s (imports 1.5 s, program 0.2 s)
"""
    )


def test_the_command_that_says_more_can_be_run_from_here(
    groundplan: Invoke, engine: FakeEngine, few_controls: None, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = project.parent / "else where"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    shown = groundplan("preview", "dev", "--project", str(project)).stdout

    assert f"\n  groundplan check dev --project ../{project.name} says more\n" in shown


def test_the_engine_gets_project_stack_and_settings(groundplan: Invoke, engine: FakeEngine, project: Path) -> None:
    result = groundplan("preview", "live", "--config", "gcp:region=europe-west4", "--config", "a=b=c", "--timeout", "7")

    assert result.exit_code == 0
    [(directory, stack, options)] = engine.calls
    assert (directory, stack) == (project, "live")
    assert options["config"] == {"gcp:region": "europe-west4", "a": "b=c"}
    assert options["timeout"] == 7


def test_json_is_the_document_and_nothing_else(groundplan: Invoke, engine: FakeEngine) -> None:
    engine.give(shop(), stdout="hello from the program\n", diagnostics=(Diagnostic("warning", "careful"),))

    result = groundplan("preview", "dev", "--json")

    assert json.loads(result.stdout) == shop().document()
    assert "hello from the program" in result.stderr
    assert "warning: careful" in result.stderr


def test_out_writes_the_document(groundplan: Invoke, engine: FakeEngine, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text("old", encoding="utf-8")

    result = groundplan("preview", "dev", "--out", str(file))

    assert result.exit_code == 0
    assert result.stdout == ""
    assert "4 resources" in result.stderr
    assert json.loads(file.read_text(encoding="utf-8")) == shop().document()
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["plan.json"]


def test_a_failed_run_leaves_the_file_as_it_was(groundplan: Invoke, engine: FakeEngine, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text("old", encoding="utf-8")
    engine.answer = ProgramFailed("The program failed", given="ValueError: no", allowed="an end", remedy="mend it")

    assert groundplan("preview", "dev", "--out", str(file)).exit_code == 2
    assert file.read_text(encoding="utf-8") == "old"


def test_the_only_stack_needs_no_name(groundplan: Invoke, engine: FakeEngine, project: Path) -> None:
    (project / "Pulumi.live.yaml").unlink()

    assert groundplan("preview").exit_code == 0
    assert engine.calls[0][1] == "dev"


def test_several_stacks_are_listed(groundplan: Invoke, engine: FakeEngine) -> None:
    result = groundplan("preview")

    assert result.exit_code == 2
    assert "allowed: dev, live" in result.stderr
    assert engine.calls == []


def test_a_stack_that_does_not_exist_is_refused_with_those_that_do(groundplan: Invoke, engine: FakeEngine) -> None:
    result = groundplan("preview", "prod")

    assert result.exit_code == 2
    assert "no stack 'prod'" in result.stderr
    assert "dev, live" in result.stderr


def test_a_project_without_stacks_says_how_to_make_one(groundplan: Invoke, engine: FakeEngine, project: Path) -> None:
    for stack in ("dev", "live"):
        (project / f"Pulumi.{stack}.yaml").unlink()

    result = groundplan("preview")

    assert result.exit_code == 2
    assert "has no stack" in result.stderr
    assert "Pulumi.dev.yaml" in result.stderr


def test_the_project_is_found_from_a_directory_below(
    groundplan: Invoke, engine: FakeEngine, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = project / "parts" / "deep"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)

    assert groundplan("preview", "dev").exit_code == 0
    assert engine.calls[0][0] == project


def test_a_project_elsewhere_can_be_named(
    groundplan: Invoke, engine: FakeEngine, project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    assert groundplan("preview", "dev", "--project", "shop").exit_code == 0
    assert engine.calls[0][0] == project


def test_no_project_is_said_so(
    groundplan: Invoke, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    for arguments in (("preview", "dev"), ("preview", "dev", "--project", "missing"), ("graph", "dev")):
        result = groundplan(*arguments)
        assert result.exit_code == 2
        assert "There is no Pulumi project" in result.stderr


def test_a_project_file_that_is_no_yaml_is_said_so(groundplan: Invoke, engine: FakeEngine, project: Path) -> None:
    (project / "Pulumi.yaml").write_text("name: [", encoding="utf-8")

    result = groundplan("preview", "dev")

    assert result.exit_code == 2
    assert "Pulumi.yaml" in result.stderr


def test_a_program_in_another_language_is_said_so(groundplan: Invoke, engine: FakeEngine, project: Path) -> None:
    (project / "Pulumi.yaml").write_text("name: shop\nruntime: nodejs\n", encoding="utf-8")

    result = groundplan("preview", "dev")

    assert result.exit_code == 2
    assert "Python" in result.stderr
    assert "nodejs" in result.stderr


@pytest.mark.parametrize("pair", ["region", "=x", " =x"])
def test_a_configuration_option_without_a_key_is_refused(groundplan: Invoke, engine: FakeEngine, pair: str) -> None:
    result = groundplan("preview", "dev", "--config", pair)

    assert result.exit_code == 2
    assert "KEY=VALUE" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--json", "--out", "x"),
        ("--json", "--diff", "x"),
        ("--out", "x", "--diff", "y"),
        ("--watch", "--json"),
        ("--watch", "--out", "x"),
        ("--exit-code",),
        ("--watch", "--diff", "x", "--exit-code"),
    ],
)
def test_options_that_contradict_each_other_are_refused(
    groundplan: Invoke, engine: FakeEngine, arguments: tuple[str, ...]
) -> None:
    result = groundplan("preview", "dev", *arguments)

    assert result.exit_code == 2
    assert "error: " in result.stderr
    assert engine.calls == []


@pytest.mark.parametrize("arguments", [("--timeout", "0"), ("--timeout", "soon"), ("--nonsense",), ("dev", "live")])
def test_wrong_use_is_refused_by_the_parser(groundplan: Invoke, engine: FakeEngine, arguments: tuple[str, ...]) -> None:
    assert groundplan("preview", *arguments).exit_code == 2


def test_diff_shows_what_differs(groundplan: Invoke, engine: FakeEngine, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(shop().document()), encoding="utf-8")
    later = shop()
    later.add("gcp:compute/firewall:Firewall", "deny-all")
    engine.give(later)

    result = groundplan("preview", "dev", "--diff", str(file))

    assert result.exit_code == 0
    assert "+ deny-all  compute.Firewall" in result.stdout
    assert "1 added, 0 removed, 0 changed, 0 renamed." in result.stdout
    assert groundplan("preview", "dev", "--diff", str(file), "--exit-code").exit_code == 1


def test_diff_without_a_difference_says_so(groundplan: Invoke, engine: FakeEngine, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(shop().document()), encoding="utf-8")

    result = groundplan("preview", "dev", "--diff", str(file), "--exit-code")

    assert result.exit_code == 0
    assert result.stdout.startswith("No changes from ")


def test_a_preview_that_leaves_out_resources_is_nothing_to_compare_with(
    groundplan: Invoke, engine: FakeEngine, tmp_path: Path
) -> None:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps({"steps": [], "changeSummary": {"same": 7}}), encoding="utf-8")

    result = groundplan("preview", "dev", "--diff", str(file))

    assert result.exit_code == 2
    assert "does not hold the whole deployment" in result.stderr
    assert "--show-sames" in result.stderr


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"version": 9, "deployment": {}}'])
def test_a_file_that_is_no_document_is_refused_before_the_program_runs(
    groundplan: Invoke, engine: FakeEngine, tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "plan.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")

    result = groundplan("preview", "dev", "--diff", str(file))

    assert result.exit_code == 2
    assert "to do:" in result.stderr
    assert engine.calls == []


def test_a_clean_plan_says_so(groundplan: Invoke, engine: FakeEngine, project: Path) -> None:
    (project / "Pulumi.dev.yaml").write_text("config:\n  shop:tier: learner\n", encoding="utf-8")
    build = Builder()
    build.add("gcp:storage/bucket:Bucket", "logs")
    engine.give(build)

    result = groundplan("preview", "dev")

    assert result.exit_code == 0
    assert "Guardrails  learner\n  Clean; " in result.stdout
    assert "blocked" not in result.stdout
    assert "Exit code" not in result.stdout


def test_findings_do_not_fail_a_preview(groundplan: Invoke, engine: FakeEngine) -> None:
    result = groundplan("preview", "dev")

    assert result.exit_code == 0
    assert "Not clean: " in result.stdout


def test_guardrails_that_cannot_be_read_do_not_stop_a_preview(
    groundplan: Invoke, engine: FakeEngine, project: Path
) -> None:
    (project / "guardrails.dev.yaml").write_text("extends: [\n", encoding="utf-8")

    result = groundplan("preview", "dev")

    assert result.exit_code == 0
    assert "├── net  compute.Network\n" in result.stdout
    assert "  not checked: The file is no YAML (" in result.stdout


def test_a_resource_that_many_controls_block_names_a_few(groundplan: Invoke, engine: FakeEngine) -> None:
    build = Builder()
    build.add("gcp:storage/bucket:Bucket", "logs")
    engine.give(build)

    (line,) = (each for each in groundplan("preview", "dev").stdout.splitlines() if "── logs" in each)

    marks = line.partition("blocked: ")[2].split()
    assert len(marks) == 4
    assert marks[-1].startswith("+")


def test_many_alike_that_are_blocked_alike_share_a_line(
    groundplan: Invoke, engine: FakeEngine, few_controls: None
) -> None:
    build = Builder()
    for number in range(10):
        build.add("gcp:storage/bucket:Bucket", f"open-{number}")
        build.add("gcp:storage/bucket:Bucket", f"shut-{number}", inputs={"publicAccessPrevention": "enforced"})
    engine.give(build)

    lines = groundplan("preview", "dev").stdout.splitlines()

    assert "├── open-0 … open-9  storage.Bucket ×10  blocked: DAT-05" in lines
    assert "└── shut-0 … shut-9  storage.Bucket ×10" in lines
    assert "  DAT-05  high  Buckets prevent public access: open-0, open-1, open-2 and 7 more" in lines
