"""Documents that reviews name are opened inside of the project, and nowhere else."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from groundplan_policies.engine.opening import MOST_BYTES, open_documents
from groundplan_policies.engine.values import UNKNOWN
from tests.policies.rules.harness import R, document, secret

REVIEW = "groundplan:governance:ResponsibleAiReview"
AGREEMENT = "groundplan:governance:DataUseAgreement"


def naming(uri: Any, type_: str = REVIEW, key: str = "review", part: str = "modelCard") -> R:
    return R(type_, {key: {part: {"uri": uri, "digest": "x"}}}, record={"custom": False})


def problem(root: Path, uri: str) -> str:
    return open_documents(document(naming(uri)), root)[uri].problem


def test_a_file_of_the_project_is_opened(tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "income.md").write_text("# Größe\n", encoding="utf-8")
    opened = open_documents(document(naming("cards/income.md")), tmp_path)["cards/income.md"]
    assert opened.text == "# Größe\n"
    digest = hashlib.sha256("# Größe\n".encode()).hexdigest()
    assert opened.digest == f"sha256:{digest}"
    assert opened.problem == ""


def test_agreements_name_documents_too(tmp_path: Path) -> None:
    (tmp_path / "sheet.md").write_text("x", encoding="utf-8")
    found = open_documents(document(naming("sheet.md", AGREEMENT, "agreement", "dataSheet")), tmp_path)
    assert found["sheet.md"].text == "x"


def test_nothing_outside_of_the_project_is_opened(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    outside = tmp_path / "outside.md"
    outside.write_text("secret", encoding="utf-8")
    (home / "link.md").symlink_to(outside)
    (home / "folder").symlink_to(tmp_path)
    for uri in ("../outside.md", str(outside), "link.md", "folder/outside.md"):
        opened = open_documents(document(naming(uri)), home)[uri]
        assert (opened.problem, opened.text, opened.digest) == ("is outside of the project", "", "")


def test_a_link_inside_of_the_project_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("x", encoding="utf-8")
    (tmp_path / "link.md").symlink_to("real.md")
    assert problem(tmp_path, "link.md") == ""


def test_what_is_no_readable_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "large").write_bytes(b"x" * (MOST_BYTES + 1))
    (tmp_path / "full").write_bytes(b"x" * MOST_BYTES)
    assert problem(tmp_path, "gone.md") == "is not there"
    assert problem(tmp_path, "folder") == "is no file"
    assert problem(tmp_path, "pipe") == "is no file"
    assert problem(tmp_path, "binary") == "is no text in UTF-8"
    assert problem(tmp_path, "loop") == "cannot be read"
    assert problem(tmp_path, "large") == "is larger than 1,000,000 bytes"
    assert problem(tmp_path, "full") == ""
    assert problem(tmp_path, "null\0byte") == "cannot be read"
    assert problem(tmp_path, "x" * 300) == "cannot be read"


@pytest.mark.parametrize(
    "uri", ["https://acme.test/card.md", "gs://cards/income.md", "FILE:card.md", UNKNOWN, secret(), 7, ""]
)
def test_addresses_and_what_is_not_known_are_left(uri: object, tmp_path: Path) -> None:
    assert open_documents(document(naming(uri)), tmp_path) == {}


def test_other_resources_name_nothing(tmp_path: Path) -> None:
    other = R("groundplan:data:DataBucket", {"review": {"modelCard": {"uri": "x"}}}, record={"custom": False})
    odd = R(REVIEW, {"review": ["modelCard"]}, "odd", record={"custom": False})
    assert open_documents(document(other, odd), tmp_path) == {}
