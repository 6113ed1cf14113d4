"""Pages of the documentation that are made from other files: an MkDocs hook.

The start page is README.md, and the other texts of the root folder get a page each, so that nothing is written twice.
The table of the constructs, and the reference with a page for each package, are made from the sources; the page of the
settings is made from their schema.
"""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from tools.construct_catalog import PACKAGE, ROOT, Construct, constructs
from tools.settings_reference import settings_page

# File in the root folder -> page.
TEXTS = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "CHANGELOG.md": "changelog.md",
    "LICENSE": "LICENSE.txt",
}

# Other packages with a page in the reference, with their folder.
PACKAGES = {
    "blueprint": ROOT / "stacks" / "blueprint",
    "mockcloud": ROOT / "mockcloud" / "mockcloud",
    "groundplan_policies.engine": ROOT / "policies" / "groundplan_policies" / "engine",
}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Fill the sections of the navigation that have a folder of pages, or pages made here."""
    made: dict[str, list[str | dict[str, str]]] = {
        "Constructs": ["constructs/index.md", *_written("constructs")],
        "Reference": [
            "reference/settings.md",
            *_written("reference"),
            *({name: path} for name, path in _reference_pages()),
        ],
        "Decisions": [*_written("decisions")],
    }
    for entry in config.nav or []:
        if isinstance(entry, dict):
            for section in made.keys() & entry.keys():
                entry[section] = made[section]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages to what is built."""
    for source, page in TEXTS.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=_links_of_the_site(text)))
    files.append(File.generated(config, "constructs/index.md", content=_table()))
    files.append(File.generated(config, "reference/settings.md", content=settings_page()))
    for name, page in _reference_pages():
        content = f"# {name}\n\n::: {name}\n    options:\n      show_root_heading: false\n      show_submodules: true\n"
        files.append(File.generated(config, page, content=content))
    return files


def _links_of_the_site(text: str) -> str:
    """Turn links from the root folder into links from the start page."""
    for source, page in TEXTS.items():
        text = text.replace(f"]({source})", f"]({page})")
    return re.sub(r"\]\(docs/", "](", text)


def _written(folder: str) -> list[str]:
    """Return the pages that stand in a folder of the documentation, by name."""
    return [f"{folder}/{page.name}" for page in sorted((ROOT / "docs" / folder).glob("*.md"))]


def _reference_pages() -> list[tuple[str, str]]:
    """Return the dotted name of each package with its page."""
    areas = [f"groundplan.{folder.name}" for folder in sorted(PACKAGE.iterdir()) if _is_package(folder)]
    others = [name for name, folder in PACKAGES.items() if _is_package(folder)]
    return [(name, f"reference/{name.replace('.', '-')}.md") for name in [*areas, *others]]


def _is_package(folder: Path) -> bool:
    return (folder / "__init__.py").is_file()


def _table() -> str:
    rows = [_row(construct) for construct in constructs()]
    return "\n".join(
        [
            "# Constructs",
            "",
            "| construct | area | what it is |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _row(construct: Construct) -> str:
    # That each has a page is checked with the architecture; the site can be built while one is being written.
    page = f"{construct.path.stem}.md"
    name = f"`{construct.name}`"
    if (ROOT / "docs" / "constructs" / page).is_file():
        name = f"[{name}]({page})"
    return f"| {name} | {construct.area} | {construct.summary.replace('|', '&#124;')} |"
