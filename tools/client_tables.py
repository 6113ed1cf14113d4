"""Writes what the mock cloud takes from Google's client libraries, since no description of an API tells it.

- `mockcloud/discovery/enums.json`: numbers of the enumerations whose names do not stand in the order of their numbers;
- `mockcloud/services/operation_types.json`: with which message each long-running method ends, and that of its metadata.

The libraries are read as text, not imported: `python -m tools.client_tables [--check]`. What an API without an
installed library had before stays.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from mockcloud.discovery.catalogue import find, versions
from mockcloud.discovery.documents import apis, document, package_of

ROOT = Path(__file__).resolve().parent.parent
ENUMS = ROOT / "mockcloud/mockcloud/discovery/enums.json"
OPERATIONS = ROOT / "mockcloud/mockcloud/services/operation_types.json"

Enum = Mapping[str, int]

_NAMES_ONLY = frozenset({"compute"})
"""APIs whose messages hold enumerations as text, so that no client asks for numbers."""

_PACKAGE = re.compile(r"proto\.module\(\s*package=\"([a-z0-9_.]+)\"")
_BINDING = re.compile(r"\"method\": \"([a-z]+)\",\s*\"uri\": \"([^\"]+)\"")
_METHOD_CLASS = re.compile(r"^    class _Base(\w+):", re.MULTILINE)
_VARIABLE = re.compile(r"\{[^{}=]+(?:=([^{}]+))?\}")
_DEFINITION = re.compile(r"^    def (\w+)\(", re.MULTILINE)
_OPERATION = re.compile(
    r"from_gapic\(\s*response,\s*self\._transport\.\w+,\s*([\w.]+),\s*metadata_type=([\w.]+),", re.MULTILINE
)


def main(arguments: list[str]) -> int:
    """Write the tables, or with `--check` say whether they are as they would be written."""
    tables = {ENUMS: enum_table(_table(ENUMS)), OPERATIONS: operation_table(_table(OPERATIONS))}
    if "--check" in arguments:
        stale = [path.name for path, text in tables.items() if path.read_text(encoding="utf-8") != text]
        print(f"Stale: {', '.join(stale)}" if stale else "As the client libraries have it.")
        return int(bool(stale))
    for path, text in tables.items():
        path.write_text(text, encoding="utf-8")
        print(f"Wrote {path.relative_to(ROOT)}")
    return 0


def _table(path: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def _written(table: Mapping[str, object]) -> str:
    """Write a table with one entry a line, so that a change shows as one."""
    lines = []
    for api, entries in sorted(table.items()):
        if isinstance(entries, dict):
            inner = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in sorted(entries.items())]
            opened, closed = "{", "}"
        else:
            inner = (
                [json.dumps(each) for each in entries if isinstance(each, dict)] if isinstance(entries, list) else []
            )
            opened, closed = "[", "]"
        lines.append(f" {json.dumps(api)}: {opened}\n  " + ",\n  ".join(inner) + f"\n {closed}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


# Enumerations
# ---------------------------------------------------------------------------------------------------------------------


def enum_table(before: Mapping[str, object]) -> str:
    """Give the table of enumerations as it is to be written."""
    found = dict(before)
    for api in apis():
        known = [each for version in versions(api) for each in _enums_of(package_of(api, version))]
        if known and api not in _NAMES_ONLY:
            found[api] = list(_irregular(api, known))
    return _written({api: entries for api, entries in found.items() if entries})


def _irregular(api: str, known: list[Enum]) -> Iterator[Enum]:
    """Give the enumerations of the API's descriptions whose names do not stand in the order of their numbers."""
    names = {each for version in versions(api) for each in _described(document(api, version))}
    for described in sorted(names):
        fitting = [each for each in known if set(described) <= set(each)]
        numbers = min(fitting, key=len) if fitting else _older(described, known)
        if numbers and [numbers[name] for name in described] != list(range(len(described))):
            yield {name: numbers[name] for name in described}


def _older(described: tuple[str, ...], known: list[Enum]) -> Enum:
    """Give the numbers of an enumeration that has grown since the library was made; none where there is no such one.

    Names that the library does not know get numbers that it does not know either: it never sends them.
    """
    names = set(described)

    def shared(each: Enum) -> int:
        return len(names.intersection(each))

    alike = [each for each in known if next(iter(each)) in names and shared(each) >= _MOST * len(names.union(each))]
    if not alike:
        return {}
    closest = max(reversed(alike), key=shared)
    found = dict(closest)
    for name in described:
        found.setdefault(name, max(found.values()) + 1)
    return found


_MOST = 0.6
"""The share of names that two enumerations have in common to be taken for one and the same."""


def _described(node: object) -> Iterator[tuple[str, ...]]:
    if isinstance(node, dict):
        enum = node.get("enum")
        if isinstance(enum, list):
            yield tuple(enum)
        for each in node.values():
            yield from _described(each)
    elif isinstance(node, list):
        for each in node:
            yield from _described(each)


@cache
def _sources() -> Mapping[str, list[Path]]:
    """Give the files that define messages, by the package of the messages."""
    found: dict[str, list[Path]] = {}
    for path in sorted(_site().glob("**/types/*.py")):
        package = _PACKAGE.search(path.read_text(encoding="utf-8"))
        if package is not None:
            found.setdefault(package[1], []).append(path)
    return found


@cache
def _site() -> Path:
    spec = find_spec("google.cloud.location") or find_spec("google.api_core")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("Google's client libraries are not installed: uv sync --all-groups.")
    place = Path(next(iter(spec.submodule_search_locations)))
    return next(each for each in place.parents if each.name == "google")


@cache
def _enums_of(package: str) -> list[Enum]:
    found: list[Enum] = []
    for path in _sources().get(package, []):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "proto.Enum" for base in node.bases):
                found += [dict(_members(node))]
    return found


def _members(node: ast.ClassDef) -> Iterator[tuple[str, int]]:
    for each in node.body:
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
            value: object = ast.literal_eval(each.value)
            if isinstance(value, int):
                yield each.targets[0].id, value


# Operations
# ---------------------------------------------------------------------------------------------------------------------


def operation_table(before: Mapping[str, object]) -> str:
    """Give the table of operations as it is to be written."""
    packages = {package_of(api, version): (api, version) for api in apis() for version in versions(api)}
    found: dict[str, dict[str, list[str]]] = {}
    for package, (api, version) in packages.items():
        for service in _services(package):
            for method, types in _operations(service, api, version):
                found.setdefault(api, {}).setdefault(method, types)
    return _written({**before, **found})


def _services(package: str) -> list[Path]:
    """Give the folders of the clients of a package."""
    files = _sources().get(package, [])
    return sorted(files[0].parent.parent.glob("services/*/client.py")) if files else []


def _operations(client: Path, api: str, version: str) -> Iterator[tuple[str, list[str]]]:
    base = client.parent / "transports" / "rest_base.py"
    if not base.is_file():
        return
    source = client.read_text(encoding="utf-8")
    bindings = dict(_bindings(base.read_text(encoding="utf-8")))
    imports = dict(_imports(source))
    starts = [(found.start(), found[1]) for found in _DEFINITION.finditer(source)]
    for found in _OPERATION.finditer(source):
        name = next(each for start, each in reversed(starts) if start < found.start())
        types = [_full_name(each, imports).replace(f".{version}.", ".{}.") for each in found.groups()]
        for verb, uri in bindings.get(name.replace("_", "").lower(), []):
            meant = find(verb.upper(), f"{api}.googleapis.com", _VARIABLE.sub(_sample, uri).lstrip("/"))
            if meant is not None:
                yield meant.match.method.id, types


def _sample(found: re.Match[str]) -> str:
    """Give a path for the template of a variable."""
    return (found[1] or "*").replace("**", "x").replace("*", "x")


def _bindings(source: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    classes = list(_METHOD_CLASS.finditer(source))
    for at, found in enumerate(classes):
        end = classes[at + 1].start() if at + 1 < len(classes) else len(source)
        pairs = [(each[1], each[2]) for each in _BINDING.finditer(source, found.end(), end)]
        yield found[1].lower(), pairs


def _imports(source: str) -> Iterator[tuple[str, str]]:
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom):
            yield from ((each.asname or each.name, f"{node.module}.{each.name}") for each in node.names)
        elif isinstance(node, ast.Import):
            yield from ((each.asname or each.name, each.name) for each in node.names)


def _full_name(name: str, imports: Mapping[str, str]) -> str:
    """Give the full name of a message that a client names by module and class."""
    module, _, message = name.partition(".")
    path = imports[module]
    if path.endswith("_pb2"):
        return f"{path.rpartition('.')[0]}.{message}"
    file = _site().parent / (path.replace(".", "/") + ".py")
    package = _PACKAGE.search(file.read_text(encoding="utf-8")) if file.is_file() else None
    return f"{package[1] if package is not None else path}.{message}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
