"""Every Python example in the documentation runs, as a Pulumi program on the embedded engine.

The blocks of a page run in order and in one namespace, as a reader would type them; then the tests that they define. A
block that cannot run is preceded by ``<!-- not run: reason -->``. The docstring of a construct may leave out how ``gp``
and ``env`` come to be.
"""

from collections.abc import Callable
from typing import cast

import pytest

import mockcloud
from tests.architecture.sources import ROOT
from tests.docs.markdown import Page, pages

PRELUDE = """
import groundplan as gp
env = gp.Environment(project="acme-ml-dev", region="europe-west4", tier=gp.Tier.TEAM)
"""

# What Google Cloud would answer, where an example asks it.
ANSWERS = {"gcp:organizations/getProject:getProject": {"projectId": "acme-ml-dev", "number": "123456789012"}}

EXAMPLES = [pytest.param(page, id=page.name) for page in pages() if any(block.runs for block in page.blocks("python"))]


def run(page: Page) -> mockcloud.Preview:
    """Preview the page's blocks as one program; its errors name the lines of the page."""
    namespace: dict[str, object] = {"__name__": "__example__"}
    prelude = PRELUDE if page.path.suffix == ".py" else ""

    def program() -> None:
        exec(prelude, namespace)  # noqa: S102 - the text is this file's own
        for block in page.blocks("python"):
            if block.runs:
                code = compile("\n" * (block.line - 1) + block.text, str(page.path), "exec")
                exec(code, namespace)  # noqa: S102 - running the documentation is the purpose
        for name, defined in list(namespace.items()):
            if name.startswith("test_"):
                cast("Callable[[], object]", defined)()

    return mockcloud.preview_program(program, project="example", stack="dev", invokes=ANSWERS, source_root=ROOT)


@pytest.mark.parametrize("page", EXAMPLES)
def test_an_example_runs(page: Page) -> None:
    assert run(page).document["version"]


def test_a_test_that_an_example_defines_runs() -> None:
    page = Page(name="page", path=ROOT / "page.md", text="```python\ndef test_it():\n    assert False, 'it ran'\n```\n")
    with pytest.raises(mockcloud.ProgramFailed, match="it ran"):
        run(page)


def test_an_example_that_fails_is_noticed_with_its_line() -> None:
    page = Page(name="page", path=ROOT / "page.md", text="# Title\n\n```python\na = 1\nmissing\n```\n")
    with pytest.raises(mockcloud.ProgramFailed, match=r"page\.md\", line 5"):
        run(page)
