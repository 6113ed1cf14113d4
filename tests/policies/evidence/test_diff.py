"""What got better and worse between two folders."""

import json
from pathlib import Path

import pytest

from groundplan_policies.evidence.content import as_json
from groundplan_policies.evidence.diff import Change, Difference, compare
from groundplan_policies.evidence.errors import EvidenceError
from groundplan_policies.evidence.folder import write
from groundplan_policies.evidence.manifest import make_manifest
from groundplan_policies.evidence.model import Bundle
from tests.policies.evidence.world import made, waiver_of
from tests.policies.flow.world import account, bucket, on_bucket
from tests.policies.rules.harness import R, document


def store(prevention: str, name: str = "store") -> R:
    return R("storage.Bucket", {"name": name, "publicAccessPrevention": prevention}, name)


def put(folder: Path, bundle: Bundle, content: bytes | None = None) -> None:
    """Write a folder with what is compared, and nothing else."""
    files = {"evidence.json": as_json(bundle).encode() if content is None else content}
    write(folder, {**files, "manifest.json": make_manifest(bundle, files)})


def between(tmp_path: Path, old: Bundle, new: Bundle) -> Difference:
    put(tmp_path / "old", old)
    put(tmp_path / "new", new)
    return compare(tmp_path / "old", tmp_path / "new")


def of(changes: tuple[Change, ...], control: str = "DAT-05") -> list[tuple[str, str, str]]:
    return [(each.name, each.before, each.after) for each in changes if each.control == control]


def test_what_is_the_same_is_no_change(tmp_path: Path) -> None:
    found = between(tmp_path, made(), made())

    assert (found.better, found.worse, found.new, found.gone) == ((), (), (), ())
    assert (found.access_new, found.access_gone, found.remarks, found.exit_code) == ((), (), (), 0)


def test_what_fails_now_is_worse(tmp_path: Path) -> None:
    found = between(tmp_path, made(store("enforced")), made(store("inherited")))

    assert of(found.worse) == [("store", "pass", "fail")]
    assert found.exit_code == 1


def test_what_passes_now_is_better(tmp_path: Path) -> None:
    found = between(tmp_path, made(store("inherited")), made(store("enforced")))

    assert of(found.better) == [("store", "fail", "pass")]
    assert (of(found.worse), found.exit_code) == ([], 0)


def test_a_waiver_is_better_than_a_fail_and_worse_than_a_pass(tmp_path: Path) -> None:
    read = document(store("inherited"))
    waived = made(store("inherited"), waivers=(waiver_of(read, "DAT-05", "store"),))

    assert of(between(tmp_path, made(store("inherited")), waived).better) == [("store", "fail", "waived")]
    (tmp_path / "more").mkdir()
    assert of(between(tmp_path / "more", made(store("enforced")), waived).worse) == [("store", "pass", "waived")]


def test_new_and_gone_are_told_without_what_passes(tmp_path: Path) -> None:
    fine = store("enforced", "fine")
    found = between(tmp_path, made(fine, store("inherited", "old")), made(store("inherited", "new")))

    assert of(found.new) == [("new", "", "fail")]
    assert of(found.gone) == [("old", "fail", "")]
    assert found.exit_code == 1


@pytest.mark.parametrize(("answer", "code"), [("declared", 0), ("waived", 1), ("indeterminate", 1), ("fail", 1)])
def test_what_is_new_and_only_declared_is_told_and_fails_nothing(answer: str, code: int) -> None:
    new = (Change(control="RAI-01", name="it", before="", after=answer),)

    found = Difference(better=(), worse=(), new=new, gone=(), access_new=(), access_gone=(), remarks=())

    assert found.exit_code == code


def test_access_that_came_and_went_is_told(tmp_path: Path) -> None:
    old = made(bucket("raw"), account("trainer"), on_bucket("raw", "roles/storage.objectViewer"))
    new = made(bucket("raw"), account("trainer"), on_bucket("raw", "roles/storage.objectUser"))

    found = between(tmp_path, old, new)

    assert found.access_new == ("trainer (service account) can read and write raw",)
    assert found.access_gone == ("trainer (service account) can read raw",)


def test_another_level_or_stack_is_remarked(tmp_path: Path) -> None:
    found = between(tmp_path, made(), made(subject="live", profile="state", engine="pulumi"))

    assert found.remarks == (
        "The stack is another one: dev, then live",
        "The level of the evidence is another one: program, then state",
    )


def test_evidence_that_was_edited_is_not_compared(tmp_path: Path) -> None:
    put(tmp_path / "old", made())
    (tmp_path / "old" / "evidence.json").write_text("{}", encoding="utf-8")

    with pytest.raises(EvidenceError, match="was changed") as caught:
        compare(tmp_path / "old", tmp_path / "old")

    assert "evidence.json was edited" in caught.value.given


@pytest.mark.parametrize("content", [b"{}", b"[]", b"no JSON"])
def test_evidence_of_another_form_is_refused(tmp_path: Path, content: bytes) -> None:
    put(tmp_path / "old", made(), content)

    with pytest.raises(EvidenceError, match="not understood"):
        compare(tmp_path / "old", tmp_path / "old")


def test_an_answer_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    content = json.loads(as_json(made()))
    content["report"]["findings"][0]["verdict"] = "splendid"
    put(tmp_path / "old", made(), json.dumps(content).encode())

    with pytest.raises(EvidenceError, match="not understood"):
        compare(tmp_path / "old", tmp_path / "old")
