"""Write what the Google provider's functions take and give, as the installed `pulumi_gcp` has them.

    python -m tools.pulumi_functions

The tables under `mockcloud/mockcloud/pulumi/signatures/` are what the mock cloud checks the arguments of a function by,
and gives its answer by: one file a module, one line a function, in the notation of `mockcloud.pulumi.properties`, in
which what is only given back is the answer. The package does not tell what of an answer is secret: of a function that
reads a type, the type's own table does, and the list below of the others.
"""

import ast
import gc
import importlib
import importlib.util
import inspect
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Final

from pulumi._types import _py_to_pulumi_names_from_py_properties, is_output_type, output_type_types

from mockcloud.pulumi.functions import type_of_function
from mockcloud.pulumi.properties import Properties, properties_of
from tools.pulumi_types import _KINDS, TABLES, Written, _container

SIGNATURES: Final = TABLES.parent / "signatures"

_SECRETS: Final = frozenset(
    {"accessToken", "idToken", "jwt", "plaintext", "secretData", "credentials", "privateKey", "clientKey", "password"}
    | {"parameterData", "renderedParameterData"}
)
"""Properties that are secret wherever a function has them. Source: `Sensitive` in the provider's data sources."""


def main() -> int:
    """Write the tables."""
    gc.disable()
    modules: dict[str, dict[str, dict[str, Written]]] = {}
    for file in sorted(_package().glob("*/*.py")):
        for token, arguments, result in _calls(file):
            module = importlib.import_module(f"pulumi_gcp.{file.parent.name}.{file.stem}")
            written = _signature(token, arguments, module, result)
            path = token.removeprefix("gcp:")
            modules.setdefault(path.partition("/")[0], {})[path] = written
    SIGNATURES.mkdir(exist_ok=True)
    for name, functions in modules.items():
        lines = (f"{json.dumps(path)}: {json.dumps(line, separators=(',', ':'))}" for path, line in functions.items())
        (SIGNATURES / f"{name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"Wrote {sum(map(len, modules.values()))} functions of {len(modules)} modules.")
    return 0


def _package() -> Path:
    source = importlib.util.find_spec("pulumi_gcp")
    if source is None or source.origin is None:
        sys.exit("pulumi_gcp is not installed: run `make setup`.")
    return Path(source.origin).parent


def _calls(file: Path) -> "Iterator[tuple[str, dict[str, bool], str]]":
    """Give each function of a file: its token, whether each argument is required, and the class of its result."""
    for each in ast.parse(file.read_text(encoding="utf-8")).body:
        if not isinstance(each, ast.FunctionDef):
            continue
        for call in (node for node in ast.walk(each) if isinstance(node, ast.Call)):
            if ast.unparse(call.func) != "pulumi.runtime.invoke_output":
                continue
            named = {keyword.arg: keyword.value for keyword in call.keywords}
            yield str(ast.literal_eval(call.args[0])), _arguments(each), ast.unparse(named["typ"])


def _arguments(function: ast.FunctionDef) -> dict[str, bool]:
    """Give, for each argument by its name in Pulumi, whether it is required.

    All have a default in Python. What may be left out is optional twice: `pulumi.Input[Optional[Optional[str]]]`.
    """
    hints = {one.arg: ast.unparse(one.annotation) if one.annotation else "" for one in function.args.args}
    required = {name for name, hint in hints.items() if hint.count("Optional[") == 1}
    return {
        str(ast.literal_eval(line.targets[0].slice)): ast.unparse(line.value) in required
        for line in function.body
        if isinstance(line, ast.Assign)
        and isinstance(line.targets[0], ast.Subscript)
        and ast.unparse(line.targets[0].value) == "__args__"
    }


def _signature(token: str, arguments: dict[str, bool], module: ModuleType, result: str) -> dict[str, Written]:
    shapes = output_type_types(getattr(module, result))
    lost = sorted(set(arguments) - set(shapes))
    if lost:
        sys.exit(f"{token} takes {', '.join(lost)}, and does not give them back.")
    known = properties_of(type_of_function(token)) or {}
    return {
        name: _property(name, shape, ("!" if arguments[name] else "") if name in arguments else "=", known)
        for name, shape in sorted(shapes.items())
    }


def _property(name: str, shape: object, marks: str, known: Properties) -> Written:
    """Write a property: see `mockcloud.pulumi.properties` for the notation."""
    opened, shape = _container(shape)
    closed = {"[": "]", "{": "}", "": ""}[opened]
    each = known.get(name) or known.get(name.removesuffix("s"))
    secret = name in _SECRETS or (each is not None and each.secret)
    marks += "$" * secret
    if isinstance(shape, type) and is_output_type(shape):
        fields = each.fields if each is not None else {}
        needed = _required(shape) if "=" not in marks else set()
        inside = {
            one: _property(one, inner, "!" if one in needed else marks.strip("!$"), fields)
            for one, inner in sorted(output_type_types(shape).items())
        }
        return [f"{opened}object{closed}{marks}", inside]
    kind = _KINDS.get(shape, "any") if isinstance(shape, type) else "any"
    return f"{opened}{kind}{closed}{marks}"


def _required(shape: type) -> set[str]:
    """Give what an object that is an argument must have."""
    names = _py_to_pulumi_names_from_py_properties(shape)
    parameters = inspect.signature(shape).parameters.values()
    return {names[one.name] for one in parameters if one.default is inspect.Parameter.empty and one.name in names}


if __name__ == "__main__":
    sys.exit(main())
