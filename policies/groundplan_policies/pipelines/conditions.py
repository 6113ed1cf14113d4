"""Conditions of tasks: can they only hold by way of a value of a certain kind?

A condition is an expression of the Common Expression Language. The compiler writes comparisons of parameters with
values, joined by `&&`, `||`, `!` and parentheses. Everything else is unclear; and so is what is denied, as `dsl.Elif`
and `dsl.Else` do with the conditions before them: that a value was not good says nothing good.
"""

import re
from collections.abc import Callable
from typing import Final

from groundplan_policies.engine.expressions import QUOTED, split_outside
from groundplan_policies.pipelines.lineage import Answer, every, some

_NAME: Final = r"inputs\.parameter(?:_value)?s\[(?:'[^']*'|\"[^\"]*\")\]"
_VALUE: Final = rf"(?:{_NAME}|(?:int|double|string|bool)\(\s*{_NAME}\s*\)|'[^']*'|\"[^\"]*\"|[-+.\w]+)"
_COMPARISON: Final = re.compile(rf"({_VALUE})\s*(?:==|!=|<=|>=|<|>)\s*({_VALUE})")
_ALONE: Final = re.compile(_VALUE)
_PARAMETER: Final = re.compile(r"inputs\.parameter(?:_value)?s\[(?:'([^']*)'|\"([^\"]*)\")\]")
_LONGEST: Final = 10_000
_DEEPEST: Final = 50


def hangs_on(condition: str, asks: Callable[[str], Answer]) -> Answer:
    """Whether a condition can only hold by way of a parameter of some kind; None where that is unclear.

    Args:
        condition: The expression.
        asks: Whether a parameter, given by its name, is of the kind.
    """
    bare = QUOTED.sub("", condition)
    strange = any(mark in bare for mark in ("?", "'", '"', "//")) or "\\" in condition
    if strange or len(condition) > _LONGEST or condition.count("(") + condition.count("!") > _DEEPEST:
        return None
    return _expression(condition, asks, negated=False)


def _expression(text: str, asks: Callable[[str], Answer], *, negated: bool) -> Answer:
    """Judge an expression. Each side of an `or` must hang on it, or one of an `and`; what is denied is the reverse."""
    for sign, joins_all in (("||", not negated), ("&&", negated)):
        parts = split_outside(text, sign)
        if parts is None:
            return None
        if len(parts) > 1:
            answers = [_expression(each, asks, negated=negated) for each in parts]
            return every(answers) if joins_all else some(answers)
    inner = text.strip()
    if inner.startswith("!"):
        denied = _in_parentheses(inner[1:].lstrip())
        return None if denied is None else _expression(denied, asks, negated=not negated)
    whole = _in_parentheses(inner)
    if whole is not None:
        return _expression(whole, asks, negated=negated)
    answer = _comparison(inner, asks)
    return None if negated and answer else answer


def _in_parentheses(text: str) -> str | None:
    """Give what stands in the parentheses that hold the whole text; None where none do."""
    if not (text.startswith("(") and text.endswith(")")):
        return None
    inner = text[1:-1]
    depth = 0
    for letter in QUOTED.sub("", inner):
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            return None
    return inner


def _comparison(text: str, asks: Callable[[str], Answer]) -> Answer:
    names = [one or other for one, other in _PARAMETER.findall(text)]
    if not names:
        return False
    found = _COMPARISON.fullmatch(text)
    if found is None:
        return some(asks(each) for each in names) if _ALONE.fullmatch(text) else None
    return False if found[1] == found[2] else some(asks(each) for each in names)
