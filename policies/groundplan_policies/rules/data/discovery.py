"""What the targets of a discovery configuration take in, of tables and of buckets."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, all_of, any_of, fail

CATCH_ALL: Final = {"bigQueryTarget": "filter.otherTables", "cloudStorageTarget": "filter.others"}
"""Targets, each with the filter that takes in whatever no other target does."""

WHAT: Final = {"bigQueryTarget": "tables", "cloudStorageTarget": "buckets"}
"""What each target is about, in words."""

_CONDITIONS: Final = {
    "createdAfter": "leaves out what was there before",
    "types": "takes in only some types of tables",
    "cloudStorageConditions": "takes in only some buckets or objects",
}
"""Conditions under which something is never looked at. That a table must have an age, or may be small, only delays."""


def takes_in_all(targets: Reading, kind: str) -> Outcome:
    """Judge the targets of one kind: each looks at all that it matches, and one matches what the others do not.

    A configuration without a target of the kind says nothing about it.
    """
    found = [_block(each, kind) for each in entries(targets)]
    blocks = [each for each in found if isinstance(each, Reading)]
    unclear = [each for each in found if isinstance(each, Outcome)]
    if not blocks:
        return all_of(unclear)
    some = fail(f"take in only some {WHAT[kind]}", targets.path)
    everything = any_of([some, *(_matches_the_rest(each, CATCH_ALL[kind]) for each in blocks)])
    return all_of([*unclear, everything, *(outcome for each in blocks for outcome in _looks_at_all(each))])


def _block(target: Reading, kind: str) -> Reading | Outcome:
    missing = unreadable(target, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    block = read_value(target.value, target.path, kind)[0]
    missing = unreadable(block, absent=NOT_APPLICABLE, empty=fail("matches nothing, as it has no filter", block.path))
    return missing or (block if isinstance(block.value, dict) else wrong_type(block, "an object"))


def _looks_at_all(block: Reading) -> Iterator[Outcome]:
    """Say what of the things that a target matches it leaves out. Some blocks say it by being there, with nothing."""
    disabled = read_value(block.value, block.path, "disabled")[0]
    yield PASS if disabled.state is State.ABSENT else fail("turns discovery off for what it matches", disabled.path)
    for name, message in _CONDITIONS.items():
        condition = read_value(block.value, block.path, f"conditions.{name}")[0]
        yield PASS if condition.state in {State.ABSENT, State.EMPTY} else fail(message, condition.path)
    rows, age = (
        read_value(block.value, block.path, f"conditions.orConditions.{name}")[0] for name in ("minRowCount", "minAge")
    )
    fine = rows.state is State.ABSENT or age.state is State.KNOWN
    yield PASS if fine else fail("leaves out small tables, however old they get", rows.path)


def _matches_the_rest(block: Reading, catch_all: str) -> Outcome:
    rest = read_value(block.value, block.path, catch_all)[0]
    is_block = isinstance(block.value, dict) and Path(catch_all).plain(block.value) == {}
    some = fail("takes in only some", block.path)
    missing = unreadable(rest, absent=some, empty=PASS if is_block else some)
    return missing or (PASS if isinstance(rest.value, dict) else wrong_type(rest, "an object"))
