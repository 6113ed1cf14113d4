"""CODEOWNERS files are read as GitHub reads them."""

from pathlib import Path, PurePosixPath

import pytest

from groundplan_policies.waivers import WaiverError
from groundplan_policies.waivers.codeowners import find_codeowners, owners_of, read_owners

FILE = "stacks/waivers/prod.yaml"


@pytest.mark.parametrize(
    "pattern",
    [
        "*",
        "*.yaml",
        "/stacks/",
        "stacks/",
        "/stacks",
        "waivers/",
        "prod.yaml",
        "stacks/waivers/*",
        "/stacks/**",
        "**/waivers",
        "**/prod.yaml",
        "stacks/**/prod.yaml",
        "stacks/waivers/prod.yaml",
        "/stacks/waivers/pro?.yaml",
        "stacks/*/prod.yaml",
        "**",
    ],
)
def test_a_pattern_that_fits(pattern: str) -> None:
    assert owners_of(f"{pattern} @a b@acme.test", PurePosixPath(FILE)) == ("@a", "b@acme.test")


@pytest.mark.parametrize(
    "pattern",
    [
        "*.yml",
        "/waivers/",
        "stacks/*",
        "/prod.yaml",
        "stack",
        "prod",
        "stacks/prod.yaml",
        "waive?",
        "Stacks/",
        "stacks/waivers/prod.yaml/",
        "stacks/?/prod.yaml",
        "prodXyaml",
    ],
)
def test_a_pattern_that_does_not(pattern: str) -> None:
    assert owners_of(f"{pattern} @a", PurePosixPath(FILE)) == ()


def test_the_last_pattern_that_fits_wins() -> None:
    assert owners_of("* @a\n*.yaml @b\n*.md @c\n", PurePosixPath(FILE)) == ("@b",)
    assert owners_of("*.yaml @b\n* @a\n", PurePosixPath(FILE)) == ("@a",)


def test_a_pattern_without_owners_takes_them_away() -> None:
    assert owners_of("* @a\n/stacks/\n", PurePosixPath(FILE)) == ()


def test_comments_and_empty_lines_are_nothing() -> None:
    text = "# * @x\n\n  \n* @a # not @b\n  # * @c\n"

    assert owners_of(text, PurePosixPath(FILE)) == ("@a",)


def test_a_pattern_may_hold_a_space() -> None:
    assert owners_of("my\\ file @a", PurePosixPath("my file")) == ("@a",)


def test_the_file_is_found_where_github_looks(tmp_path: Path) -> None:
    assert find_codeowners(tmp_path) is None
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/CODEOWNERS").write_text("* @docs")
    assert find_codeowners(tmp_path) == tmp_path / "docs/CODEOWNERS"
    (tmp_path / "CODEOWNERS").write_text("* @root")
    (tmp_path / ".github").mkdir()
    assert read_owners(tmp_path, tmp_path / "x") == ("@root",)
    (tmp_path / ".github/CODEOWNERS").write_text("* @github")
    assert read_owners(tmp_path, tmp_path / "x") == ("@github",)


def test_a_file_outside_of_the_repository_has_no_owner(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "CODEOWNERS").write_text("* @a")

    assert read_owners(root, tmp_path / "waivers.yaml") == ()
    assert read_owners(root, root / "../waivers.yaml") == ()
    assert read_owners(tmp_path, tmp_path / "waivers.yaml") == ()


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "CODEOWNERS").write_bytes(b"* \xff")

    with pytest.raises(WaiverError, match="CODEOWNERS"):
        read_owners(tmp_path, tmp_path / "x")
