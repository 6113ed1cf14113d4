"""Access levels: whether their conditions keep anybody out.

A condition holds where each of its fields does, and a field that is empty holds for everybody; a negated one holds
where none of its fields does. A level joins its conditions by AND unless it says OR.
Source: `accessPolicies.accessLevels` of the Access Context Manager API.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, all_of, any_of, fail, indeterminate
from groundplan_policies.rules.network.blocks import Block, blocks_of
from groundplan_policies.rules.network.ranges import are_internet, is_internet, parse_range

LEVEL: Final = "accesscontextmanager.AccessLevel"
LEVELS: Final = "accesscontextmanager.AccessLevels"
CONDITION: Final = "accesscontextmanager.AccessLevelCondition"

_LIST: Final = "accessLevels"
_CONDITIONS: Final = "basic.conditions"
_ADDRESSES: Final = "ipSubnetworks"
_NAMED: Final = ("members", "requiredAccessLevels", "vpcNetworkSources")
"""Lists of which any entry keeps somebody out."""
_COUNTRIES: Final = "regions"
_MOST_COUNTRIES: Final = 100
"""Of some 250 codes of countries: more of them are no choice, but the world."""
_DEVICE: Final = "devicePolicy"
_SWITCHES: Final = tuple(f"{_DEVICE}.require{each}" for each in ("AdminApproval", "CorpOwned", "ScreenLock"))
_PROTECTED: Final = frozenset({"BASIC", "COMPLETE", "ENCRYPTED"})
BINDING: Final = (_COUNTRIES, *_NAMED, _DEVICE)
"""The fields of a condition that may keep somebody out, beside addresses."""
_OPEN: Final = "keeps nobody out, so that whoever names it lets everybody in"


def judge_levels(resource: Resource, context: Context) -> Outcome:  # noqa: ARG001 - the form of a check
    """Judge the levels that a resource is or holds, or the condition that it adds to one."""
    if short_name(resource.type) == CONDITION:
        return _condition(Block(resource, "", resource.inputs))
    return all_of([_level(each) for each in _levels_of(resource)])


def _levels_of(resource: Resource) -> Iterator[Block]:
    if short_name(resource.type) == LEVEL:
        yield Block(resource, "", resource.inputs)
    else:
        yield from blocks_of(resource, _LIST)


def _level(level: Block) -> Outcome:
    custom = level.one("custom.expr.expression")
    if custom.state not in {State.ABSENT, State.EMPTY}:
        if custom.text.strip().lower() == "true":
            return fail(_OPEN, custom.path)
        return indeterminate("is an expression, which is not read here", custom.path)
    listed = level.one(_CONDITIONS)
    missing = unreadable(listed, absent=fail(_OPEN, listed.path))
    if missing is not None:
        return missing
    conditions = [_entry(level.resource, each) for each in entries(listed)]
    joined = level.one("basic.combiningFunction")
    if len(conditions) > 1 and joined.state not in {State.ABSENT, State.EMPTY} and joined.value != "AND":
        return all_of(conditions)
    return any_of(conditions)


def _entry(resource: Resource, condition: Reading) -> Outcome:
    missing = unreadable(condition, absent=fail(_OPEN, condition.path))
    if missing is not None:
        return missing
    if not isinstance(condition.value, dict):
        return wrong_type(condition, "a condition")
    return _condition(Block(resource, condition.path, condition.value))


def _condition(condition: Block) -> Outcome:
    """Ask that a condition keeps somebody out: one field is enough, but for one that is turned round."""
    turned = condition.one("negate")
    if turned.state not in {State.ABSENT, State.EMPTY} and turned.value is not False:
        missing = unreadable(turned, absent=PASS)
        if missing is None and turned.value is not True:
            missing = wrong_type(turned, "a boolean")
        return missing or fail("is turned round: it lets everybody in but for those whom it names", turned.path)
    said = [each for each in _fields(condition) if each is not None]
    return any_of(said) if said else fail(_OPEN, condition.path or _ADDRESSES)


def _fields(condition: Block) -> Iterator[Outcome | None]:
    """Give a pass for each field that keeps somebody out, what is unclear of others, and nothing for the rest."""
    yield _listed(condition.one(_ADDRESSES), _some_addresses)
    yield _listed(condition.one(_COUNTRIES), lambda found: len(found) <= _MOST_COUNTRIES)
    for path in _NAMED:
        yield _listed(condition.one(path), bool)
    for path, keeps_out in _CHOICES.items():
        yield _listed(condition.one(path), keeps_out)
    for path in _SWITCHES:
        yield _switch(condition.one(path))


def _listed(reading: Reading, keeps_out: Callable[[list[Reading]], bool]) -> Outcome | None:
    for each in (reading, *entries(reading)):
        missing = unreadable(each, absent=NOT_APPLICABLE)
        if missing is not None:
            return None if missing is NOT_APPLICABLE else missing
    if not isinstance(reading.value, list):
        return wrong_type(reading, "a list")
    return PASS if keeps_out(entries(reading)) else None


def _some_addresses(found: list[Reading]) -> bool:
    texts = [each.text for each in found]
    return all(parse_range(each) is not None and not is_internet(each) for each in texts) and not are_internet(texts)


def _some_devices(found: list[Reading]) -> bool:
    return all(each.text in _PROTECTED for each in found)


def _some_systems(found: list[Reading]) -> bool:
    systems = [read_value(each.value, each.path, "osType")[0].text for each in found]
    return all(each and not each.endswith("_UNSPECIFIED") for each in systems)


def _switch(reading: Reading) -> Outcome | None:
    missing = unreadable(reading, absent=NOT_APPLICABLE)
    if missing is not None:
        return None if missing is NOT_APPLICABLE else missing
    return PASS if reading.value is True else None


_CHOICES: Final[Mapping[str, Callable[[list[Reading]], bool]]] = {
    f"{_DEVICE}.allowedDeviceManagementLevels": _some_devices,
    f"{_DEVICE}.allowedEncryptionStatuses": _some_devices,
    f"{_DEVICE}.osConstraints": _some_systems,
}
"""Lists of a policy on devices, each with whether it leaves devices out that are not looked after."""
