"""The code that says of an imported resource what the cloud says: without it, the next update would delete it."""

import json
import keyword
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from groundplan_cli.errors import Error
from groundplan_policies.engine import Resource, Value, is_secret
from groundplan_policies.engine.values import is_special

_WIDTH: Final = 100
_TOKEN = re.compile(r"(?P<package>[\w-]+):(?P<module>[\w-]+)(?:/[\w-]+)?:(?P<name>\w+)")
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def code_of(resource: Resource) -> str:
    """Give the Python code of a resource, with the inputs that the import found."""
    package, module, name = _parts(resource.type)
    path = f"{package}.{name}" if module == "index" else f"{package}.{module}.{name}"
    arguments = [
        f"{_snake(key)}={_literal(value, 1)}"
        for key, value in resource.inputs.items()
        if not key.startswith("__") and value is not None
    ]
    if resource.protect:
        arguments.append("opts=pulumi.ResourceOptions(protect=True)")
    lines = [
        "import pulumi",
        f"import pulumi_{package} as {package}",
        "",
        f"{_variable(resource.name)} = {path}(",
        *(f"    {each}," for each in (_text(resource.name), *arguments)),
        ")",
    ]
    return "\n".join(lines)


def check_token(token: str) -> str:
    """Give a type as the engine writes it: `gcp:pubsub:Topic` and `gcp.pubsub.Topic` mean `gcp:pubsub/topic:Topic`.

    Raises:
        Error: It is no type, or none of the provider "gcp".
    """
    from mockcloud.pulumi.properties import properties_of

    found = re.fullmatch(r"([\w-]+)[.:]([\w-]+)(?:/([\w-]+))?[.:](\w+)", token)
    if found is None:
        raise Error(
            "The type of a resource is not understood",
            given=token,
            allowed="package:module/file:Name, or package.module.Name as in Python",
            remedy="write it as gcp.storage.Bucket or gcp:storage/bucket:Bucket",
        )
    package, module, file, name = found.groups()
    if file is None and package == "gcp":
        file = name[:1].lower() + name[1:]
    full = f"{package}:{module}/{file}:{name}" if file else f"{package}:{module}:{name}"
    if package == "gcp" and properties_of(full) is None:
        raise _no_such_type(token, full)
    return full


def _no_such_type(given: str, full: str) -> Error:
    from mockcloud.pulumi.properties import tokens

    near = [
        f"{package}.{module}.{name}" for package, module, name in map(_parts, get_close_matches(full, tokens(), n=3))
    ]
    return Error(
        "The provider has no such type of resource",
        given=given,
        allowed=f"for instance {', '.join(near)}" if near else "the types of the installed pulumi_gcp",
        remedy="correct the type; the documentation of pulumi_gcp lists all of them",
    )


def _parts(token: str) -> tuple[str, str, str]:
    found = _TOKEN.fullmatch(token)
    return (found["package"], found["module"], found["name"]) if found else ("gcp", "index", token)


def _snake(name: str) -> str:
    found = _WORDS.sub("_", name).lower()
    return f"{found}_" if keyword.iskeyword(found) else found


def _variable(name: str) -> str:
    found = re.sub(r"\W+", "_", name).strip("_").lower() or "resource"
    return f"_{found}" if found[0].isdigit() or keyword.iskeyword(found) else found


def _literal(value: Value, depth: int) -> str:
    """Write a value as Python; a secret as what asks the configuration for it."""
    if is_secret(value):
        return 'pulumi.Config().require_secret("…")'
    if isinstance(value, dict) and not is_special(value):
        return _block(
            "{", [f"{_text(_key(key))}: {_literal(each, depth + 1)}" for key, each in _shown(value)], "}", depth
        )
    if isinstance(value, list):
        return _block("[", [_literal(each, depth + 1) for each in value], "]", depth)
    if isinstance(value, str):
        return _text(value)
    return repr(int(value) if isinstance(value, float) and value.is_integer() else value)


def _text(value: str) -> str:
    """Write a text with double quotes. JSON's escapes are Python's too."""
    return json.dumps(value, ensure_ascii=False)


def _shown(value: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
    return ((key, each) for key, each in value.items() if not key.startswith("__") and each is not None)


def _key(key: str) -> str:
    """Give a key of a block as Python has it. Keys of maps such as labels have no capitals, and stay."""
    return _snake(key) if re.fullmatch(r"[a-z]+[A-Za-z0-9]*", key) else key


def _block(opening: str, parts: list[str], closing: str, depth: int) -> str:
    line = f"{opening}{', '.join(parts)}{closing}"
    if len(line) + 4 * depth <= _WIDTH - 20 and "\n" not in line:
        return line
    indent = "    " * (depth + 1)
    return "\n".join([opening, *(f"{indent}{each}," for each in parts), f"{'    ' * depth}{closing}"])
