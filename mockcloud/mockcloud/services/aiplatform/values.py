"""Feature values: how they are written in JSON, and what of them is the newest.

A small local simulation of online serving: values that were written, or synchronised from tables of the mock cloud.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mockcloud.cloud.store import Body

_KINDS: Final[tuple[tuple[type, str], ...]] = ((bool, "boolValue"), (float, "doubleValue"), (str, "stringValue"))
_PLAIN: Final = ("boolValue", "doubleValue", "stringValue", "bytesValue")
_ARRAYS: Final = ("boolArrayValue", "doubleArrayValue", "int64ArrayValue", "stringArrayValue")


def wrapped(value: object) -> Body:
    """Give a value of a table as a FeatureValue; {} for none."""
    if value is None:
        return {}
    if isinstance(value, int) and not isinstance(value, bool):
        return {"int64Value": str(value)}
    for kind, name in _KINDS:
        if isinstance(value, kind):
            return {name: value}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return _array(list(value))
    return {"stringValue": str(value)}


def _array(values: list[object]) -> Body:
    if values and all(isinstance(each, bool) for each in values):
        return {"boolArrayValue": {"values": values}}
    if values and all(isinstance(each, int) for each in values):
        return {"int64ArrayValue": {"values": [str(each) for each in values]}}
    if all(isinstance(each, (int, float)) for each in values):
        return {"doubleArrayValue": {"values": values}}
    return {"stringArrayValue": {"values": [str(each) for each in values]}}


def plain(value: Mapping[str, Any]) -> object:
    """Give a FeatureValue as plain JSON."""
    for name in _PLAIN:
        if name in value:
            found: object = value[name]
            return found
    if "int64Value" in value:
        return int(value["int64Value"])
    for name in _ARRAYS:
        if name in value:
            entries = value[name].get("values", [])
            return [int(each) for each in entries] if name == "int64ArrayValue" else list(entries)
    return value.get("structValue")


def vector(value: Mapping[str, Any]) -> list[float]:
    """Give the numbers of a FeatureValue that is a vector; none for another one."""
    found = plain(value)
    if not isinstance(found, list):
        return []
    return [float(each) for each in found if isinstance(each, (int, float))]


def without_metadata(value: Mapping[str, Any]) -> Body:
    """Give a FeatureValue without what is said of it."""
    return {key: each for key, each in value.items() if key != "metadata"}
