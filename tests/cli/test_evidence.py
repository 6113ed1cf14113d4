"""`groundplan evidence`: written, verified and compared."""

import json
from pathlib import Path
from typing import Any

import pytest

from groundplan_cli.guardrails.revision import commit_of
from groundplan_policies.evidence.diff import Difference
from tests.cli.conftest import FakeEngine, Invoke
from tests.cli.documents import Builder

DAY = ("--as-of", "2026-06-15")
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def bucket(prevention: str = "inherited") -> Builder:
    build = Builder()
    inputs = {"name": "logs", "publicAccessPrevention": prevention}
    build.add("gcp:storage/bucket:Bucket", "logs", inputs=inputs, sourcePosition="project:///__main__.py#7")
    return build


@pytest.fixture(autouse=True)
def one_bucket(engine: FakeEngine) -> None:
    engine.give(bucket())


def manifest(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return content


def test_a_stack_is_previewed_once_and_its_evidence_written(
    groundplan: Invoke, engine: FakeEngine, project: Path
) -> None:
    result = groundplan("evidence", "live", "--out", "proof", *DAY)

    assert result.exit_code == 0, result.output
    assert len(engine.calls) == 1
    assert result.stdout.splitlines() == [
        "PLAN ONLY · nothing here is deployed",
        result.stdout.splitlines()[1],
        f"Root digest: {manifest(project / 'proof')['root']}",
        "Evidence: proof/index.html",
    ]
    assert result.stdout.splitlines()[1].startswith("Not clean: ")
    assert "__main__.py:7" in (project / "proof" / "index.html").read_text(encoding="utf-8").replace("<wbr>", "")


def test_what_it_rests_on_is_said(groundplan: Invoke, project: Path) -> None:
    (project / ".git").mkdir()
    (project / ".git" / "HEAD").write_text(f"{COMMIT}\n", encoding="utf-8")

    groundplan("evidence", "live", "--out", "proof", "--tier", "learner", *DAY)

    inputs = {each["id"]: each["value"] for each in manifest(project / "proof")["inputs"]}
    assert list(inputs) == ["document", "settings", "waivers", "documents", "rules", "tool", "provider-sdk", "commit"]
    assert inputs["commit"] == COMMIT
    assert "pulumi-gcp " in inputs["provider-sdk"]
    assert inputs["tool"].startswith("groundplan ")


def test_the_same_input_gives_the_same_bytes(groundplan: Invoke, project: Path) -> None:
    for name in ("one", "two"):
        assert groundplan("evidence", "live", "--out", name, *DAY).exit_code == 0

    one, two = ({each.name: each.read_bytes() for each in (project / name).iterdir()} for name in ("one", "two"))
    assert one == two


def test_a_document_is_evidence_without_a_program(groundplan: Invoke, engine: FakeEngine, project: Path) -> None:
    (project / "state.json").write_text(json.dumps(bucket().document()), encoding="utf-8")

    result = groundplan("evidence", "state.json", "--out", "proof", "--tier", "team", *DAY)

    assert result.exit_code == 0, result.output
    assert engine.calls == []
    assert {each["id"]: each["value"] for each in manifest(project / "proof")["inputs"]}["provider-sdk"] == "not known"


def test_a_stack_can_be_deployed_on_a_mock_cloud_first(groundplan: Invoke, engine: FakeEngine) -> None:
    groundplan("evidence", "live", "--out", "proof", "--applied", *DAY)

    assert [options["applied"] for _, _, options in engine.calls] == [True]


def test_a_folder_that_exists_is_refused_before_the_program_runs(
    groundplan: Invoke, engine: FakeEngine, project: Path
) -> None:
    (project / "proof").mkdir()
    (project / "proof" / "mine.txt").write_text("mine", encoding="utf-8")

    result = groundplan("evidence", "live", "--out", "proof", "--force", *DAY)

    assert result.exit_code == 2
    assert "The folder for the evidence exists" in result.stderr
    assert engine.calls == []
    assert (project / "proof" / "mine.txt").exists()


def test_with_force_it_is_written_anew(groundplan: Invoke) -> None:
    groundplan("evidence", "live", "--out", "proof", *DAY)

    assert groundplan("evidence", "live", "--out", "proof", *DAY).exit_code == 2
    assert groundplan("evidence", "live", "--out", "proof", "--force", *DAY).exit_code == 0


def test_a_folder_is_verified(groundplan: Invoke, project: Path) -> None:
    groundplan("evidence", "live", "--out", "proof", *DAY)
    root = manifest(project / "proof")["root"]

    fine = groundplan("evidence", "verify", "proof", "--root", root)

    assert fine.exit_code == 0
    assert fine.stdout == f"6 files as written, evidence for live. Root digest: {root}\n"


def test_what_was_changed_is_named(groundplan: Invoke, project: Path) -> None:
    groundplan("evidence", "live", "--out", "proof", *DAY)
    (project / "proof" / "evidence.md").write_text("all is well", encoding="utf-8")
    (project / "proof" / "results.sarif").unlink()

    result = groundplan("evidence", "verify", "proof")

    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "evidence.md was edited.",
        "results.sarif is missing.",
        "Not as it was written: 2 problems. Exit code 1.",
    ]


def test_two_folders_are_compared(groundplan: Invoke, engine: FakeEngine) -> None:
    engine.give(bucket("enforced"))
    groundplan("evidence", "live", "--out", "old", *DAY)
    engine.give(bucket("inherited"))
    groundplan("evidence", "live", "--out", "new", *DAY)

    worse = groundplan("evidence", "--diff", "old", "new")
    better = groundplan("evidence", "--diff", "new", "old")

    assert worse.exit_code == 1
    assert "Worse\n  DAT-05 on logs: pass → fail" in worse.stdout
    assert better.exit_code == 0
    assert "Better\n  DAT-05 on logs: fail → pass" in better.stdout
    assert better.stdout.splitlines()[-1].endswith("Exit code 0.")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("live",), "no --out"),
        (("verify",), "verify"),
        (("live", "proof"), "live proof"),
        (("verify", "proof", "--out", "x"), "verify proof --out x"),
        (("live", "--diff", "a", "b"), "--diff with something else"),
        (("live", "--out", "proof", "--root", "sha256:0"), "--root without verify"),
        (("verify", "proof"), "manifest.json"),
        (("--diff", "a", "b"), "manifest.json"),
    ],
)
def test_wrong_use_is_said_in_four_parts(
    groundplan: Invoke, engine: FakeEngine, arguments: tuple[str, ...], said: str
) -> None:
    result = groundplan("evidence", *arguments)

    assert result.exit_code == 2, result.output
    assert f"given:   {said}" in result.stderr or said in result.stderr
    assert "to do:" in result.stderr
    assert engine.calls == []


def test_a_pipeline_is_no_deployment(groundplan: Invoke, project: Path) -> None:
    spec = {"schemaVersion": "2.1.0", "pipelineInfo": {"name": "p"}, "root": {"dag": {"tasks": {}}}, "components": {}}
    (project / "pipeline.yaml").write_text(json.dumps(spec), encoding="utf-8")

    result = groundplan("evidence", "pipeline.yaml", "--out", "proof", *DAY)

    assert result.exit_code == 2
    assert not (project / "proof").exists()


def test_a_state_that_the_cloud_confirms_is_evidence_of_the_cloud(groundplan: Invoke, project: Path) -> None:
    content = bucket().document()
    content["groundplan"] = {"profile": "state", "engine": "pulumi"}
    (project / "state.json").write_text(json.dumps(content), encoding="utf-8")
    drift = {"stack": "dev", "cloud": "Google Cloud", "compared": 1, "drifted": [], "notCompared": []}
    (project / "drift.json").write_text(json.dumps(drift), encoding="utf-8")

    result = groundplan("evidence", "state.json", "--drift", "drift.json", "--out", "proof", "--tier", "team", *DAY)
    missing = groundplan("evidence", "state.json", "--drift", "no.json", "--out", "other", "--tier", "team", *DAY)

    assert result.exit_code == 0, result.output
    written = manifest(project / "proof")
    assert (written["level"], written["watermark"]) == ("live", "")
    assert "1 resource compared with Google Cloud" in {each["note"] for each in written["inputs"]}
    assert missing.exit_code == 2
    assert "The drift cannot be read" in missing.stderr


class TestCommit:
    """The commit is read from Git's files."""

    @staticmethod
    def repository(root: Path, head: str) -> Path:
        git = root / ".git"
        git.mkdir()
        (git / "HEAD").write_text(head, encoding="utf-8")
        return git

    def test_of_a_branch(self, tmp_path: Path) -> None:
        git = self.repository(tmp_path, "ref: refs/heads/main\n")
        (git / "refs" / "heads").mkdir(parents=True)
        (git / "refs" / "heads" / "main").write_text(f"{COMMIT}\n", encoding="utf-8")

        assert commit_of(tmp_path) == COMMIT

    def test_of_a_branch_that_is_packed(self, tmp_path: Path) -> None:
        git = self.repository(tmp_path, "ref: refs/heads/main\n")
        (git / "packed-refs").write_text(f"# pack-refs\n{COMMIT} refs/heads/main\n", encoding="utf-8")

        assert commit_of(tmp_path) == COMMIT

    def test_of_one_work_tree_of_several(self, tmp_path: Path) -> None:
        main, tree = tmp_path / "main", tmp_path / "tree"
        main.mkdir()
        tree.mkdir()
        git = self.repository(main, "ref: refs/heads/main\n")
        own = git / "worktrees" / "tree"
        own.mkdir(parents=True)
        (own / "HEAD").write_text("ref: refs/heads/side\n", encoding="utf-8")
        (own / "commondir").write_text("../..\n", encoding="utf-8")
        (git / "packed-refs").write_text(f"{COMMIT} refs/heads/side\n", encoding="utf-8")
        (tree / ".git").write_text(f"gitdir: {own}\n", encoding="utf-8")

        assert commit_of(tree) == COMMIT

    @pytest.mark.parametrize("head", ["", "ref: refs/heads/none\n", "nonsense\n", "ref: ../../secret\n"])
    def test_of_nothing(self, tmp_path: Path, head: str) -> None:
        self.repository(tmp_path, head)

        assert commit_of(tmp_path) == ""


def test_a_difference_is_worse_only_where_something_is() -> None:
    nothing = Difference(better=(), worse=(), new=(), gone=(), access_new=("a",), access_gone=(), remarks=())

    assert nothing.exit_code == 0
