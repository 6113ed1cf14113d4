"""What a de-identification template transforms, and the keys that it does so with.

Source: `DeidentifyConfig` of the Sensitive Data Protection API: a transformation without info types is for all of
them; a transient key is made for one request and thrown away; an unwrapped key stands in the template as it is.
"""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value, is_special, is_unknown, join_key
from groundplan_policies.engine.verdicts import PASS, Outcome, fail, indeterminate

ALL: Final = "*"
"""What stands for every info type."""

UNSEEN: Final = "?"
"""What stands for info types that cannot be told."""

_CONFIG = Path("deidentifyConfig")
_FREE = "infoTypeTransformations.transformations"
_FIELDS = "recordTransformations.fieldTransformations"
_IMAGES = "imageTransformations.transforms"
_KEYED = ("cryptoDeterministicConfig", "cryptoHashConfig", "cryptoReplaceFfxFpeConfig")
_KEY = "cryptoKey"
_BY_TYPE = "replaceWithInfoTypeConfig"
_WHOLE: Final = (None, 0)
"""Numbers of characters to mask that stand for all of them."""
_NOTHING: Final[tuple[Value, ...]] = (None, 0, "", [], {})
_NEEDED: Final = {
    "bucketingConfig": ("buckets",),
    "dateShiftConfig": ("upperBoundDays", "lowerBoundDays"),
    "fixedSizeBucketingConfig": ("bucketSize",),
    "replaceDictionaryConfig": ("wordList",),
    "timePartConfig": ("partToExtract",),
}
"""Transformations that do nothing without one of these."""
_BLOCK_ENDINGS = ("Config", "Transformation", "Transformations", "transformations", "transforms", _KEY)


def keys(resource: Resource) -> Iterator[Outcome]:
    """Judge every key of a template: wrapped by Cloud KMS, or made for one request; never as it is."""
    yield from _keys(_CONFIG.one(resource))


def _keys(reading: Reading) -> Iterator[Outcome]:
    value, path = reading.value, reading.path
    if path.rpartition(".")[2].partition("[")[0].endswith(_BLOCK_ENDINGS) and reading.state in {
        State.UNKNOWN,
        State.SECRET,
    }:
        yield indeterminate("cannot be read, so that nobody can see its keys", path)
    for each in entries(reading) if isinstance(value, list) else ():
        yield from _keys(each)
    for name, below in value.items() if isinstance(value, dict) else ():
        here = read_value(below, join_key(path, name))[0]
        if name == _KEY:
            yield _key(here)
        elif name in _KEYED and not _names_key(here):
            yield fail("names no key", here.path)
        else:
            yield from _keys(here)


def _names_key(block: Reading) -> bool:
    """Whether a block that needs a key has one, or is not there, or cannot be read."""
    if block.state is State.KNOWN:
        return isinstance(block.value, dict) and block.value.get(_KEY) is not None
    return block.state in {State.ABSENT, State.UNKNOWN, State.SECRET}


def _key(key: Reading) -> Outcome:
    nothing = fail("is no key that Cloud KMS wraps", key.path)
    missing = unreadable(key, absent=nothing)
    if missing is not None or not isinstance(key.value, dict):
        return missing or wrong_type(key, "an object")
    if key.value.get("unwrapped") is not None:
        return fail("stands in the template as it is", join_key(key.path, "unwrapped"))
    if isinstance(key.value.get("transient"), dict):
        return PASS
    for name in ("cryptoKeyName", "wrappedKey"):
        part = read_value(key.value, key.path, f"kmsWrapped.{name}")[0]
        if part.state in {State.ABSENT, State.EMPTY, State.WRONG} or (part.state is State.KNOWN and not part.text):
            return nothing
    return PASS


def info_types(resource: Resource) -> frozenset[str]:
    """Give the info types that a template transforms, in capitals, with `ALL` and `UNSEEN` for those without names."""
    config = _CONFIG.one(resource)
    found: set[str] = set()
    for each in _blocks(config, _FREE):
        found |= _transformation(each)
    for field in _blocks(config, _FIELDS):
        if read_value(field.value, field.path, "condition")[0].state is not State.ABSENT:
            continue  # it spares some records
        for each in _blocks(field, _FREE):
            found |= _transformation(each)
        done = field.value.get("primitiveTransformation") if isinstance(field.value, dict) else field.value
        if _effect(done) is not False:
            found.add(UNSEEN)
    for each in _blocks(config, _IMAGES):
        found |= _transform(each)
    return frozenset(found)


def _blocks(around: Reading, below: str) -> Iterator[Reading]:
    """Give the entries of a list of blocks; one that cannot be read stands for the list where that cannot be."""
    given = read_value(around.value, around.path, below)[0]
    return iter(() if given.state in {State.ABSENT, State.EMPTY} else entries(given))


def _transformation(block: Reading) -> set[str]:
    if not isinstance(block.value, dict):
        return {UNSEEN}
    effect = _effect(block.value.get("primitiveTransformation"))
    if effect is None:
        return {UNSEEN}
    return (_names(block, "infoTypes") or {ALL}) if effect else set()


def _effect(done: Value) -> bool | None:
    """Whether a transformation leaves nothing as it was; None where that cannot be told."""
    if not isinstance(done, dict) or is_special(done):
        return None if is_unknown(done) or is_special(done) else False
    effects = [_one_effect(name, value) for name, value in done.items() if value is not None]
    return False if not effects else effects[0] if len(effects) == 1 else None


def _one_effect(name: str, how: Value) -> bool | None:
    if name == _BY_TYPE:
        return how if isinstance(how, bool) else None
    if not isinstance(how, dict) or is_special(how):
        return None
    if name == "characterMaskConfig":
        return None if how.get("numberToMask") not in _WHOLE or how.get("charactersToIgnores") else True
    needed = _NEEDED.get(name)
    return True if needed is None else any(how.get(each) not in _NOTHING for each in needed)


def _transform(block: Reading) -> set[str]:
    if not isinstance(block.value, dict):
        return {UNSEEN}
    if any(isinstance(block.value.get(name), dict) for name in ("allInfoTypes", "allText")):
        return {ALL}
    return _names(block, "selectedInfoTypes.infoTypes")


def _names(block: Reading, below: str) -> set[str]:
    found: set[str] = set()
    for each in _blocks(block, below):
        name = read_value(each.value, each.path, "name")[0]
        found.add(name.text.upper() if name.state is State.KNOWN and name.text else UNSEEN)
    return found
