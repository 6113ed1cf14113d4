"""The properties of resource types and of functions: what a program may set, and what it gets back.

The tables in `schemas/` are written by `tools/pulumi_types.py` from the installed `pulumi_gcp`: one file a module, one
line a type; those of functions, in `signatures/`, by `tools/pulumi_functions.py`. Their notation:

- a property is a text, or a list of the text with what follows: the properties of an object, or the default;
- the text is a kind (`string`, `boolean`, `integer`, `number`, `any`, `object`), in brackets for a list of it and in
  braces for a mapping to it, and then marks: `!` required, `=` only given back, `^` replaces the resource when it
  changes, `@` made up where it is not given, `?` filled by the provider or by Google where it is not given, `*` without
  an order, `$` secret.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

Scalar = str | int | float | bool

VERSION: Final = "10.2.0"
"""Version of the provider that the schemas were taken from."""

_MARKS: Final = "!=^@?*$"


@dataclass(frozen=True, slots=True)
class Property:
    """One property.

    Attributes:
        name: Its name in Pulumi: `machineType`.
        kind: `string`, `boolean`, `integer`, `number`, `any` or `object`: of each item, for a list or mapping.
        repeated: Whether it is a list.
        mapped: Whether it is a mapping from texts.
        required: Whether a program must set it.
        output: Whether only the cloud sets it.
        replaces: Whether a change makes the resource anew.
        made_up: Whether the provider makes one up where the program sets none.
        computed: Whether the provider or Google fills it where the program sets none, so that it stays as it is where
            the program sets it no more.
        unordered: Whether the order of its items means nothing.
        secret: Whether it is kept as a secret.
        default: What the provider sets where the program sets nothing; None for nothing.
        fields: The properties of the object, or of each item.
    """

    name: str
    kind: str
    repeated: bool = False
    mapped: bool = False
    required: bool = False
    output: bool = False
    replaces: bool = False
    made_up: bool = False
    computed: bool = False
    unordered: bool = False
    secret: bool = False
    default: Scalar | None = None
    fields: "Mapping[str, Property]" = field(default_factory=dict)

    @property
    def write_only(self) -> bool:
        """Whether it is sent and kept nowhere: the provider ends the names of all such in `Wo`."""
        return self.name.endswith("Wo")

    @property
    def shape(self) -> str:
        """What it is, for a message: `list of objects`."""
        if self.repeated:
            return f"list of {self.kind}s" if self.kind != "any" else "list"
        return f"mapping to {self.kind}s" if self.mapped else self.kind


Properties = Mapping[str, Property]


def properties_of(token: str) -> Properties | None:
    """Give the properties of a resource type by name; None for a type that the provider does not have.

    Args:
        token: `gcp:storage/bucket:Bucket`.
    """
    package, _, rest = token.partition(":")
    return _module("schemas", rest.partition("/")[0]).get(rest) if package == "gcp" else None


def signature_of(token: str) -> Properties | None:
    """Give what a function takes and gives, by name; None for one that the provider does not have.

    What is only given back is its answer; what it takes is there as well.

    Args:
        token: `gcp:storage/getBucket:getBucket`.
    """
    package, _, rest = token.partition(":")
    return _module("signatures", rest.partition("/")[0]).get(rest) if package == "gcp" else None


def function_tokens() -> list[str]:
    """Give the tokens of all functions of the provider, sorted."""
    return _tokens("signatures")


def tokens() -> list[str]:
    """Give the tokens of all resource types of the provider, sorted."""
    return _tokens("schemas")


def _tokens(folder: str) -> list[str]:
    modules = [each.name.removesuffix(".json") for each in files(__package__).joinpath(folder).iterdir()]
    return sorted(f"gcp:{token}" for module in modules for token in _module(folder, module))


@cache
def _module(folder: str, name: str) -> "_Types":
    table = files(__package__).joinpath(folder, f"{name}.json")
    return _Types(json.loads(table.read_bytes()) if name.isalnum() and table.is_file() else {})


class _Types:
    """Types of a module, each read when it is first asked for."""

    def __init__(self, raw: Mapping[str, Mapping[str, Any]]) -> None:
        self._raw = raw
        self._read: dict[str, Properties] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def get(self, token: str) -> Properties | None:
        """Give a type's properties."""
        if token in self._raw and token not in self._read:
            self._read[token] = read(self._raw[token])
        return self._read.get(token)


def read(written: Mapping[str, Any]) -> Properties:
    """Read a line's properties."""
    return {name: _property(name, each) for name, each in written.items()}


def _property(name: str, written: str | list[Any]) -> Property:
    text, rest = (written, None) if isinstance(written, str) else (str(written[0]), written[1])
    shape = text.rstrip(_MARKS)
    marks = text[len(shape) :]
    return Property(
        name,
        shape.strip("[]{}"),
        repeated=shape.startswith("["),
        mapped=shape.startswith("{"),
        required="!" in marks,
        output="=" in marks,
        replaces="^" in marks,
        made_up="@" in marks,
        computed="?" in marks,
        unordered="*" in marks,
        secret="$" in marks,
        default=None if isinstance(rest, dict) else rest,
        fields=read(rest) if isinstance(rest, dict) else {},
    )
