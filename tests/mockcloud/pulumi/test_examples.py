"""Every example of a resource type lives as the real provider has it: made, read, imported, changed, removed."""

from collections.abc import Mapping
from typing import Any

import pytest

from mockcloud.pulumi.actual import actual
from mockcloud.pulumi.lifecycle import State
from mockcloud.pulumi.links import type_of
from mockcloud.pulumi.naming import DEFAULTS, Naming
from mockcloud.pulumi.properties import properties_of, tokens
from mockcloud.pulumi.special import lifecycle_of
from mockcloud.pulumi.specials import iam
from mockcloud.pulumi.values import plain
from tests.mockcloud.pulumi.lives import Example, World, examples, world
from tests.mockcloud.pulumi.taken import assert_seen
from tests.mockcloud.pulumi.told import assert_told, untold

_OF_THE_PROVIDER = {"deletionPolicy", "deletionProtection", "forceDestroy"}


LIFELESS: Mapping[str, str] = {}
"""Types without an example, and why each can have none."""


def test_every_type_has_a_life() -> None:
    shown = {example.token for example in examples().values() if not example.support}
    modelled = {token for token in tokens() if lifecycle_of(token) is not None and not _is_grant(token)}
    lifeless = {f"gcp:{each}" for each in LIFELESS}
    missing = sorted(modelled - shown - lifeless)
    assert not missing, f"write examples of {', '.join(missing)}, or say why there can be none"
    assert lifeless <= modelled - shown, "these can have one"


def _is_grant(token: str) -> bool:
    """Whether a type grants roles: those have lives of their own, in `test_iam`."""
    return type(lifecycle_of(token)).__module__ == iam.__name__


def test_what_stays_empty_is_an_output() -> None:
    for kind, names in untold().items():
        known = properties_of(f"gcp:{kind}") or {}
        assert {name for name in names if not (name in known and known[name].output)} == set(), kind


@pytest.mark.parametrize("key", [key for key, example in examples().items() if not example.support])
def test_life(key: str) -> None:
    here, example = world(), examples()[key]
    inputs = here.make(key)
    state = here.made[key]
    assert state.id == example.id or not example.id
    gives = here.filled(dict(example.gives))
    assert {name: plain(state.outputs.get(name)) for name in gives} == gives
    assert_are(example, inputs, state.outputs)
    assert_told(example, state)

    assert_reads(here, example, inputs, state)
    assert_seen(here, example, inputs, state)
    imports = here.filled(list(example.imports))
    # The ids of grants are not what they are imported by: those have spaces between their words.
    known = example.unimportable or any(" " in each for each in imports)
    for each in imports if known else dict.fromkeys((state.id, *imports)):
        assert_imports(here, example, inputs, state, each)

    if example.change:
        before = state, inputs
        state, inputs = changed(here, example, inputs, state)
        assert_drifted(here, example, *before)
        assert_reads(here, example, inputs, state)

    here.provider.delete(example.token, without_guards(state))
    here.provider.delete(example.token, without_guards(state))  # as when its answer was lost
    gone = here.provider.read(example.token, state.id, inputs, state.outputs)
    assert (gone is not None) == example.lasting


def changed(here: World, example: Example, inputs: dict[str, Any], state: State) -> tuple[State, dict[str, Any]]:
    """Change a resource in place."""
    new = here.checked(example, {**example.inputs, **example.change})
    difference = here.provider.diff(example.token, inputs, new, state.outputs)
    assert difference.changes
    assert difference.replaces == ()
    after = here.provider.update(example.token, state, new, inputs, "urn")
    assert after.id == state.id
    assert_are(example, new, after.outputs)
    here.made[example.key] = after
    return after, new


def assert_are(example: Example, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> None:
    """Outputs hold the inputs, as far as they mean the same."""
    assert set(inputs) - {DEFAULTS} <= set(outputs)
    assert actual(properties_of(example.token) or {}, inputs, plain_of(outputs)) == inputs


def assert_reads(here: World, example: Example, inputs: Mapping[str, Any], state: State) -> None:
    """A refresh finds nothing to refresh."""
    read = here.provider.read(example.token, state.id, inputs, state.outputs)
    assert read is not None
    assert read[0] == state
    assert read[1] == inputs


def assert_drifted(here: World, example: Example, before: State, inputs: Mapping[str, Any]) -> None:
    """A refresh by one who knows nothing of a change finds it, in what was set before."""
    kind = type_of(example.token)
    hidden = {*example.unread, *_OF_THE_PROVIDER, *(kind.row.keep | kind.row.own if kind else ())}
    touched = {name for name in example.change if name in inputs and not properties_secret(name, example)} - hidden
    read = here.provider.read(example.token, before.id, inputs, before.outputs)
    assert read is None or not touched or any(read[1].get(name) != inputs.get(name) for name in touched)


def assert_imports(here: World, example: Example, inputs: Mapping[str, Any], state: State, identifier: str) -> None:
    """An import finds what was set from the API alone, but what the API never gives back."""
    read = here.provider.read(example.token, identifier, {}, {})
    assert read is not None, identifier
    assert read[0].id == state.id
    kind, properties = type_of(example.token), properties_of(example.token) or {}
    hidden = {*example.unread, *_OF_THE_PROVIDER, *(kind.row.keep | kind.row.own if kind else ())}
    shown = {
        name: value for name, value in inputs.items() if name not in hidden and not properties_secret(name, example)
    }
    found = {name: plain(value) for name, value in read[0].outputs.items()}
    missing = {
        name
        for name, value in shown.items()
        if name != DEFAULTS and value not in (False, 0, "", [], {}) and name not in found
    }
    assert missing == set()
    given = {name: value for name, value in shown.items() if name in found}
    assert not given or actual(properties, given, found) == given
    assert_goes_up(here, example, *read, hidden)


def assert_goes_up(here: World, example: Example, state: State, inputs: dict[str, Any], hidden: set[str]) -> None:
    """The inputs that an import tells are taken, and change nothing; what the API keeps to itself is missing there."""
    checked = here.provider.check(example.token, inputs, inputs, Naming("imported"))
    assert {str(each) for each in checked.failures if each.path not in hidden} == set()
    difference = here.provider.diff(example.token, inputs, checked.inputs, state.outputs)
    assert {each.path for each in difference.changes} - hidden == set()


def properties_secret(name: str, example: Example) -> bool:
    """Whether the API keeps a property to itself."""
    each = (properties_of(example.token) or {}).get(name)
    return name.endswith(("Wo", "WoVersion")) or (each is not None and each.secret)


def plain_of(outputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in outputs.items()}


def without_guards(state: State) -> State:
    guards = {"deletionPolicy", "deletionProtection"}
    return State(state.id, {name: value for name, value in state.outputs.items() if name not in guards})
