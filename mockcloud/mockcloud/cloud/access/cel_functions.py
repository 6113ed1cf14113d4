"""Functions and operators of conditions."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mockcloud.cloud.access.cel_budget import CelError, hold_size, spend, spend_reading
from mockcloud.cloud.clock import parse_stamp
from mockcloud.cloud.patterns import PatternError, pattern


class Unsupported(Exception):
    """What a condition uses that is not known here.

    Args:
        what: What it is, as the object of "does not model".
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Malformed(Unsupported):
    """What is no expression."""


class Attributes(Protocol):
    """What answers `api.getAttribute`."""

    def attribute(self, name: str, default: object) -> object:
        """Give an attribute of the request, or the default."""


class Tags(Protocol):
    """What answers `resource.matchTag` and its like."""

    def tag(self, key: str) -> str | None:
        """Give the short name of the value that a resource has for a tag key, by namespaced name or id."""

    def tag_id(self, key: str) -> str | None:
        """Give the permanent id of that value."""


# Operators
# ---------------------------------------------------------------------------------------------------------------------


def compare(left: Any, operator: str, right: Any) -> bool:  # noqa: ANN401 - values of the language
    """Compare two values."""
    spend_reading((left, right))
    if operator == "==":
        return _equal(left, right)
    if operator == "!=":
        return not _equal(left, right)
    try:
        if operator == "in":
            return _in(left, right)
        if isinstance(left, list):
            raise CelError("lists have no order")
        return bool(_ORDER[operator](left, right))
    except TypeError:
        raise CelError(f"'{operator}' does not take these types") from None


def _equal(left: object, right: object) -> bool:
    """Compare entry by entry: a list of lists that are the same list is short to write and endless to read."""
    if isinstance(left, list) and isinstance(right, list):
        spend(1 + len(left))
        return len(left) == len(right) and all(map(_equal, left, right))
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        spend(1 + len(left))
        return left.keys() == right.keys() and all(_equal(left[key], right[key]) for key in left)
    return bool(left == right)


def _in(value: object, within: Any) -> bool:  # noqa: ANN401 - a value of the language
    if isinstance(within, list):
        spend(len(within))
        return any(_equal(value, each) for each in within)
    return value in within


_ORDER: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def add(left: Any, right: Any) -> Any:  # noqa: ANN401 - values of the language
    """Add two numbers, texts, lists or times."""
    if isinstance(left, (str, list)) and isinstance(right, (str, list)):
        hold_size(len(left) + len(right))
        spend((len(left) + len(right)) // 1000)
    try:
        return left + right
    except (TypeError, OverflowError):
        raise CelError("'+' does not take these values") from None


def subtract(left: Any, right: Any) -> Any:  # noqa: ANN401 - values of the language
    """Subtract numbers or times."""
    try:
        return left - right
    except (TypeError, OverflowError):
        raise CelError("'-' does not take these values") from None


def index(value: Any, key: Any) -> Any:  # noqa: ANN401 - values of the language
    """Give an entry of a list or map."""
    try:
        return value[key]
    except (TypeError, KeyError, IndexError):
        raise CelError("there is no such entry") from None


# Functions
# ---------------------------------------------------------------------------------------------------------------------


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise CelError("a text is needed")
    return value


def extract(text: str, template: str) -> str:
    """Give the part of a text that stands where the template has its braces; "" where it does not fit.

    `"projects/acme/x".extract("projects/{name}/")` is `acme`. What precedes the braces is looked for anywhere in the
    text (https://cloud.google.com/iam/docs/conditions-attribute-reference#extract).
    """
    before, _, rest = _text(template).partition("{")
    after = rest.partition("}")[2]
    start = text.find(before)
    if start < 0:
        return ""
    tail = text[start + len(before) :]
    end = tail.find(after) if after else len(tail)
    return tail[:end] if end >= 0 else ""


def _matches(text: str, expression: str) -> bool:
    try:
        return pattern(_text(expression)).search(_text(text))
    except PatternError as error:
        raise CelError(str(error)) from None


def _timestamp(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        return parse_stamp(_text(value))
    except ValueError:
        raise CelError(f"'{value}' is no time") from None


_DURATION: Final = re.compile(r"(-?\d+(?:\.\d+)?)(h|ms|m|s)")
_LONGEST_SPAN: Final = 100
_UNITS: Final = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def _duration(value: str) -> timedelta:
    parts = _DURATION.findall(_text(value)) if len(value) <= _LONGEST_SPAN else []
    if not parts or "".join(number + unit for number, unit in parts) != value:
        raise CelError(f"'{value}' is no duration")
    return timedelta(seconds=sum(float(number) * _UNITS[unit] for number, unit in parts))


def _zoned(moment: object, zone: str) -> datetime:
    if not isinstance(moment, datetime):
        raise CelError("a time is needed")
    try:
        return moment.astimezone(ZoneInfo(_text(zone)))
    except (ZoneInfoNotFoundError, ValueError):
        raise CelError(f"there is no time zone '{zone}'") from None


def _part(read: Callable[[datetime], int]) -> Callable[..., int]:
    return lambda moment, zone="UTC": read(_zoned(moment, zone))


def _in_range(address: object, ranges: object) -> bool:
    wanted = ranges if isinstance(ranges, list) else [ranges]
    try:
        found = ipaddress.ip_address(_text(address))
        return any(found in ipaddress.ip_network(_text(each), strict=False) for each in wanted)
    except ValueError:
        raise CelError("that is no address or range") from None


def _size(value: Any) -> int:  # noqa: ANN401 - a value of the language
    try:
        return len(value)
    except TypeError:
        raise CelError("only texts, lists and maps have a size") from None


def _attribute(on: Any, name: str, default: object) -> object:  # noqa: ANN401 - what stands for `api`
    found: Attributes = on
    return found.attribute(name, default)


def _tags(on: Any) -> Tags:  # noqa: ANN401 - what stands for `resource`
    found = on.get("tags") if isinstance(on, Mapping) else None
    if found is None:
        raise CelError("there are no tags here")
    tags: Tags = found
    return tags


def _has_only(found: object, allowed: object) -> bool:
    if not isinstance(found, list) or not isinstance(allowed, list):
        raise CelError("hasOnly takes lists")
    return all(_in(each, allowed) for each in found)


def _whole(value: object) -> int:
    try:
        return int(value)  # type: ignore[call-overload,no-any-return]  # what it cannot read is caught
    except (TypeError, ValueError):
        raise CelError("that is no whole number") from None


def _string(value: object) -> str:
    if value is None or isinstance(value, (list, Mapping)):
        raise CelError("only single values can be written as a text")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _split(text: str, by: str) -> list[str]:
    spend(_text(text).count(_text(by)))
    return text.split(by)


def _replace(text: str, old: str, new: str) -> str:
    hold_size(len(_text(text)) + text.count(_text(old)) * (len(_text(new)) - len(old)))
    return text.replace(old, new)


def _join(parts: object, by: str = "") -> str:
    texts = [_text(each) for each in _entries(parts)]
    hold_size(sum(map(len, texts)) + len(_text(by)) * len(texts))
    return by.join(texts)


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "timestamp": _timestamp,
    "duration": _duration,
    "size": _size,
    "string": _string,
    "int": _whole,
    "inIpRange": _in_range,
}
"""Functions that stand by themselves."""

METHODS: Final[Mapping[str, Callable[..., Any]]] = {
    "startsWith": lambda text, begin: _text(text).startswith(_text(begin)),
    "endsWith": lambda text, end: _text(text).endswith(_text(end)),
    "contains": lambda text, part: part in _text(text),
    "matches": _matches,
    "extract": lambda text, template: extract(_text(text), template),
    "lowerAscii": lambda text: _text(text).lower(),
    "upperAscii": lambda text: _text(text).upper(),
    "split": _split,
    "replace": _replace,
    "join": _join,
    "size": _size,
    "hasOnly": _has_only,
    "getAttribute": _attribute,
    "matchTag": lambda on, key, value: _tags(on).tag(_text(key)) == value,
    "matchTagId": lambda on, key, value: _tags(on).tag_id(_text(key)) == value,
    "hasTagKey": lambda on, key: _tags(on).tag(_text(key)) is not None,
    "hasTagKeyId": lambda on, key: _tags(on).tag_id(_text(key)) is not None,
    "getFullYear": _part(lambda moment: moment.year),
    "getMonth": _part(lambda moment: moment.month - 1),
    "getDate": _part(lambda moment: moment.day),
    "getDayOfMonth": _part(lambda moment: moment.day - 1),
    "getDayOfWeek": _part(lambda moment: moment.isoweekday() % 7),
    "getDayOfYear": _part(lambda moment: moment.timetuple().tm_yday - 1),
    "getHours": _part(lambda moment: moment.hour),
    "getMinutes": _part(lambda moment: moment.minute),
    "getSeconds": _part(lambda moment: moment.second),
}
"""Functions of a value, called behind a point."""


def _entries(value: object) -> list[Any]:
    if not isinstance(value, (list, Mapping)):
        raise CelError("only lists and maps have entries")
    spend(len(value))
    return list(value)


MACROS: Final[Mapping[str, Callable[[Any, Callable[[Any], Any]], Any]]] = {
    "all": lambda value, test: all(test(each) is True for each in _entries(value)),
    "exists": lambda value, test: any(test(each) is True for each in _entries(value)),
    "exists_one": lambda value, test: sum(test(each) is True for each in _entries(value)) == 1,
    "filter": lambda value, test: [each for each in _entries(value) if test(each) is True],
    "map": lambda value, change: [change(each) for each in _entries(value)],
}
"""What asks something of each entry of a list or map."""
