"""Whoever changes a file of the evidence is found out, and the file is named."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from groundplan_policies.evidence.errors import EvidenceError
from groundplan_policies.evidence.folder import render, write
from groundplan_policies.evidence.manifest import digest, root_digest
from groundplan_policies.evidence.verify import verify
from tests.policies.evidence.formats import FILES
from tests.policies.evidence.world import INPUTS, made


@cache
def files() -> dict[str, bytes]:
    return dict(render(made()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "out", files())
    return tmp_path / "out"


def test_the_manifest_names_every_file_and_every_input() -> None:
    manifest = json.loads(files()["manifest.json"])

    assert {each["name"]: each["sha256"] for each in manifest["files"]} == {
        name: digest(content) for name, content in files().items() if name != "manifest.json"
    }
    assert [each["id"] for each in manifest["inputs"]] == [each.id for each in INPUTS]
    assert manifest["root"] == root_digest(manifest)


def test_what_is_as_it_was_written_is_clean(folder: Path) -> None:
    found = verify(folder)

    assert (found.problems, found.files, found.subject, found.exit_code) == ((), len(FILES) - 1, "dev", 0)


@pytest.mark.parametrize("name", [each for each in FILES if each != "manifest.json"])
def test_a_file_that_was_edited_is_named(folder: Path, name: str) -> None:
    with (folder / name).open("ab") as file:
        file.write(b" ")

    found = verify(folder)

    assert found.problems == (f"{name} was edited",)
    assert (found.exit_code, found.files) == (1, len(FILES) - 2)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda folder: (folder / "evidence.md").unlink(), "evidence.md is missing"),
        (lambda folder: (folder / "more.html").write_text("x", encoding="utf-8"), "more.html was added"),
        (lambda folder: (folder / "sub").mkdir(), "sub was added"),
        (lambda folder: (folder / "a\nb").write_text("x", encoding="utf-8"), "a\\x0ab was added"),
    ],
)
def test_a_file_that_is_missing_or_was_added_is_named(
    folder: Path, change: Callable[[Path], object], problem: str
) -> None:
    change(folder)

    assert verify(folder).problems == (problem,)


def test_a_link_in_the_place_of_a_file_is_not_followed(folder: Path) -> None:
    (folder / "evidence.md").rename(folder.parent / "evidence.md")
    (folder / "evidence.md").symlink_to(folder.parent / "evidence.md")

    assert verify(folder).problems == ("evidence.md is a link now",)


def test_a_signature_beside_the_manifest_is_no_addition(folder: Path) -> None:
    for name in ("manifest.json.asc", "manifest.json.sigstore.json"):
        (folder / name).write_text("signature", encoding="utf-8")

    assert verify(folder).problems == ()


def test_a_manifest_that_was_edited_is_named(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace("document-4711", "document-4712"), encoding="utf-8")

    assert verify(folder).problems == ("manifest.json was edited: its root digest is not that of what it says",)


def test_a_forged_manifest_has_another_root(folder: Path) -> None:
    """Who edits a file can write a manifest to match: only a digest that was kept elsewhere tells."""
    kept = verify(folder).root
    (folder / "evidence.md").write_text("all is well", encoding="utf-8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for each in manifest["files"]:
        each["sha256"] = digest((folder / each["name"]).read_bytes())
    manifest["root"] = root_digest(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    assert verify(folder).problems == ()
    assert verify(folder, kept).problems == (f"manifest.json is another one: its root digest is not {kept}",)


@pytest.mark.parametrize("content", [None, b"no JSON", b"[]", b'{"format": "other"}', b"[" * 100_000, b"\xff"])
def test_what_is_no_evidence_is_refused(folder: Path, content: bytes | None) -> None:
    if content is None:
        (folder / "manifest.json").unlink()
    else:
        (folder / "manifest.json").write_bytes(content)

    with pytest.raises(EvidenceError, match="no folder of evidence"):
        verify(folder)


@pytest.mark.parametrize("listed", ["none", [7], [{"name": "../secret", "sha256": "0"}], [{"name": 1}]])
def test_a_manifest_leads_nowhere_else(folder: Path, listed: object) -> None:
    content = {"format": "groundplan-evidence-manifest/1", "files": listed}
    content["root"] = root_digest(content)  # type: ignore[arg-type]  # JSON
    (folder / "manifest.json").write_text(json.dumps(content), encoding="utf-8")

    found = verify(folder)

    assert found.files == 0
    assert all(each.endswith("was added") for each in found.problems)
