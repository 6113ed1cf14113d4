"""The folder is written whole or not at all, and nothing that is not ours is replaced."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from groundplan_policies.evidence.errors import EvidenceError
from groundplan_policies.evidence.folder import check_place, render, write
from groundplan_policies.evidence.verify import verify
from tests.policies.evidence.world import made


@cache
def files() -> Mapping[str, bytes]:
    return render(made())


def test_a_folder_is_written_and_is_as_it_was_written(tmp_path: Path) -> None:
    write(tmp_path / "out", files())

    assert {each.name: each.read_bytes() for each in (tmp_path / "out").iterdir()} == dict(files())
    assert verify(tmp_path / "out").problems == ()
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_exists_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "out", files())

    with pytest.raises(EvidenceError) as caught:
        write(tmp_path / "out", files())

    assert "add --force" in caught.value.remedy


def test_with_force_an_earlier_folder_is_replaced_whole(tmp_path: Path) -> None:
    write(tmp_path / "out", {**files(), "old.txt": b"old"})

    write(tmp_path / "out", files(), force=True)

    assert {each.name for each in (tmp_path / "out").iterdir()} == set(files())
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("what", ["a folder of somebody", "a file", "a link"])
def test_force_replaces_nothing_that_is_no_evidence(tmp_path: Path, what: str) -> None:
    out = tmp_path / "out"
    if what == "a folder of somebody":
        out.mkdir()
        (out / "thesis.tex").write_text("years of work", encoding="utf-8")
    elif what == "a file":
        out.write_text("x", encoding="utf-8")
    else:
        write(tmp_path / "elsewhere", files())
        out.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(EvidenceError) as caught:
        write(out, files(), force=True)

    assert "no folder of evidence" in caught.value.given
    assert out.exists()


def test_a_place_without_a_directory_is_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="has no place"):
        check_place(tmp_path / "nowhere" / "out", force=False)


@pytest.mark.parametrize("earlier", [True, False])
def test_what_fails_half_way_leaves_nothing_new_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, earlier: bool
) -> None:
    if earlier:
        write(tmp_path / "out", files())

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("groundplan_policies.evidence.folder.os.fsync", full)

    with pytest.raises(EvidenceError, match="cannot be written") as caught:
        write(tmp_path / "out", files(), force=True)

    assert "No space left" in caught.value.given
    assert [each.name for each in tmp_path.iterdir()] == (["out"] if earlier else [])
    assert not earlier or verify(tmp_path / "out").problems == ()


def test_an_earlier_folder_comes_back_where_the_new_one_cannot_take_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "out", files())
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.suffix == ".part":
            raise OSError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)

    with pytest.raises(EvidenceError, match="cannot be written"):
        write(tmp_path / "out", files(), force=True)

    assert [each.name for each in tmp_path.iterdir()] == ["out"]
    assert verify(tmp_path / "out").problems == ()


def test_others_may_read_the_folder(tmp_path: Path) -> None:
    write(tmp_path / "out", files())
    (tmp_path / "ordinary").mkdir()

    assert (tmp_path / "out").stat().st_mode == (tmp_path / "ordinary").stat().st_mode
