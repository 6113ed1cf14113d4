"""Numbers of enumerations, which the descriptions do not tell.

Where a description lists the names of an enumeration in the order of its numbers, from 0 and without a gap, the numbers
are their places. The others are in `enums.json`, written by `tools/enum_numbers.py` from the messages in Google's
client libraries.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).parent / "enums.json"


@cache
def table() -> Mapping[str, list[dict[str, int]]]:
    """Give the enumerations whose numbers are not their places, by API: name -> number, in the description's order."""
    with _FILE.open(encoding="utf-8") as file:
        found: dict[str, list[dict[str, int]]] = json.load(file)
    return found


@cache
def _irregular(api: str) -> Mapping[tuple[str, ...], Mapping[str, int]]:
    return {tuple(each): each for each in table().get(api, ())}


@cache
def numbers_of(api: str, names: tuple[str, ...]) -> Mapping[str, int]:
    """Give the numbers of the names of an enumeration, which the description of an API lists in this order."""
    return _irregular(api).get(names) or {name: number for number, name in enumerate(names)}


@cache
def names_of(api: str, names: tuple[str, ...]) -> Mapping[int, str]:
    """Give what the numbers of an enumeration mean."""
    found: dict[int, str] = {}
    for name, number in numbers_of(api, names).items():
        # Two names of one number: the first one is what is written.
        found.setdefault(number, name)
    return found
