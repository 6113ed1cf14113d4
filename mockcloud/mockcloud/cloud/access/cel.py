"""Conditions: the part of the Common Expression Language that IAM, access levels and organisation policies use.

An expression becomes a function once and is asked many times. What is not known of the language is refused when it is
read, by name: a condition that is not understood must neither grant nor refuse.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from mockcloud.cloud.access.cel_budget import CelError, budgeted, spend
from mockcloud.cloud.access.cel_functions import (
    FUNCTIONS,
    MACROS,
    METHODS,
    Malformed,
    Unsupported,
    add,
    compare,
    index,
    subtract,
)
from mockcloud.cloud.access.cel_parts import (
    Expression,
    Variables,
    all_of,
    any_of,
    arithmetic,
    called,
    field,
    is_there,
    negated,
    variable,
)

__all__ = ["CelError", "Expression", "Malformed", "Unsupported", "Variables", "expression", "holds"]

_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<comment>//[^\n]*)|(?P<number>\d+\.\d+|\d+)|(?P<string>[rR]?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))"""
    r"""|(?P<name>[A-Za-z_]\w*)|(?P<op>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()\[\]{}]))""",
)
_DEEPEST: Final = 60
_MOST_DIGITS: Final = 400
_LONGEST: Final = 12_000
"""Characters of an expression that are read, as IAM takes them."""


@lru_cache(maxsize=2048)
def expression(text: str) -> Expression:
    """Read an expression.

    Args:
        text: The expression.

    Returns:
        What gives its value for variables. It raises `CelError` where a value is missing or of the wrong type.

    Raises:
        Unsupported: It is none, or uses what is not known here.
    """
    if len(text) > _LONGEST:
        raise Unsupported(f"an expression of more than {_LONGEST} characters")
    try:
        found = _Parser(text).whole()
    except RecursionError:
        raise Unsupported("a condition that is nested so deeply") from None
    return lambda given: budgeted(lambda variables: called(found, variables), given)


def holds(text: str, variables: Variables) -> bool:
    """Whether a condition holds. One that cannot be evaluated for these variables does not.

    Raises:
        Unsupported: It is no expression, or uses what is not known here.
    """
    try:
        found = expression(text)(variables)
    except CelError:
        return False
    return isinstance(found, bool) and found


class _Parser:
    """Reads one expression, from the loosest operator down."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(self._scan(text))
        self._at = 0
        self._depth = 0

    @staticmethod
    def _scan(text: str) -> Iterator[tuple[str, str]]:
        at = 0
        text = text.rstrip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise Unsupported(f"'{text[at : at + 20].strip()}' in a condition")
            at = found.end()
            if found.lastgroup != "comment":
                yield str(found.lastgroup), found[str(found.lastgroup)]

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token

    def _take(self, operator: str) -> bool:
        if self._peek() == ("op", operator):
            self._at += 1
            return True
        return False

    def _expect(self, operator: str) -> None:
        if not self._take(operator):
            raise Malformed(f"the condition '{self._text}': '{operator}' is missing before '{self._peek()[1]}'")

    def whole(self) -> Expression:
        found = self._ternary()
        if self._peek()[0] != "end":
            raise Malformed(f"the condition '{self._text}': '{self._peek()[1]}' was not expected")
        return found

    def _ternary(self) -> Expression:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unsupported("a condition that is nested so deeply")
        test = self._or()
        if self._take("?"):
            yes = self._ternary()
            self._expect(":")
            no = self._ternary()
            chosen = test
            self._depth -= 1
            return lambda given: yes(given) if chosen(given) is True else no(given)
        self._depth -= 1
        return test

    def _or(self) -> Expression:
        parts = [self._and()]
        while self._take("||"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else any_of(parts)

    def _and(self) -> Expression:
        parts = [self._relation()]
        while self._take("&&"):
            parts.append(self._relation())
        return parts[0] if len(parts) == 1 else all_of(parts)

    def _relation(self) -> Expression:
        left = self._sum()
        kind, value = self._peek()
        if (kind == "op" and value in {"==", "!=", "<", "<=", ">", ">="}) or (kind, value) == ("name", "in"):
            self._next()
            right = self._sum()
            return lambda given: compare(left(given), value, right(given))
        return left

    def _sum(self) -> Expression:
        left = self._unary()
        while self._peek() in {("op", "+"), ("op", "-")}:
            operator = self._next()[1]
            left = arithmetic(left, add if operator == "+" else subtract, self._unary())
        return left

    def _unary(self) -> Expression:
        if self._take("!"):
            inner = self._unary()
            return lambda given: negated(inner(given))
        if self._take("-"):
            inner = self._unary()
            return lambda given: subtract(0, inner(given))
        return self._member()

    def _member(self) -> Expression:
        found = self._primary()
        while True:
            if self._take("."):
                kind, name = self._next()
                if kind != "name":
                    raise Malformed(f"the condition '{self._text}': a field's name is missing behind '.'")
                found = self._call(found, name) if self._peek() == ("op", "(") else field(found, name)
            elif self._take("["):
                found = arithmetic(found, index, self._ternary())
                self._expect("]")
            else:
                return found

    def _call(self, on: Expression, name: str) -> Expression:
        if name in MACROS:
            return self._macro(on, name)
        method = METHODS.get(name)
        if method is None:
            raise Unsupported(f"the function '{name}' in a condition")
        self._expect("(")
        arguments = self._arguments(")")
        return lambda given: called(method, on(given), *[each(given) for each in arguments])

    def _macro(self, on: Expression, name: str) -> Expression:
        self._expect("(")
        kind, variable = self._next()
        if kind != "name":
            raise Malformed(f"the condition '{self._text}': {name} begins with the name of a variable")
        self._expect(",")
        begin = self._at
        inner = self._ternary()
        steps = self._at - begin
        self._expect(")")
        macro = MACROS[name]

        def of_entry(given: Variables, entry: object) -> Any:  # noqa: ANN401 - a value of the language
            spend(steps)
            return inner({**given, variable: entry})

        return lambda given: macro(on(given), lambda each: of_entry(given, each))

    def _arguments(self, end: str) -> list[Expression]:
        found: list[Expression] = []
        while not self._take(end):
            if found:
                self._expect(",")
            found.append(self._ternary())
        return found

    def _primary(self) -> Expression:
        kind, value = self._next()
        if kind == "number":
            # Python reads no more than some thousands.
            if len(value) > _MOST_DIGITS:
                raise Unsupported(f"a number of more than {_MOST_DIGITS} digits")
            number = float(value) if "." in value else int(value)
            return lambda _given: number
        if kind == "string":
            text = value[2:-1] if value[0] in "rR" else re.sub(r"\\(.)", r"\1", value[1:-1])
            return lambda _given: text
        if kind == "name":
            return self._name(value)
        if (kind, value) == ("op", "("):
            found = self._ternary()
            self._expect(")")
            return found
        if (kind, value) == ("op", "["):
            entries = self._arguments("]")
            return lambda given: [each(given) for each in entries]
        if (kind, value) == ("op", "{"):
            return self._map()
        raise Malformed(f"the condition '{self._text}': '{value}' was not expected")

    def _map(self) -> Expression:
        entries: list[tuple[Expression, Expression]] = []
        while not self._take("}"):
            if entries:
                self._expect(",")
            key = self._ternary()
            self._expect(":")
            entries.append((key, self._ternary()))
        return lambda given: {key(given): value(given) for key, value in entries}

    def _name(self, name: str) -> Expression:
        constants = {"true": True, "false": False, "null": None}
        if name in constants:
            constant = constants[name]
            return lambda _given: constant
        if self._peek() != ("op", "("):
            return lambda given: variable(given, name)
        self._next()
        arguments = self._arguments(")")
        if name == "has":
            return lambda given: is_there(arguments, given)
        function = FUNCTIONS.get(name)
        if function is None:
            raise Unsupported(f"the function '{name}' in a condition")
        return lambda given: called(function, *[each(given) for each in arguments])
