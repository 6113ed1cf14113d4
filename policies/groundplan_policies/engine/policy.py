"""Reads whole IAM policies: the JSON text that `getIAMPolicy` makes, or that somebody wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from groundplan_policies.engine.parts import Part, unread
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import UNKNOWN, Value

_DATA: Final = Path("policyData")


def policy_parts(resource: Resource) -> Iterator[Part]:
    """Give the parts of a policy; one that says why, for a policy that cannot be read.

    A text with unknown parts is read, if it is JSON around them.
    """
    data = _DATA.one(resource)
    policy = parse_policy(data.text) if data.text and data.text != UNKNOWN else None
    if policy is None:
        yield unread(data)
        return
    bindings = read_value(policy.get("bindings"), f"{data.path}.bindings")[0]
    if bindings.state in {State.ABSENT, State.EMPTY}:  # an empty policy: nobody has a role
        return
    if not isinstance(bindings.value, list):
        yield unread(bindings)
        return
    for index, binding in enumerate(bindings.value):
        yield from _binding(binding, f"{bindings.path}[{index}]")


def _binding(binding: Value, path: str) -> Iterator[Part]:
    if not isinstance(binding, Mapping):
        yield unread(Reading(path, State.WRONG))
        return
    if binding.get("members") == []:
        return
    role = read_value(binding.get("role"), f"{path}.role")[0]
    condition = binding.get("condition")
    expression = None if condition is None else read_value(condition, f"{path}.condition", "expression")[0]
    for member in entries(read_value(binding.get("members"), f"{path}.members")[0]):
        yield role, member, expression


def parse_policy(text: str) -> Mapping[str, Value] | None:
    """Read the JSON of a policy; None if it is none.

    The provider reads the names of fields in any case of letters, so they are brought to lower case; a field that
    stands twice makes the text unreadable, since readers differ on which one counts.
    """
    try:
        policy: Value = json.loads(text, object_pairs_hook=_fold)
    except (ValueError, RecursionError):
        return None
    return policy if isinstance(policy, Mapping) else None


def _fold(pairs: Sequence[tuple[str, Value]]) -> dict[str, Value]:
    folded = {key.lower(): value for key, value in pairs}
    if len(folded) != len(pairs):
        raise ValueError
    return folded
