"""Finds the constructs in the sources, without importing them: what the documentation and the house rules go by."""

import ast
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "constructs" / "groundplan"


@dataclass(frozen=True, kw_only=True)
class Construct:
    """A public construct, as its source says."""

    name: str
    """Name of the class."""
    area: str
    """The area that it belongs to: the folder below ``groundplan``."""
    path: Path
    """Its file, absolute."""
    summary: str
    """First sentence of its docstring; empty where there is none."""
    docstring: str
    """Its docstring, with indentation removed; empty where there is none."""
    docstring_line: int
    """Line in the file on which the docstring's text starts, counted from 1."""

    @property
    def module(self) -> str:
        """The module's dotted name."""
        return ".".join(self.path.relative_to(PACKAGE.parent).with_suffix("").parts)


def constructs(package: Path = PACKAGE) -> list[Construct]:
    """Return every class that derives from ``Component`` and that the package exports, by area and name."""
    exported = _exports(package / "__init__.py")
    found = [
        _describe(node, path)
        for path in sorted(package.rglob("*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and node.name in exported and _is_component(node)
    ]
    return sorted(found, key=lambda construct: (construct.area, construct.name))


def _exports(init: Path) -> set[str]:
    """Return the names that the package imports in order to offer them."""
    nodes = ast.walk(ast.parse(init.read_text(encoding="utf-8")))
    return {alias.asname or alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}


def _is_component(node: ast.ClassDef) -> bool:
    """Whether one of the bases is called ``Component``, with or without a module before it."""
    names = [base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases]
    return "Component" in names


def _describe(node: ast.ClassDef, path: Path) -> Construct:
    text = ast.get_docstring(node) or ""
    first = node.body[0]
    return Construct(
        name=node.name,
        area=path.parent.name,
        path=path,
        summary=" ".join(text.split("\n\n", maxsplit=1)[0].split()),
        docstring=text,
        docstring_line=first.lineno if text else node.lineno,
    )
