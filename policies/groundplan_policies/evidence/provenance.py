"""Digests of what decides verdicts: settings as they hold in the end, waivers, and the rules themselves."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from groundplan_policies.engine.opened import Opened
from groundplan_policies.settings.model import Settings
from groundplan_policies.waivers.model import Waiver

_SOURCES: Final = (".py", ".yaml", ".json")
"""Files of this package that decide verdicts, by how their names end."""


def settings_digest(settings: Settings) -> str:
    """Give the digest of settings: of what holds in the end, wherever it was said."""
    return _digest(_canonical(asdict(settings)))


def waivers_digest(waivers: Iterable[Waiver]) -> str:
    """Give the digest of waivers."""
    return _digest(_canonical([asdict(each) for each in waivers]))


def opened_digest(opened: Mapping[str, Opened]) -> str:
    """Give the digest of documents: of where they are, of what they hold, and of why they could not be read."""
    return _digest(_canonical({uri: [each.digest, each.problem] for uri, each in opened.items()}))


@lru_cache(maxsize=1)
def rules_digest() -> str:
    """Give the digest of this package: of the rules, of what evaluates them, and of the frameworks."""
    return folder_digest(files("groundplan_policies"))


def folder_digest(folder: Traversable) -> str:
    """Give the digest of the sources below a folder: of their names and of what is in them."""
    found = hashlib.sha256()
    for name, content in _walk(folder, ""):
        found.update(f"{name}\n{len(content)}\n".encode())
        found.update(content)
    return f"sha256:{found.hexdigest()}"


def _walk(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        name = f"{path}{each.name}"
        if each.is_dir():
            if each.name != "__pycache__":
                yield from _walk(each, f"{name}/")
        elif each.name.endswith(_SOURCES):
            yield name, each.read_bytes()


def _canonical(value: object) -> bytes:
    """Write a value as JSON that is the same for the same value; days and other words of ours as their text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str).encode()


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
