"""Which properties are in a resource's state in any case, as the provider's packages for Python and Node tell.

One that a program may leave out, and that is there all the same, is one that the provider fills: its definition has it
both optional and computed. Of a resource's own properties the package for Python says so, by the types of the getters:
`Output[str]`, and not `Output[Optional[str]]`. Of those inside of objects only the package for Node does, in
`types/output.d.ts`, by the question mark that is not there and is in `types/input.d.ts`.

Source: pulumi-terraform-bridge `pkg/tfgen/generate.go` (`variable.optional`): in the state a property is optional
where the definition has it optional and not computed.
"""

import re
import sys
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pulumi._types import input_type_py_to_pulumi_names

NODE: Final = Path(__file__).resolve().parent.parent / ".tools/node/node_modules/@pulumi/gcp"

UNSETTLED: Final = frozenset({"deletionPolicy"})
"""Computed properties that do not stay when they are left out: the provider sets its default again.

Source: hashicorp/terraform-provider-google-beta `google-beta/tpgresource/utils.go` (DefaultProviderDeletionPolicy).
Those beside it, of projects, regions and zones, take what is in the state for what is set, so that it stays.
"""

Inside = Mapping[tuple[str, str], frozenset[str]]
"""By module and name of an object (`compute`, `InstanceBootDisk`), some of its members."""

_MODULE: Final = re.compile(r"export declare namespace (\w+) \{")
_OBJECT: Final = re.compile(r" {4}interface (\w+) \{")
_MEMBER: Final = re.compile(r" {8}(\w+): ")


def always_there(made: type, arguments: type) -> frozenset[str]:
    """Give the properties of a resource that can be set, and are in its state in any case.

    Args:
        made: The class of the resource.
        arguments: The class of its arguments.
    """
    getters = {name: each for name, each in vars(made).items() if isinstance(each, property)}
    names = input_type_py_to_pulumi_names(arguments)
    return frozenset(names[name] for name, each in getters.items() if name in names and not _may_be_absent(each))


def _may_be_absent(getter: property) -> bool:
    (held,) = typing.get_args(getattr(getter.fget, "__annotations__", {})["return"])
    return type(None) in typing.get_args(held)


def inside(package: Path = NODE) -> Inside:
    """Read which members of objects are there in any case, though none has to be given.

    What has to be given in the version of the package, which is older than that for Python, may be left out by now.

    Args:
        package: The installed package for Node.
    """
    if not (package / "types").is_dir():
        sys.exit(f"{package} is not installed: run `tools/pulumi-node`, which needs npm.")
    told, given = (read((package / f"types/{each}.d.ts").read_text(encoding="utf-8")) for each in ("output", "input"))
    return {name: there - given.get(name, frozenset()) for name, there in told.items()}


def read(text: str) -> Inside:
    """Read which members of objects have no question mark in a file of types."""
    found: dict[tuple[str, str], set[str]] = {}
    module, members = "", set[str]()
    for line in text.splitlines():
        if opened := _MODULE.match(line):
            module = opened[1]
        elif named := _OBJECT.match(line):
            members = found.setdefault((module, named[1]), set())
        elif member := _MEMBER.match(line):
            members.add(member[1])
    return {name: frozenset(each) for name, each in found.items()}
