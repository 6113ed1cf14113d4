"""The mutants of a module: every way in which one place of it is changed."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import CodeType
from typing import Final, TypeGuard

METADATA: Final = frozenset(
    {"id", "title", "why", "remedy", "severity", "evidence", "objectives", "clauses", "settings", "waivable"}
)
"""What a control says of itself in words or for reports: no verdict hangs on it."""

_STATED: Final = frozenset({"absent", "empty", "wrong", "secret", "unknown", "sources"})
"""Arguments without which something else holds, and no call is wrong."""

_COMPARISONS: Final[Mapping[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}

_NAMES: Final = {
    "PASS": "FAILED",
    "NOT_APPLICABLE": "PASS",
    "all_of": "any_of",
    "any_of": "all_of",
    "every": "either",
    "either": "every",
    "any": "all",
    "all": "any",
    "min": "max",
    "max": "min",
    "is_true": "is_false",
    "is_false": "is_true",
    "fail": "indeterminate",
    "indeterminate": "fail",
    "declared": "indeterminate",
}
"""Names that can stand for others, which are made known to the module. A pass that is none of the control's own, one
among several that are joined, is often as good as nothing to say: so it becomes a fail."""

_WORDS: Final = {
    "Verdict": {"PASS": "FAIL", "FAIL": "PASS", "INDETERMINATE": "PASS", "NOT_APPLICABLE": "FAIL", "DECLARED": "PASS"},
    "State": {
        "KNOWN": "UNKNOWN",
        "ABSENT": "WRONG",
        "EMPTY": "WRONG",
        "UNKNOWN": "KNOWN",
        "SECRET": "KNOWN",
        "WRONG": "KNOWN",
    },
}
"""Members of enumerations that can stand for one another."""

_FIELDS: Final = ("document:", "request:", "settings:")
"""How what is read begins where it is no property."""

_HELP: Final = (
    "from groundplan_policies.engine.expect import either, every, is_false, is_true\n"
    "from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, all_of, any_of, fail, indeterminate\n"
    "FAILED = fail('mutant')\n"
)


@dataclass(frozen=True)
class Mutant:
    """A module with one place changed.

    Attributes:
        line: Line of the place.
        what: What was changed, for people.
        code: The module, compiled.
    """

    line: int
    what: str
    code: CodeType


@dataclass(frozen=True)
class _Change:
    """Another value for a field of a node."""

    node: ast.AST
    field: str
    value: object


def mutants(source: str, filename: str) -> Iterator[Mutant]:
    """Yield every mutant of a module, in the order of its lines.

    Args:
        source: Its text.
        filename: Its path, for tracebacks.
    """
    tree = ast.parse(source)
    words = _only_words(tree)
    code = [each for each in tree.body if not (isinstance(each, ast.Assign) and _targets(each) <= words)]
    changes = [change for each in code for change in _changes(each)]
    changes.sort(key=lambda each: (_line(each.node), each.field))
    start = next(number for number, each in enumerate(tree.body) if _imports(each))
    tree.body[start:start] = ast.parse(_HELP).body
    for change in changes:
        yield _applied(tree, change, filename)


def _only_words(tree: ast.Module) -> set[str]:
    """Return the names that a module uses only where a control says something of itself."""
    said = [
        each.value for node in ast.walk(tree) if _is_control(node) for each in node.keywords if each.arg in METADATA
    ]
    inside = [each.id for value in said for each in ast.walk(value) if isinstance(each, ast.Name)]
    everywhere = [each.id for each in ast.walk(tree) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)]
    return {each for each in inside if inside.count(each) == everywhere.count(each)}


def _is_control(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Control"


def _targets(node: ast.Assign) -> set[str]:
    return {each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)}


def _imports(node: ast.stmt) -> bool:
    """Whether it is an import that others may stand before."""
    return isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and node.module != "__future__")


def _applied(tree: ast.Module, change: _Change, filename: str) -> Mutant:
    before = _shown(change.node)
    was = getattr(change.node, change.field)
    setattr(change.node, change.field, change.value)
    try:
        ast.fix_missing_locations(tree)
        return Mutant(_line(change.node), f"{before}  →  {_shown(change.node)}", compile(tree, filename, "exec"))
    finally:
        setattr(change.node, change.field, was)


def _shown(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


_LONGEST: Final = 90


def _line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 0))


def _changes(node: ast.AST) -> Iterator[_Change]:
    """Yield the changes of a node and of all below it that is code and no words."""
    if _is_field(node):
        return
    yield from _own(node)
    for child in _children(node):
        yield from _changes(child)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Raise() | ast.Expr(value=ast.Constant()):
            return
        case ast.FunctionDef():
            yield from node.args.defaults
            yield from (each for each in node.args.kw_defaults if each is not None)
            yield from node.body
        case ast.AnnAssign():
            yield from [node.value] if node.value is not None else []
        case ast.ClassDef():
            yield from node.body
        case ast.Call(func=ast.Name(id="Control")):
            yield from (each.value for each in node.keywords if each.arg not in METADATA)
        case ast.Call(func=ast.Name(id="fail" | "indeterminate" | "declared")):
            yield node.func  # a message is words, and its path and value are shown only
        case _:
            yield from ast.iter_child_nodes(node)


def _is_field(node: ast.AST) -> bool:
    """Whether it says of a field beside the properties that it is read: for the documentation only."""
    match node:
        case ast.Call(func=ast.Name(id="option" | "Read"), args=arguments):
            texts = [each.value for each in arguments if isinstance(each, ast.Constant)]
            return any(isinstance(each, str) and each.startswith(_FIELDS) for each in texts)
        case ast.Starred(value=ast.GeneratorExp(elt=entry)):
            return _is_field(entry)
        case _:
            return False


def _own(node: ast.AST) -> Iterator[_Change]:
    yield from _operators(node)
    yield from _names(node)
    yield from _entries(node)
    if isinstance(node, ast.Constant):
        yield from _constant(node)


def _operators(node: ast.AST) -> Iterator[_Change]:
    match node:
        case ast.Compare():
            for number, operator in enumerate(node.ops):
                other = _COMPARISONS[type(operator)]()
                yield _Change(node, "ops", [*node.ops[:number], other, *node.ops[number + 1 :]])
        case ast.BoolOp():
            yield _Change(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
        case ast.BinOp(op=ast.Add() | ast.Sub()):
            yield _Change(node, "op", ast.Sub() if isinstance(node.op, ast.Add) else ast.Add())
        case ast.If() | ast.IfExp() | ast.While():
            yield from _condition(node)


def _names(node: ast.AST) -> Iterator[_Change]:
    match node:
        case ast.Name(id=name, ctx=ast.Load()) if name in _NAMES:
            yield _Change(node, "id", _NAMES[name])
        case ast.Attribute(value=ast.Name(id=kind), attr=member) if member in _WORDS.get(kind, {}):
            yield _Change(node, "attr", _WORDS[kind][member])


def _entries(node: ast.AST) -> Iterator[_Change]:
    """Leave out one entry of a collection, or one argument without which something else holds."""
    match node:
        case ast.Tuple(ctx=ast.Load()) | ast.List(ctx=ast.Load()) | ast.Set():
            for number, entry in enumerate(node.elts):
                if not _is_field(entry):
                    yield _Change(node, "elts", [*node.elts[:number], *node.elts[number + 1 :]])
        case ast.Call():
            for number, keyword in enumerate(node.keywords):
                if keyword.arg in _STATED:
                    yield _Change(node, "keywords", [*node.keywords[:number], *node.keywords[number + 1 :]])


def _constant(node: ast.Constant) -> Iterator[_Change]:
    match node.value:
        case bool():
            yield _Change(node, "value", not node.value)
        case int() | float():
            yield _Change(node, "value", node.value + 1)
        case str() if " " not in node.value:
            yield _Change(node, "value", f"{node.value}X")


def _condition(node: ast.If | ast.IfExp | ast.While) -> Iterator[_Change]:
    """Turn a condition round, where none of its parts is turned round already."""
    match node.test:
        case ast.Compare(ops=[_]) | ast.BoolOp():
            return
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield _Change(node, "test", operand)
        case _:
            yield _Change(node, "test", ast.UnaryOp(op=ast.Not(), operand=node.test))
