"""The code that says of an imported resource what the cloud says: without it, the next update would delete it."""

import json
import keyword
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from groundplan_cli.errors import Error
from groundplan_policies.engine import Resource, Value, is_secret
from groundplan_policies.engine.values import is_special

if TYPE_CHECKING:
    from mockcloud.pulumi.properties import Property

_WIDTH: Final = 100
_TOKEN = re.compile(r"(?P<package>[\w-]+):(?P<module>[\w-]+)(?:/[\w-]+)?:(?P<name>\w+)")
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def code_of(resource: Resource) -> str:
    """Give the Python code of a resource, with the inputs that the import found.

    What a program must set and the cloud does not tell is a gap to fill, and says so.
    """
    from mockcloud.pulumi.properties import properties_of

    package, module, name = _parts(resource.type)
    path = f"{package}.{name}" if module == "index" else f"{package}.{module}.{name}"
    properties = properties_of(resource.type) or {}
    arguments = [f"{_snake(key)}={_literal(value, 1, properties.get(key))}," for key, value in _shown(resource.inputs)]
    arguments += [
        f'{_snake(key)}="…",  # write down what it is: the cloud does not tell'
        for key, each in properties.items()
        if each.required and resource.inputs.get(key) is None
    ]
    if resource.protect:
        arguments.append("opts=pulumi.ResourceOptions(protect=True),")
    lines = [
        "import pulumi",
        f"import pulumi_{package} as {package}",
        "",
        f"{_variable(resource.name)} = {path}(",
        *(f"    {each}" for each in (f"{_text(resource.name)},", *arguments)),
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
    return f"{found}_" if keyword.iskeyword(found) or found == "exec" else found


def _variable(name: str) -> str:
    found = re.sub(r"\W+", "_", name).strip("_").lower() or "resource"
    return f"_{found}" if found[0].isdigit() or keyword.iskeyword(found) else found


def _literal(value: Value, depth: int, each: "Property | None") -> str:
    """Write a value as Python; a secret as what asks the configuration for it."""
    if is_secret(value):
        return 'pulumi.Config().require_secret("…")'
    if isinstance(value, dict) and not is_special(value):
        return _block("{", [_member(key, item, depth + 1, each) for key, item in _shown(value)], "}", depth)
    if isinstance(value, list):
        return _block("[", [_literal(item, depth + 1, each) for item in value], "]", depth)
    if isinstance(value, str):
        return _text(value)
    return repr(int(value) if isinstance(value, float) and value.is_integer() else value)


def _member(key: str, value: Value, depth: int, each: "Property | None") -> str:
    """Write a member of a block. The keys of a block are Pulumi's, those of a map, such as labels, the user's."""
    # Of other packages nothing is known: keys of maps mostly have no capitals.
    block = each.kind == "object" if each is not None else re.fullmatch(r"[a-z]+[A-Za-z0-9]*", key)
    below = each.fields.get(key) if each is not None else None
    return f"{_text(_snake(key) if block else key)}: {_literal(value, depth, below)}"


def _text(value: str) -> str:
    """Write a text with double quotes. JSON's escapes are Python's too."""
    return json.dumps(value, ensure_ascii=False)


def _shown(value: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
    return ((key, each) for key, each in value.items() if not key.startswith("__") and each is not None)


def _block(opening: str, parts: list[str], closing: str, depth: int) -> str:
    line = f"{opening}{', '.join(parts)}{closing}"
    if len(line) + 4 * depth <= _WIDTH - 20 and "\n" not in line:
        return line
    indent = "    " * (depth + 1)
    return "\n".join([opening, *(f"{indent}{each}," for each in parts), f"{'    ' * depth}{closing}"])
