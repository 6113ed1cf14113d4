"""Nearest neighbours by brute force: a small local simulation of vector search, for what is written here."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

DOT: Final = "DOT_PRODUCT_DISTANCE"
"""The measure unless an index says another one (its metadata's `distanceMeasureType`)."""
_OPERATORS: Final = {
    "LESS": lambda one, other: one < other,
    "LESS_EQUAL": lambda one, other: one <= other,
    "EQUAL": lambda one, other: one == other,
    "GREATER_EQUAL": lambda one, other: one >= other,
    "GREATER": lambda one, other: one > other,
    "NOT_EQUAL": lambda one, other: one != other,
}
_NUMBERS: Final = ("valueInt", "valueFloat", "valueDouble")


def distance(measure: str, one: Sequence[float], other: Sequence[float]) -> float:
    """Give how far two vectors are apart. Of the dot product it is the product itself, and more is nearer."""
    if measure == "SQUARED_L2_DISTANCE":
        return sum((a - b) ** 2 for a, b in zip(one, other, strict=False))
    if measure == "L1_DISTANCE":
        return sum(abs(a - b) for a, b in zip(one, other, strict=False))
    product = sum(a * b for a, b in zip(one, other, strict=False))
    if measure == "COSINE_DISTANCE":
        lengths = math.sqrt(sum(a * a for a in one)) * math.sqrt(sum(b * b for b in other))
        return 1 - (product / lengths if lengths else 0.0)
    return product


def nearest(
    measure: str, vector: Sequence[float], points: Iterable[Mapping[str, Any]], count: int
) -> list[tuple[float, Mapping[str, Any]]]:
    """Give the nearest points, each with its distance, the nearest first.

    Args:
        measure: How distance is measured.
        vector: Where from.
        points: Each with a `featureVector` and a `datapointId`.
        count: How many.
    """
    found = [(distance(measure, vector, each.get("featureVector", [])), each) for each in points]
    sign = -1.0 if measure in {DOT, ""} else 1.0
    found.sort(key=lambda each: (sign * each[0], each[1].get("datapointId", "")))
    return found[:count]


def passes(point: Mapping[str, Any], query: Mapping[str, Any]) -> bool:
    """Whether a point passes the restricts of a query: each namespace must allow it, and none deny it."""
    tokens = {each.get("namespace", ""): set(each.get("allowList", [])) for each in point.get("restricts", [])}
    denied = {each.get("namespace", ""): set(each.get("denyList", [])) for each in point.get("restricts", [])}
    for each in query.get("restricts", []):
        space = each.get("namespace", "")
        wanted, unwanted = set(each.get("allowList", [])), set(each.get("denyList", []))
        has = tokens.get(space, set())
        if (wanted and not wanted & has) or unwanted & has or wanted & denied.get(space, set()):
            return False
    return all(_number_passes(point, each) for each in query.get("numericRestricts", []))


def _number_passes(point: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    operator = _OPERATORS.get(wanted.get("op", ""))
    has = [
        _number(each)
        for each in point.get("numericRestricts", [])
        if each.get("namespace", "") == wanted.get("namespace", "")
    ]
    return operator is None or any(operator(each, _number(wanted)) for each in has)


def _number(restrict: Mapping[str, Any]) -> float:
    return next((float(restrict[each]) for each in _NUMBERS if each in restrict), 0.0)
