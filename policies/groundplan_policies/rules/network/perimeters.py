"""Service perimeters in their forms: one a resource, all of an access policy in one, and rules added to one."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Reading, State, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, all_of, fail, indeterminate
from groundplan_policies.rules.network.blocks import Block, blocks_of

PERIMETER: Final = "accesscontextmanager.ServicePerimeter"
PERIMETERS: Final = "accesscontextmanager.ServicePerimeters"
STATUS: Final = "status"
"""The part of a perimeter that is enforced. The other, `spec`, is the dry run, which only logs."""

_LIST: Final = "servicePerimeters"
_TYPE: Final = "perimeterType"
_REGULAR: Final = "PERIMETER_TYPE_REGULAR"
_NOTHING: Final = frozenset({State.ABSENT, State.EMPTY})


def perimeters_of(resource: Resource) -> Iterator[Block]:
    """Give the perimeters that a resource is or holds."""
    if short_name(resource.type) == PERIMETER:
        yield Block(resource, "", resource.inputs)
    else:
        yield from blocks_of(resource, _LIST)


def at(type_: str, path: str) -> str:
    """Give the path of a perimeter's property in a resource of a type, for documentation."""
    return f"{_LIST}.{path}" if type_ == PERIMETERS else path


def is_bridge(perimeter: Block) -> bool:
    """Whether a perimeter is told to be a bridge: it restricts nothing, and only joins what regular ones hold."""
    reading = perimeter.one(_TYPE)
    return reading.state is State.KNOWN and reading.text == "PERIMETER_TYPE_BRIDGE"


def judge_type(perimeter: Block) -> Outcome:
    """Ask for a regular perimeter, which is Google's default."""
    reading = perimeter.one(_TYPE)
    missing = unreadable(reading, absent=PASS)
    if missing is not None:
        return missing
    if not reading.text:
        return wrong_type(reading, "a text")
    return PASS if reading.text == _REGULAR else fail("is not a regular perimeter", reading.path, reading.text)


def is_enforced(perimeter: Block) -> bool:
    """Whether a perimeter has an enforced part, or may have one that cannot be read."""
    return perimeter.one(STATUS).state not in _NOTHING


def judge_enforced(perimeter: Block) -> Outcome:
    """Ask for an enforced part. Whether there is a dry run beside it does not matter."""
    status = perimeter.one(STATUS)
    missing = unreadable(status, absent=fail("is absent or empty: a dry run logs, and stops nothing", status.path))
    if missing is not None:
        return missing
    return PASS if isinstance(status.value, dict) else wrong_type(status, "an object")


def judge_identities(block: Block, side: str) -> Outcome:
    """Ask that a rule names who may pass: no kind of identity at all, which is more than anybody knows."""
    outcomes: list[Outcome] = []
    for reading in block.read(f"{side}.identityType"):
        missing = unreadable(reading, absent=PASS)
        if missing is not None:
            outcomes.append(missing)
        elif not reading.text:
            outcomes.append(wrong_type(reading, "a kind of identity"))
        elif reading.text != "IDENTITY_TYPE_UNSPECIFIED":
            outcomes.append(fail("lets pass a whole kind of identities, not named ones", reading.path, reading.text))
    return all_of(outcomes or [PASS])


def judge_no_star(block: Block, path: str, what: str) -> Outcome:
    """Ask that no text at a path is `*`, or holds it; none at all is right.

    Args:
        block: The block.
        path: The path below.
        what: What the values are, for messages: "services".
    """
    outcomes: list[Outcome] = []
    for reading in block.read(path):
        missing = unreadable(reading, absent=PASS)
        if missing is not None:
            outcomes.append(missing)
        elif not reading.text:
            outcomes.append(wrong_type(reading, "a text"))
        elif "*" in reading.text:
            outcomes.append(fail(f"stands for all {what}; expected are named ones", reading.path, reading.text))
    return all_of(outcomes or [PASS])


def services(reading: Reading) -> tuple[frozenset[str], Outcome]:
    """Give the services of a list that can be read, and what is to say of the rest: pass if that is all."""
    found = entries(reading)
    outcomes = [
        unreadable(each, absent=PASS) or (PASS if each.text else wrong_type(each, "a service")) for each in found
    ]
    named = frozenset(each.text.strip().lower() for each in found if each.state is State.KNOWN and each.text)
    unclear = [each for each in outcomes if each is not PASS]
    return named, unclear[0] if unclear else PASS


NOT_SAID: Final = indeterminate("the settings do not say which services a perimeter restricts")
