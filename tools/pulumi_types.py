"""Write the properties of the Google provider's resource types, as the installed `pulumi_gcp` has them.

    python -m tools.pulumi_types [--facts FILE]

The tables under `mockcloud/mockcloud/pulumi/schemas/` are what the mock cloud checks a program's inputs by: one file a
module, one line a type, in the notation of `mockcloud.pulumi.properties`. Names, types and what is required come from
the package's `*Args` and `_*State` classes. What they do not tell (what replaces, the provider's defaults, what is
secret, which names are made up) comes from a file of facts about the provider where one is given, and otherwise from
the type's former line; of a type that has neither, the docstrings' "changing this forces a new resource" tells, and
what says which resource it is replaces. What is secret, at whatever depth, the docstrings tell as well; what the
provider fills where a program leaves it out, the packages for Python and Node (`tools/pulumi_computed.py`).
"""

import argparse
import collections.abc
import gc
import gzip
import importlib
import importlib.util
import inspect
import json
import re
import sys
import typing
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Final

from pulumi._types import input_type_py_to_pulumi_names, input_type_types, is_input_type

from mockcloud.pulumi.naming import NAME, made_up_by
from tools.pulumi_computed import UNSETTLED, Inside, always_there, inside

TABLES: Final = Path(__file__).resolve().parent.parent / "mockcloud/mockcloud/pulumi/schemas"

Facts = Mapping[str, object]
Written = str | list[object]

_FORCES: Final = re.compile(r"(?:changing this|forces? (?:a )?new|recreat)", re.IGNORECASE)
_SENSITIVE: Final = "This property is sensitive"
_WRITE_ONLY: Final = "Wo"
"""How the names of properties end that are secrets which no state keeps."""
_GIVEN_BACK: Final = frozenset({"effectiveLabels", "pulumiLabels"})
"""What is among the arguments only where it lies inside of an object, as all of that is."""
_GRANTS: Final = re.compile(r"I[aA][mM](?:Member|Binding|Policy)$")
_PLACES: Final = frozenset(
    {"name", "project", "location", "region", "zone", "parent", "organization", "folder", "instance"}
)
_KINDS: Final = {str: "string", bool: "boolean", int: "integer", float: "number"}
_PLURALS: Final = (("ies", "y"), ("radii", "radius"), ("prves", "prf"))
"""Ends of words in the plural, and of the same in the singular, where more than an "s" or "es" is added."""
_PARAMETER: Final = re.compile(r"^:param [^\n]*? (\w+): (.*?)(?=^:param |\Z)", re.MULTILINE | re.DOTALL)


def main(arguments: list[str]) -> int:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=Path, help="facts about the provider: JSON, gzipped, by type token")
    facts_file: Path | None = parser.parse_args(arguments).facts
    gc.disable()
    facts: dict[str, Facts] = json.loads(gzip.decompress(facts_file.read_bytes())) if facts_file else {}
    modules: dict[str, dict[str, dict[str, Written]]] = {}
    within = inside()
    for token, (module, name) in sorted(classes().items()):
        _, path, _ = token.split(":")
        known = facts.get(token, {}).get("fields")
        former = _former(token)
        facts_of = known if isinstance(known, dict) else former
        written = _resource(importlib.import_module(module), name, facts_of, made_up_by(token) | {NAME}, within)
        modules.setdefault(path.partition("/")[0], {})[token.removeprefix("gcp:")] = written
    TABLES.mkdir(parents=True, exist_ok=True)
    for module, types in modules.items():
        lines = (f"{json.dumps(token)}: {json.dumps(line, separators=(',', ':'))}" for token, line in types.items())
        (TABLES / f"{module}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"Wrote {sum(map(len, modules.values()))} types of {len(modules)} modules.")
    return 0


@cache
def classes() -> dict[str, tuple[str, str]]:
    """Give, for each type's token, the Python package and the class that make it."""
    source = importlib.util.find_spec("pulumi_gcp")
    if source is None or source.origin is None:
        sys.exit("pulumi_gcp is not installed: run `make setup`.")
    text = Path(source.origin).read_text(encoding="utf-8")
    entries = json.loads(text.split('resource_modules="""', 1)[1].split('"""', 1)[0])
    return {token: (entry["fqn"], name) for entry in entries for token, name in entry["classes"].items()}


def inputs_of(package: ModuleType, name: str) -> type:
    """Give the class of a type's arguments."""
    made: type = getattr(package, name)
    module = sys.modules[made.__module__]
    # The plain name is taken where an object of another resource has it.
    inputs: type = getattr(module, f"{name}InitArgs", None) or getattr(module, f"{name}Args")
    return inputs


@cache
def objects_of(shape: type) -> dict[str, type]:
    """Give the classes of the arguments that are objects, or lists of them, by property."""
    held = {prop: _container(each)[1] for prop, each in input_type_types(shape).items()}
    return {prop: each for prop, each in held.items() if isinstance(each, type) and is_input_type(each)}


def _resource(
    package: ModuleType, name: str, known: Mapping[str, object] | None, made_up: AbstractSet[str], within: Inside
) -> dict[str, Written]:
    inputs = inputs_of(package, name)
    filled = always_there(getattr(package, name), inputs) - _required(inputs) - made_up - UNSETTLED
    state: type | None = getattr(sys.modules[inputs.__module__], f"_{name}State", None)
    required, settable = _required(inputs), set(input_type_types(inputs))
    shapes = {**(input_type_types(state) if state else {}), **input_type_types(inputs)}
    texts = {**(docstrings(state) if state else {}), **docstrings(inputs)}
    written: dict[str, Written] = {}
    for prop, shape in sorted(shapes.items()):
        facts = _told(_fact(known or {}, prop), prop, texts.get(prop, ""))
        marks = "!" * (prop in required) + "=" * (prop not in settable)
        if prop in settable:
            guessed = not known and (_FORCES.search(texts.get(prop, "")) is not None or _names(prop, name, required))
            marks += "^" * bool(facts.get("replaces", guessed))
            # The provider makes names up wherever one may be given, even where Google would do so itself.
            marks += "@" * (prop in made_up and prop not in required)
            marks += "?" * (prop in filled and facts.get("default") is None)
        written[prop] = _property(shape, marks, facts, within)
    return written


def _names(prop: str, name: str, required: set[str]) -> bool:
    """Whether a property says which resource it is, or where: so it replaces in nineteen types of twenty."""
    if _GRANTS.search(name):
        return prop not in {"members", "policyData"}
    return prop in _PLACES or (prop.endswith("Id") and prop in required)


def _property(shape: object, marks: str, facts: Facts, within: Inside) -> Written:
    """Write a property: see `mockcloud.pulumi.properties` for the notation."""
    marks += "$" * bool(facts.get("secret")) + "*" * (facts.get("type") == "set")
    opened, shape = _container(shape)
    closed = {"[": "]", "{": "}", "": ""}[opened]
    if is_input_type(shape) if isinstance(shape, type) else False:
        return [f"{opened}object{closed}{marks}", _object(typing.cast("type", shape), facts.get("fields"), within)]
    kind = _KINDS.get(shape, "any") if isinstance(shape, type) else "any"
    text = f"{opened}{kind}{closed}{marks}"
    return [text, facts["default"]] if facts.get("default") is not None and "=" not in marks else text


def _object(shape: type, fields: object, within: Inside) -> dict[str, Written]:
    known = fields if isinstance(fields, dict) else {}
    required = _required(shape)
    filled = within.get((shape.__module__.split(".")[1], shape.__name__.removesuffix("Args")), frozenset()) - required
    texts = docstrings(shape)
    written: dict[str, Written] = {}
    for prop, inner in sorted(input_type_types(shape).items()):
        facts = _told(_fact(known, prop), prop, texts.get(prop, ""))
        marks = "!" * (prop in required) + "^" * bool(facts.get("replaces")) + "=" * bool(facts.get("output"))
        marks += "?" * (prop in filled and not facts.get("output") and facts.get("default") is None)
        written[prop] = _property(inner, marks, facts, within)
    return written


def _fact(known: Mapping[str, object], prop: str) -> Facts:
    """Give what is known of a property: Pulumi has in the plural what the provider may have in the singular."""
    stem = next((prop.removesuffix(end) + new for end, new in _PLURALS if prop.endswith(end)), prop)
    names = (prop, stem, prop.removesuffix("es"), prop.removesuffix("s"))
    found = next((known[name] for name in names if name in known), None)
    return found if isinstance(found, dict) else {}


def _told(facts: Facts, prop: str, text: str) -> Facts:
    """Add to what is known of a property what its docstring or its name says: that it is a secret, or only given."""
    secret = {"secret": True} if _SENSITIVE in text or prop.endswith(_WRITE_ONLY) else {}
    return {**facts, **secret, **({"output": True} if prop in _GIVEN_BACK else {})}


def _container(shape: object) -> tuple[str, object]:
    """Take a list or a mapping apart: what it is, and what it holds."""
    origin, inner = typing.get_origin(shape), typing.get_args(shape)
    if origin is collections.abc.Sequence:
        return "[", _held(inner[0])
    if origin is collections.abc.Mapping:
        return "{", _held(inner[1])
    return "", shape


def _held(shape: object) -> object:
    """Give what an `Input[T]` holds."""
    for option in typing.get_args(shape) or (shape,):
        if isinstance(option, type) and option is not type(None):
            return option
        if typing.get_origin(option) in {collections.abc.Sequence, collections.abc.Mapping}:
            return object
    return object


def _required(shape: type) -> set[str]:
    names = input_type_py_to_pulumi_names(shape)
    parameters = inspect.signature(shape).parameters.values()
    return {names[one.name] for one in parameters if one.default is inspect.Parameter.empty and one.name in names}


@cache
def docstrings(shape: type) -> dict[str, str]:
    """Give what the docstring of a class of arguments says of each property."""
    names = input_type_py_to_pulumi_names(shape)
    found = _PARAMETER.findall(inspect.getdoc(vars(shape)["__init__"]) or "")
    return {names[name]: text for name, text in found if name in names}


def _former(token: str) -> Mapping[str, object] | None:
    """Give the facts that a type's former line holds."""
    path = TABLES / f"{token.split(':')[1].split('/', maxsplit=1)[0]}.json"
    if not path.is_file():
        return None
    line = json.loads(path.read_text(encoding="utf-8")).get(token.removeprefix("gcp:"))
    return _facts(line) if line is not None else None


def _facts(line: Mapping[str, Written]) -> dict[str, Facts]:
    found: dict[str, Facts] = {}
    for prop, each in line.items():
        text, rest = (each, None) if isinstance(each, str) else (str(each[0]), each[1])
        fields = _facts(rest) if isinstance(rest, dict) else None
        found[prop] = {
            "replaces": "^" in text,
            "secret": "$" in text,
            "output": "=" in text,
            "type": "set" if "*" in text else "",
            **({"fields": fields} if fields is not None else {"default": rest}),
        }
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
