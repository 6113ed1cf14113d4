"""What builds for or deploys to production: names, tags, branches and labels in which one of the settings' words is."""

import re
from collections.abc import Iterable
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.paths import Reading, State, entries, read_value
from groundplan_policies.engine.verdicts import Outcome, indeterminate

_SPLIT: Final = re.compile(r"[^a-z0-9]+")
_PIECE: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
"""Words in a text that nothing stands between: `deployProd`, `prod2`."""
UNSAID: Final = indeterminate("cannot be judged: the settings do not say by which words production is known")
UNCLEAR: Final = "is not known, and may say that this is production"


def is_production(readings: Iterable[Reading], context: Context) -> bool | Outcome:
    """Say whether one of several texts, lists or maps of texts has a word of production in it.

    Returns:
        Whether one has; or, where none that is known has one, why nobody can tell.
    """
    words = context.parameters.production_words
    if words is None:
        return UNSAID
    texts = [each for reading in readings for each in _texts(reading)]
    if any(has_word(each.text, words) for each in texts if each.state is State.KNOWN):
        return True
    unclear = next((each for each in texts if each.state not in _PLAIN or not isinstance(each.value, _TEXT)), None)
    return False if unclear is None else indeterminate(UNCLEAR, unclear.path)


def has_word(text: str, words: Iterable[str]) -> bool:
    """Whether one of some words is in a text, as a word of it and not as a part of one."""
    wanted = {each.lower() for each in words}
    pieces = {each.lower() for each in _PIECE.findall(text)}
    return not wanted.isdisjoint(pieces.union(_SPLIT.split(text.lower())))


_PLAIN: Final = (State.KNOWN, State.ABSENT, State.EMPTY)
_TEXT: Final = (str, type(None))


def _texts(reading: Reading) -> Iterable[Reading]:
    if reading.state is State.KNOWN and isinstance(reading.value, dict):
        for key, value in reading.value.items():
            yield Reading(f"{reading.path}.{key}", State.KNOWN, key)
            yield from read_value(value, f"{reading.path}.{key}")
    else:
        yield from entries(reading)
