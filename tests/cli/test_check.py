"""`groundplan check`: what is checked, under which settings, and what comes out."""

import json
import shlex
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from typer.testing import CliRunner

from groundplan_cli.app import app
from groundplan_cli.guardrails import rules
from groundplan_policies.engine.values import Value
from mockcloud import Diagnostic, ProgramFailed
from tests.cli.conftest import FakeEngine, Invoke
from tests.cli.documents import Builder

CLEAN_UNDER_LEARNER = {"publicAccessPrevention": "inherited"}


def buckets(**inputs: Value) -> Builder:
    """A stack with one bucket."""
    build = Builder()
    build.add("gcp:storage/bucket:Bucket", "logs", inputs=inputs, sourcePosition="project:///__main__.py#7")
    return build


@pytest.fixture(autouse=True)
def public(engine: FakeEngine) -> None:
    """A preview gives a bucket that anybody could be let into."""
    engine.give(buckets(publicAccessPrevention="inherited"))


def report(groundplan: Invoke, *arguments: str) -> dict[str, Any]:
    result = groundplan("check", *arguments, "--format", "json")
    assert result.exit_code in {0, 1}, result.output
    content: dict[str, Any] = json.loads(result.stdout)
    assert result.exit_code == content["result"]["exitCode"]
    return content


def verdict(content: dict[str, Any], control: str = "DAT-05") -> str:
    (found,) = (each["state"] for each in content["controls"] if each["id"] == control)
    return str(found)


def test_a_stack_is_previewed_and_checked(groundplan: Invoke, engine: FakeEngine, project: Path) -> None:
    result = groundplan("check", "live", "--config", "a=b", "--timeout", "7")

    assert result.exit_code == 1
    [(directory, stack, options)] = engine.calls
    assert (directory, stack) == (project, "live")
    assert (options["config"], options["timeout"]) == ({"a": "b"}, 7)
    assert result.stdout.startswith("Guardrails: live is not clean\n")
    assert "DAT-05  Buckets prevent public access" in result.stdout
    assert "- logs (storage.Bucket) __main__.py:7" in result.stdout
    assert result.stdout.splitlines()[-1].endswith("Exit code 1.")


def test_a_stack_can_be_deployed_on_a_mock_cloud_first(groundplan: Invoke, engine: FakeEngine) -> None:
    groundplan("check", "live")
    groundplan("check", "live", "--applied")

    assert [options["applied"] for _, _, options in engine.calls] == [False, True]


def test_what_passes_is_clean(groundplan: Invoke, engine: FakeEngine) -> None:
    result = groundplan("check", "dev", "--tier", "learner")

    assert result.exit_code == 0, result.output
    assert "High (advisory)" in result.stdout
    assert "advisory findings. Exit code 0." in result.stdout.splitlines()[-1]


def test_what_the_program_says_goes_to_the_other_stream(groundplan: Invoke, engine: FakeEngine) -> None:
    engine.give(buckets(), stdout="hello\n", diagnostics=(Diagnostic("warning", "careful"),))

    result = groundplan("check", "dev", "--format", "json")

    json.loads(result.stdout)
    assert "warning: careful" in result.stderr


def test_the_only_stack_needs_no_name(groundplan: Invoke, engine: FakeEngine, project: Path) -> None:
    (project / "Pulumi.live.yaml").unlink()

    assert report(groundplan)["subject"]["name"] == "dev"


def test_several_stacks_are_listed(groundplan: Invoke) -> None:
    result = groundplan("check")

    assert result.exit_code == 2
    assert "dev, live" in result.stderr


@pytest.mark.parametrize("form", ["groundplan preview", "pulumi stack export", "pulumi preview"])
def test_a_document_is_checked_whoever_wrote_it(
    groundplan: Invoke, engine: FakeEngine, tmp_path: Path, form: str
) -> None:
    content: dict[str, Any] = dict(buckets(publicAccessPrevention="inherited").document())
    if form != "groundplan preview":
        del content["groundplan"]
    if form == "pulumi preview":
        states = content["deployment"]["resources"]
        content = {"steps": [{"op": "create", "urn": each["urn"], "newState": each} for each in states]}
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(content), encoding="utf-8")

    found = report(groundplan, str(file))

    assert engine.calls == []
    assert verdict(found) == "fail"
    assert (found["subject"]["name"], found["subject"]["kind"]) == (file.as_posix(), "document")
    assert found["subject"]["profile"] == ("state" if form == "pulumi stack export" else "preview")
    assert found["settings"]["tier"] == "regulated"


def test_a_document_comes_from_standard_input(groundplan: Invoke, engine: FakeEngine) -> None:
    text = json.dumps(buckets(publicAccessPrevention="inherited").document())

    result = CliRunner().invoke(app, ["check", "-", "--format", "json"], input=text)

    assert result.exit_code == 1
    assert json.loads(result.stdout)["subject"]["name"] == "standard input"
    assert engine.calls == []


def test_a_directory_is_a_project(
    groundplan: Invoke, engine: FakeEngine, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "Pulumi.live.yaml").unlink()
    monkeypatch.chdir(tmp_path)

    assert report(groundplan, "shop")["subject"]["name"] == "dev"
    assert engine.calls[0][0] == project


def test_a_stack_comes_before_a_file_of_its_name(groundplan: Invoke, engine: FakeEngine, project: Path) -> None:
    (project / "dev").write_text("no document", encoding="utf-8")

    assert report(groundplan, "dev")["subject"]["kind"] == "stack"
    assert groundplan("check", "./dev").exit_code == 2


def test_a_folder_is_never_taken_for_the_stack_that_a_gate_names(
    groundplan: Invoke, engine: FakeEngine, project: Path
) -> None:
    (project / "acme" / "shop" / "dev").mkdir(parents=True)

    assert report(groundplan, "acme/shop/dev")["subject"]["kind"] == "stack"
    assert engine.calls[0][1] == "acme/shop/dev"


def test_what_does_not_exist_is_refused_with_what_does(groundplan: Invoke) -> None:
    result = groundplan("check", "prod")

    assert result.exit_code == 2
    assert "There is no such stack, file or directory" in result.stderr
    assert "dev, live" in result.stderr


def test_without_a_project_a_document_can_be_checked(
    groundplan: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.json").write_text(json.dumps(buckets().document()), encoding="utf-8")

    assert report(groundplan, "plan.json")["subject"]["name"] == "plan.json"
    result = groundplan("check", "dev")
    assert result.exit_code == 2
    assert "go to the project's directory" in result.stderr


@pytest.mark.parametrize(
    "option", [("--config", "a=b"), ("--timeout", "3"), ("--answers", "answers.yaml"), ("--applied",)]
)
def test_options_of_a_preview_have_no_meaning_for_a_document(
    groundplan: Invoke, project: Path, option: tuple[str, ...]
) -> None:
    (project / "plan.json").write_text(json.dumps(buckets().document()), encoding="utf-8")

    result = groundplan("check", "plan.json", *option)

    assert result.exit_code == 2
    assert "Options have no meaning here" in result.stderr


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 99, "deployment": {}}'])
def test_a_document_that_is_none_is_refused(groundplan: Invoke, project: Path, text: str) -> None:
    (project / "plan.json").write_text(text, encoding="utf-8")

    result = groundplan("check", "plan.json")

    assert result.exit_code == 2
    assert "allowed:" in result.stderr
    assert result.stdout == ""


def test_a_program_that_fails_is_no_finding(groundplan: Invoke, engine: FakeEngine) -> None:
    engine.answer = ProgramFailed("The program failed", given="ValueError: no", allowed="an end", remedy="mend it")

    assert groundplan("check", "dev").exit_code == 2


def test_the_gate_of_a_delivery_is_this_command(groundplan: Invoke, engine: FakeEngine) -> None:
    from groundplan.cicd.delivery_parts import Infrastructure
    from groundplan.core.references import BucketRef

    gate = Infrastructure(stack="acme/shop/dev", state=Mock(spec=BucketRef)).gate_command

    program, *arguments = shlex.split(gate)
    assert (program, groundplan(*arguments).exit_code) == ("groundplan", 1)
    assert engine.calls[0][1] == "acme/shop/dev"


class TestSettings:
    """Which settings hold."""

    def test_a_stack_that_says_nothing_is_regulated(self, groundplan: Invoke) -> None:
        assert report(groundplan, "dev")["settings"]["name"] == "regulated"

    @pytest.mark.parametrize(
        ("config", "tier"),
        [
            ("shop:tier: team", "team"),
            ("shop:tier: {name: own, extends: learner, reason: a}", "learner"),
            ("shop:tier: nonsense", "regulated"),
            ("other:tier: team", "regulated"),
            ("shop:tier: [team]", "regulated"),
        ],
    )
    def test_the_stack_names_its_tier(self, groundplan: Invoke, project: Path, config: str, tier: str) -> None:
        (project / "Pulumi.dev.yaml").write_text(f"config:\n  {config}\n", encoding="utf-8")

        assert report(groundplan, "dev")["settings"]["name"] == tier

    def test_an_option_says_another_tier_of_the_stack(self, groundplan: Invoke, project: Path) -> None:
        (project / "Pulumi.dev.yaml").write_text("config:\n  shop:tier: team\n", encoding="utf-8")

        assert report(groundplan, "dev", "--config", "shop:tier=learner")["settings"]["name"] == "learner"

    @pytest.mark.parametrize("text", ["config: []\n", "- a\n", "config:\n  shop:tier: [\n", ""])
    def test_a_stack_file_without_a_tier_is_regulated(self, groundplan: Invoke, project: Path, text: str) -> None:
        (project / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")

        assert report(groundplan, "dev")["settings"]["name"] == "regulated"

    def test_a_file_beside_the_stack_comes_before_that(self, groundplan: Invoke, project: Path) -> None:
        (project / "Pulumi.dev.yaml").write_text("config:\n  shop:tier: learner\n", encoding="utf-8")
        (project / "guardrails.dev.yaml").write_text("extends: team\nlevels: {DAT-05: warn}\n", encoding="utf-8")

        found = report(groundplan, "dev")

        assert found["settings"] | {"asOf": ""} == {
            "name": "guardrails.dev",
            "tier": "team",
            "asOf": "",
            "failsFrom": "block",
        }
        (loosened,) = found["loosened"]
        assert (loosened["what"], loosened["place"]) == ("DAT-05", "guardrails.dev.yaml:2")
        assert report(groundplan, "live")["settings"]["name"] == "regulated"

    def test_options_come_before_the_file(self, groundplan: Invoke, project: Path, tmp_path: Path) -> None:
        (project / "guardrails.dev.yaml").write_text("extends: team\n", encoding="utf-8")
        own = tmp_path / "own.yaml"
        own.write_text("extends: learner\n", encoding="utf-8")

        assert report(groundplan, "dev", "--tier", "learner")["settings"]["name"] == "learner"
        assert report(groundplan, "dev", "--settings", str(own))["settings"]["name"] == "own"

    def test_a_tier_and_a_file_exclude_each_other(self, groundplan: Invoke, engine: FakeEngine) -> None:
        result = groundplan("check", "dev", "--tier", "team", "--settings", "own.yaml")

        assert result.exit_code == 2
        assert "Options exclude each other" in result.stderr
        assert engine.calls == []

    def test_a_tier_that_does_not_exist_is_refused_with_those_that_do(self, groundplan: Invoke) -> None:
        result = groundplan("check", "dev", "--tier", "prod")

        assert result.exit_code == 2
        assert "learner, team, regulated" in result.stderr

    def test_a_broken_file_is_refused_before_the_program_runs(
        self, groundplan: Invoke, engine: FakeEngine, project: Path
    ) -> None:
        (project / "guardrails.dev.yaml").write_text("extends: team\nlevels: {DAT-5: warn}\n", encoding="utf-8")

        result = groundplan("check", "dev")

        assert result.exit_code == 2
        assert "guardrails.dev.yaml:2" in result.stderr
        assert "DAT-05" in result.stderr
        assert engine.calls == []


class TestWaivers:
    """Which waivers hold, and for which day."""

    @pytest.fixture
    def waived(self, groundplan: Invoke, project: Path) -> Path:
        result = groundplan(
            "waive", "DAT-05", "logs", "--stack", "dev", "--reason", "A public site", "--ticket", "SEC-7",
            "--owner", "ann", "--approver", "bob", "--issued", "2026-06-01", "--expires", "2026-07-01",
        )  # fmt: skip
        assert result.exit_code == 0, result.output
        return project / "waivers.dev.yaml"

    def test_those_beside_the_stack_hold(self, groundplan: Invoke, waived: Path) -> None:
        assert verdict(report(groundplan, "dev", "--as-of", "2026-06-15")) == "waived"
        assert verdict(report(groundplan, "dev", "--as-of", "2026-07-02")) == "fail"
        assert verdict(report(groundplan, "live", "--as-of", "2026-06-15")) == "fail"

    def test_a_file_can_be_named(self, groundplan: Invoke, waived: Path, tmp_path: Path) -> None:
        other = tmp_path / "other.yaml"
        waived.rename(other)

        assert verdict(report(groundplan, "dev", "--as-of", "2026-06-15")) == "fail"
        assert verdict(report(groundplan, "dev", "--as-of", "2026-06-15", "--waivers", str(other))) == "waived"
        assert groundplan("check", "dev", "--waivers", str(waived)).exit_code == 2

    def test_owners_of_the_file_are_verified_approvers(self, groundplan: Invoke, waived: Path, project: Path) -> None:
        def verified() -> object:
            found = report(groundplan, "dev", "--as-of", "2026-06-15")["findings"]
            (waiver,) = (each["waiver"] for each in found if each["waiver"])
            return waiver["approverVerified"], waiver["place"]

        assert verified() == (False, "waivers.dev.yaml:3")
        (project / "CODEOWNERS").write_text("waivers.*.yaml bob\n", encoding="utf-8")
        assert verified() == (True, "waivers.dev.yaml:3")
        # With the history at hand, the root of the repository is known, and only a file there counts.
        (project.parent / ".git").mkdir()
        assert verified() == (False, "waivers.dev.yaml:3")
        (project.parent / "CODEOWNERS").write_text("/shop/waivers.*.yaml bob\n", encoding="utf-8")
        assert verified() == (True, "waivers.dev.yaml:3")


class TestDay:
    """The day for which waivers and explanations are judged."""

    def test_the_day_is_printed(self, groundplan: Invoke) -> None:
        assert "as of 2026-01-31" in groundplan("check", "dev", "--as-of", "2026-01-31").stdout

    def test_it_is_today_by_default(self, groundplan: Invoke) -> None:
        assert report(groundplan, "dev")["settings"]["asOf"] == rules.today().isoformat()

    def test_what_is_no_day_is_refused(self, groundplan: Invoke) -> None:
        result = groundplan("check", "dev", "--as-of", "2026-02-30")

        assert result.exit_code == 2
        assert "is no day" in result.output


class TestOutput:
    """Formats, files and levels."""

    @pytest.mark.parametrize(
        ("form", "begins"),
        [
            ("text", "Guardrails: "),
            ("json", "{"),
            ("sarif", "{"),
            ("junit", "<?xml"),
            ("markdown", "### Guardrails"),
        ],
    )
    def test_every_format_goes_to_the_screen_and_into_a_file(
        self, groundplan: Invoke, tmp_path: Path, form: str, begins: str
    ) -> None:
        file = tmp_path / "report"

        screen = groundplan("check", "dev", "--format", form)
        written = groundplan("check", "dev", "--format", form, "--out", str(file))

        assert (screen.exit_code, written.exit_code) == (1, 1)
        assert screen.stdout.startswith(begins)
        assert written.stdout == ""
        assert "Not clean" in written.stderr
        text = file.read_text(encoding="utf-8")
        assert text.startswith(begins)
        if form != "text":
            assert text == screen.stdout

    def test_a_file_is_never_half_written(self, groundplan: Invoke, engine: FakeEngine, tmp_path: Path) -> None:
        file = tmp_path / "report.json"
        file.write_text("old", encoding="utf-8")
        engine.answer = ProgramFailed("The program failed", given="no", allowed="an end", remedy="mend it")

        assert groundplan("check", "dev", "--format", "json", "--out", str(file)).exit_code == 2
        assert file.read_text(encoding="utf-8") == "old"
        assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["report.json"]

    def test_with_warn_advisory_findings_fail_the_check(self, groundplan: Invoke) -> None:
        assert report(groundplan, "dev", "--tier", "learner")["result"]["exitCode"] == 0
        found = report(groundplan, "dev", "--tier", "learner", "--level", "warn")
        assert (found["result"]["exitCode"], found["settings"]["failsFrom"]) == (1, "warn")

    def test_a_framework_narrows_the_report_and_says_how_much_is_met(self, groundplan: Invoke) -> None:
        found = report(groundplan, "dev", "--framework", "google-ai")

        assert {each["id"].partition("-")[0] for each in found["controls"]} > {"BYP", "DAT"}
        assert "DAT-06" in {each["id"] for each in report(groundplan, "dev")["controls"]}
        assert found["framework"]["id"] == "google-ai"
        (clause,) = (each for each in found["framework"]["clauses"] if each["clause"] == "GCS-CO-4.1")
        assert (clause["state"], "DAT-05" in clause["controls"]) == ("not met", True)
        (other,) = (each for each in found["framework"]["clauses"] if each["clause"] == "CI-CO-6.1")
        assert (other["state"], other["controls"]) == ("not covered", [])
        assert other["note"]
        shown = " ".join(groundplan("check", "dev", "--framework", "google-ai").stdout.split())
        assert f"{found['framework']['title']} {len(found['framework']['clauses'])} clauses: " in shown

    def test_a_framework_that_does_not_exist_is_refused_with_the_nearest(self, groundplan: Invoke) -> None:
        result = groundplan("check", "dev", "--framework", "cis-gcp-4.0")

        assert result.exit_code == 2
        assert "cis-gcp-5.0" in result.stderr

    def test_all_lists_urns(self, groundplan: Invoke) -> None:
        urn = "urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::logs"

        assert urn not in groundplan("check", "dev").stdout
        assert urn in groundplan("check", "dev", "--all").stdout

    def test_sarif_names_files_from_the_root_of_the_repository_on(
        self, groundplan: Invoke, project: Path, tmp_path: Path
    ) -> None:
        (tmp_path / ".git").mkdir()

        log = json.loads(groundplan("check", "dev", "--format", "sarif").stdout)

        (place,) = {
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            for result in log["runs"][0]["results"]
            if result["ruleId"] == "DAT-05"
        }
        assert place == "shop/__main__.py"
