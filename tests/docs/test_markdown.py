"""The reader of fenced blocks, on which the other tests of the documentation stand."""

from pathlib import Path

from tests.docs.markdown import Page, pages


def page(text: str, first_line: int = 1) -> Page:
    return Page(name="page", path=Path("page.md"), text=text, first_line=first_line)


def test_a_block_has_its_language_text_and_line() -> None:
    (block,) = page("# Title\n\n```python\na = 1\n\nb = 2\n```\n").blocks("python")
    assert (block.language, block.text, block.line, block.runs) == ("python", "a = 1\n\nb = 2\n", 4, True)


def test_the_indentation_of_the_fence_goes() -> None:
    (block,) = page("- item\n\n  ```bash\n  make test\n  ```\n").blocks("bash")
    assert block.text == "make test\n"


def test_a_comment_says_why_a_block_does_not_run() -> None:
    first, second = page("<!-- not run: needs a cloud -->\n```python\na\n```\n\n```python\nb\n```\n").blocks("python")
    assert not first.runs
    assert second.runs


def test_other_languages_are_left_out() -> None:
    assert list(page("```yaml\na: 1\n```\n").blocks("python", "bash")) == []


def test_lines_count_from_where_the_text_starts() -> None:
    (block,) = page("Text.\n\n```python\na\n```\n", first_line=40).blocks("python")
    assert block.line == 43


def test_the_readme_is_a_page() -> None:
    assert "README.md" in {page.name for page in pages()}
