"""Selectors of labels, as Kubernetes has them: `team=ml,stage in (dev, prod),!old`."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from mockcloud.cloud.errors import invalid
from mockcloud.discovery.schemas import Violation

Labels = Mapping[str, str]

_LABEL: Final = r"(?P<label>[A-Za-z0-9][A-Za-z0-9._/-]*)"
_VALUE: Final = r"[A-Za-z0-9._-]*"
_SET: Final = re.compile(rf"{_LABEL}\s+(?P<how>in|notin)\s+\((?P<values>{_VALUE}(?:\s*,\s*{_VALUE})*)\)")
_EQUAL: Final = re.compile(rf"{_LABEL}\s*(?P<how>==?|!=)\s*(?P<values>{_VALUE})")
_THERE: Final = re.compile(rf"(?P<how>!?)\s*{_LABEL}(?P<values>)")
_COMMA: Final = re.compile(r",(?![^(]*\))")


def selector(text: str) -> Callable[[Labels], bool]:
    """Read a selector: what says whether it takes labels. Without a text it takes all.

    Raises:
        ApiError: 400, where it is none.
    """
    asked = [_requirement(each.strip(), text) for each in _COMMA.split(text)] if text.strip() else []
    return lambda labels: all(each(labels) for each in asked)


def _requirement(part: str, text: str) -> Callable[[Labels], bool]:
    match = _SET.fullmatch(part) or _EQUAL.fullmatch(part) or _THERE.fullmatch(part)
    if match is None:
        raise invalid(
            f"The label selector '{text[:100]}' cannot be read.", Violation("label_selector", f"At '{part[:100]}'.")
        )
    label, how = match["label"], match["how"]
    values = {each.strip() for each in match["values"].split(",")}
    if how == "":
        return lambda labels: label in labels
    if how == "!":
        return lambda labels: label not in labels
    wanted = how in {"in", "=", "=="}
    return lambda labels: (labels.get(label) in values) is wanted
