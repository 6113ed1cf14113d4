from pathlib import Path

import pytest

from groundplan_cli.errors import Error
from groundplan_cli.files import write_atomically


def test_a_new_file_is_an_ordinary_one(tmp_path: Path) -> None:
    file, plain = tmp_path / "a.json", tmp_path / "b.json"

    write_atomically(file, "text ü\n")
    plain.touch()

    assert file.read_text(encoding="utf-8") == "text ü\n"
    assert file.stat().st_mode == plain.stat().st_mode


def test_an_old_file_keeps_its_permissions(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.touch(mode=0o600)

    write_atomically(file, "new")

    assert file.stat().st_mode & 0o777 == 0o600


def test_a_directory_that_does_not_exist_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Error) as caught:
        write_atomically(tmp_path / "missing" / "a.json", "text")

    assert "No such file" in caught.value.given
    assert "make the directory" in caught.value.remedy


def test_what_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()

    with pytest.raises(Error):
        write_atomically(tmp_path / "a.json", "text")

    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_a_failure_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.json"
    file.write_text("old", encoding="utf-8")
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))

    with pytest.raises(Error, match="cannot be written"):
        write_atomically(file, "new")

    assert file.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_whoever_has_the_old_file_open_keeps_it_whole(tmp_path: Path) -> None:
    file, other = tmp_path / "a.json", tmp_path / "b.json"
    file.write_text("old", encoding="utf-8")
    other.hardlink_to(file)

    write_atomically(file, "new")

    assert other.read_text(encoding="utf-8") == "old"
