"""What must not change by accident: URNs, cloud names, and what would replace a resource that holds data."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from groundplan.core.lifecycle import lifecycle_of

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
STACKS = ("learner", "team", "regulated")
_NAMES = (
    "accountId",
    "bucket",
    "bucketId",
    "datasetId",
    "displayName",
    "instanceId",
    "name",
    "repositoryId",
    "tableId",
    "workloadIdentityPoolId",
    "workloadIdentityPoolProviderId",
)
_WRITE = "run `python -m tests.stacks.stability` to write the snapshot anew"

Entry = dict[str, Any]
Snapshot = dict[str, Entry]


@functools.cache
def replacing() -> dict[str, list[str]]:
    """Return the properties that replace a resource, of each type that holds data."""
    table: dict[str, list[str]] = yaml.safe_load((HERE / "replaces.yaml").read_text(encoding="utf-8"))
    return table


def snapshot(document: Mapping[str, Any]) -> Snapshot:
    """Return what is kept of a deployment document."""
    return {r["urn"]: _entry(r) for r in document["deployment"]["resources"]}


def _entry(resource: Mapping[str, Any]) -> Entry:
    inputs = resource.get("inputs", {})
    fixed = {path: _at(inputs, path) for path in replacing().get(resource["type"], ())}
    return {
        "names": {key: inputs[key] for key in _NAMES if isinstance(inputs.get(key), str)},
        "fixed": {path: value for path, value in fixed.items() if value is not None},
    }


def _at(value: Any, path: str) -> Any:
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def problems(old: Snapshot, document: Mapping[str, Any]) -> Iterator[str]:
    """Say what a document changes of a snapshot that its users would pay for, and how to keep it."""
    new = snapshot(document)
    # What the program asks for beside the state: the engine resolves aliases to the URNs that a resource may have had.
    asked = document["groundplan"]["requests"]
    renamed = {alias: urn for urn, request in asked.items() for alias in request.get("aliases", ()) if alias in old}
    for urn, entry in old.items():
        current = renamed.get(urn, urn)
        if current not in new:
            yield (
                f"{urn}: is gone\n  Users' stacks would delete it. If it was renamed, give the new one the alias "
                f"`pulumi.Alias(name=…)` of the old; if it is meant to go, {_WRITE} and say so in the changelog."
            )
            continue
        yield from _entry_problems(urn, entry, new[current])


def _entry_problems(urn: str, old: Entry, new: Entry) -> Iterator[str]:
    kind = urn.split("::", 3)[2].rsplit("$", 1)[-1]
    for key in old["names"].keys() | new["names"].keys():
        before, after = old["names"].get(key), new["names"].get(key)
        if before != after:
            yield (
                f"{urn}: {key} was {before!r} and is {after!r}\n"
                f"  Users' resources would be replaced. Keep the name, or {_WRITE}."
            )
    for path in old["fixed"].keys() | new["fixed"].keys():
        before, after = old["fixed"].get(path), new["fixed"].get(path)
        if before != after and path not in old["names"]:
            yield (
                f"{urn}: {path} changed, which replaces a {kind} that holds data\n  {lifecycle_of(kind).reason} "
                f"Make the change an argument whose default is the old value, or {_WRITE} and give a migration."
            )


def file_of(stack: str) -> Path:
    """Return the file that keeps a stack's snapshot."""
    return HERE / "snapshots" / f"{stack}.json"


def read(stack: str) -> Snapshot:
    """Return the snapshot that is kept of a stack."""
    kept: Snapshot = json.loads(file_of(stack).read_text(encoding="utf-8"))
    return kept


def write(stack: str, document: Mapping[str, Any]) -> None:
    """Keep a document as the stack's snapshot."""
    text = json.dumps(snapshot(document), indent=1, sort_keys=True, ensure_ascii=False)
    file_of(stack).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    from mockcloud import preview_directory

    for name in sys.argv[1:] or STACKS:
        write(name, preview_directory(ROOT, name).document)
