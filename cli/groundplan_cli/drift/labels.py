"""All labels of a resource, as recorded and as they are: the provider calls them secret, so that no engine shows them.

The program's own labels are properties like others. Labels that somebody adds beside them are in none of them.
"""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from groundplan_policies.engine import Resource, Value, is_secret

ALL: Final = ("effectiveLabels", "effectiveAnnotations")
"""The properties that hold the labels and notes of everybody."""

OWN: Final = {"effectiveLabels": ("labels", "resourceLabels"), "effectiveAnnotations": ("annotations",)}
"""Where a program says its own."""

Labels: TypeAlias = Mapping[str, str]


class Beside(NamedTuple):
    """Labels beside the program's.

    Attributes:
        recorded: As the engine last saw them, or where it does not show that, as the program would have them.
        actual: As they are.
    """

    recorded: Labels
    actual: Labels


def recorded(state: Mapping[str, Any]) -> dict[str, dict[str, Labels]]:
    """Give the labels that a state has in plain: URN -> property -> labels. Nothing else of it is kept.

    Args:
        state: What `pulumi stack export --show-secrets` prints.
    """
    found: dict[str, dict[str, Labels]] = {}
    for each in state.get("deployment", {}).get("resources", ()):
        values = {name: plain(each.get("outputs", {}).get(name)) for name in ALL}
        found[str(each.get("urn", ""))] = {name: value for name, value in values.items() if value is not None}
    return found


def plain(value: Value) -> Labels | None:
    """Give labels that are readable; None for others."""
    if is_secret(value) and isinstance(value, Mapping):
        text = value.get("plaintext")
        value = json.loads(text) if isinstance(text, str) else None
    if not isinstance(value, Mapping) or any(not isinstance(each, str) for each in value.values()):
        return None
    return {key: str(each) for key, each in value.items()}


def beside(
    resource: Resource, actual: Mapping[str, Value], defaults: Labels, shown: Mapping[str, Labels]
) -> dict[str, Beside]:
    """Give the labels beside the program's, by property, where both sides are known.

    Args:
        resource: As the state has it.
        actual: Its outputs as they are.
        defaults: The labels that its provider sets.
        shown: All labels by property, as the engine last saw them, where it shows them.
    """
    found: dict[str, Beside] = {}
    for name in ALL:
        now = plain(actual.get(name))
        own = [resource.inputs[each] for each in OWN[name] if resource.inputs.get(each) is not None]
        programs = [plain(each) for each in own]
        if now is None or None in programs:
            continue
        set_by_program = {key: value for each in programs if each is not None for key, value in each.items()}
        before = shown.get(name) or plain(resource.outputs.get(name))
        if before is None:
            before = {**(defaults if name == ALL[0] else {}), **set_by_program}
        found[name] = Beside(_without(before, set_by_program), _without(now, set_by_program))
    return found


def _without(labels: Labels, others: Labels) -> Labels:
    return {key: value for key, value in labels.items() if key not in others}
