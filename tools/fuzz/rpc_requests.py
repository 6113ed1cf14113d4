"""Requests as messages of gRPC, right ones and broken ones, as they follow from chance and the client packages."""

import random
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from google.protobuf.message import Message

from mockcloud.doors.grpc.rpcs import Rpc, methods_of, packages

OF_EVERY_API: Final = ("google.cloud.location.Locations", "google.iam.v1.IAMPolicy", "google.longrunning.Operations")
"""Services that every API has."""

_TEXTS: Final = (
    *("", "a", "projects/acme", "projects/acme/locations/l", "ü", "-", "a/b", "2026-01-01T00:00:00Z", "\0", "x" * 300),
)
_DEEPEST: Final = 3
_PATH: Final = re.compile(r"\"/([\w.]+)/\w+\"")
_VARIABLE: Final = re.compile(r"\{([^=}]+)=?([^}]*)\}")


@cache
def rpcs(api: str) -> tuple[Rpc, ...]:
    """Give the methods of an API that its installed client packages have, of all versions; none where there is none."""
    services = [*sorted(set(_services(api))), *OF_EVERY_API]
    return tuple(rpc for each in services for rpc in methods_of(each).values()) if services[3:] else ()


def _services(api: str) -> Iterator[str]:
    """Give the names of its services. The transports of a client name them; no file lists them."""
    for entry in packages().values():
        if entry["api"] == api:
            parent, _, name = entry["python"].rpartition(".")
            for home in _folders(parent):
                for transport in Path(home).glob(f"{name}*/services/*/transports/grpc.py"):
                    folder = transport.relative_to(home).parts[0]
                    if re.fullmatch(rf"{name}(_v\d\w*)?", folder):
                        yield from _PATH.findall(transport.read_text(encoding="utf-8"))


def _folders(package: str) -> list[str]:
    """Give the folders of a package; none where no installed distribution has it."""
    try:
        spec = find_spec(package)
    except ModuleNotFoundError:  # what it is in is missing too
        return []
    return list(spec.submodule_search_locations or ()) if spec else []


def message(chance: random.Random, rpc: Rpc) -> bytes:
    """Make a request for a method, as bytes."""
    made = rpc.request()
    _fill(chance, made, 0)
    if chance.random() < 0.8:  # noqa: PLR2004 - mostly it names something
        _name(chance, made, rpc)
    written = made.SerializeToString()
    return written[: len(written) // 2] + b"\xff" if chance.random() < 0.03 else written  # noqa: PLR2004 - now and then


def _fill(chance: random.Random, made: Any, depth: int) -> None:  # noqa: ANN401 - a message of any type
    """Set about half of the fields."""
    for field in made.DESCRIPTOR.fields:
        if chance.random() < 0.5:  # noqa: PLR2004 - half
            continue
        held, entry = getattr(made, field.name), field.message_type
        if entry is not None and entry.GetOptions().map_entry:
            kind, key = entry.fields_by_name["value"], entry.fields_by_name["key"]
            if kind.message_type is None and key.type == key.TYPE_STRING:
                held[chance.choice(_TEXTS)] = _scalar(chance, kind)
        elif entry is not None and depth < _DEEPEST:
            one = held.add() if hasattr(held, "add") else held
            if one is held:
                held.SetInParent()
            _fill(chance, one, depth + 1)
        elif entry is None and hasattr(held, "append"):
            held.append(_scalar(chance, field))
        elif entry is None:
            setattr(made, field.name, _scalar(chance, field))


def _scalar(chance: random.Random, field: Any) -> object:  # noqa: ANN401 - its class depends on protobuf's backend
    if field.cpp_type == field.CPPTYPE_STRING:
        text = chance.choice(_TEXTS)
        return text.encode() if field.type == field.TYPE_BYTES else text
    if field.cpp_type == field.CPPTYPE_BOOL:
        return chance.random() < 0.5  # noqa: PLR2004 - either
    if field.cpp_type in {field.CPPTYPE_FLOAT, field.CPPTYPE_DOUBLE}:
        return chance.choice([0.0, 1.5, -3.0, float("nan"), float("inf")])
    return chance.choice([0, 1, 2, 7, 2**31 - 1])


def _name(chance: random.Random, made: Message, rpc: Rpc) -> None:
    """Name something, as a form of the method asks for it."""
    if not rpc.bindings:
        return
    for match in _VARIABLE.finditer(chance.choice(rpc.bindings).uri):
        *parents, last = match[1].split(".")
        holder: Message = made
        for each in parents:
            holder = getattr(holder, each)
        if isinstance(getattr(holder, last), str):
            pattern = (match[2] or "*").replace("**", "*")
            setattr(holder, last, pattern.replace("*", chance.choice(["acme", "one", "l"])))
