"""The documentation as a site: it builds without a warning, and a reader's browser asks nobody else for anything."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tools.construct_catalog import constructs

LOADED = re.compile(r"<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)=[\"']?((?:https?:)?//[^\"' >]+)")


BUILT = "GROUNDPLAN_SITE"
"""The variable in which whoever has just built the site with `make docs` says where it is."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if built := os.environ.get(BUILT):
        return Path(built)
    folder = tmp_path_factory.mktemp("site")
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        check=True,
    )
    return folder


@pytest.mark.slow
def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert pages
    assert {url for page in pages for url in LOADED.findall(page.read_text(encoding="utf-8"))} == set()


@pytest.mark.slow
def test_every_construct_is_in_the_reference(site: Path) -> None:
    table = (site / "constructs" / "index.html").read_text(encoding="utf-8")
    assert [construct.name for construct in constructs() if f">{construct.name}<" not in table] == []


@pytest.mark.parametrize(
    ("html", "loads"),
    [
        ('<script src="https://cdn.test/a.js">', True),
        ("<link rel=stylesheet href=//cdn.test/a.css>", True),
        ('<a href="https://example.test">', False),
        ('<script src="../a.js">', False),
    ],
)
def test_what_a_page_loads_is_noticed(html: str, loads: bool) -> None:
    assert bool(LOADED.search(html)) is loads
