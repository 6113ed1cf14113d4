"""What a resource is to be: as the program sets it, and where it is silent as the provider or Google filled it.

A property that the provider fills (`computed`) stays as it is when a program sets it no more, so that taking it out is
no change: the whole of one that is an object or a list, and each one inside of an object that is given. Everything else
that a program sets no more goes.

Source: pulumi-terraform-bridge `pkg/tfshim/sdk-v2/proposed_new.go`, which calls ProposedNew of
`pkg/opentofu/plans/objchange`, and terraform-plugin-sdk `helper/schema/schema.go` (`diffList`, `diffSet`, `diffString`:
what is computed and not set has no difference).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from mockcloud.pulumi.actual import agrees, settable
from mockcloud.pulumi.diffs import Diff, diff
from mockcloud.pulumi.naming import DEFAULTS
from mockcloud.pulumi.properties import Properties, Property
from mockcloud.pulumi.values import SIGNATURE, UNKNOWN, is_unknown, plain, secret

_EMPTIED: Final = frozenset(
    {"accessConfigs", "aliasIpRanges", "aliasIpv6Ranges", "attachedDisks", "guestAccelerators", "scratchDisks"}
)
"""Lists of objects that a program can set to none at all; any other that is empty is one that is not set.

Source: the definitions have them as attributes, not as blocks: hashicorp/terraform-provider-google-beta
`google-beta/services/container/node_config.go`, and the docstring of `pulumi_gcp.compute.InstanceFromTemplate`.
"""


def planned(
    properties: Properties, inputs: Mapping[str, Any], before: Mapping[str, Any], *, outputs: bool = False
) -> dict[str, Any]:
    """Give the properties that a resource is to have.

    Args:
        properties: The properties of the type, or of an object.
        inputs: What the program sets, with defaults.
        before: What the resource has.
        outputs: Whether what only the cloud sets stays as well.
    """
    found = dict(inputs)
    for name, each in properties.items():
        real = before.get(name)
        if real is None or (each.output and not outputs):
            continue
        if _is_silent(each, inputs.get(name)):
            if each.computed or each.output:
                found[name] = real
        else:
            found[name] = _inside(each, inputs[name], real, outputs=outputs)
    return found


def difference(
    token: str,
    properties: Properties,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    state: Mapping[str, Any],
    ignored: Sequence[str] = (),
) -> Diff:
    """Compare what a resource is with what it is to be.

    Args:
        token: The type.
        properties: The type's properties.
        old: The checked inputs that it has.
        new: The checked inputs that it is to have; unknown values as markers.
        state: Its outputs: what was filled where the old inputs are silent.
        ignored: Property paths whose changes do not count.
    """
    before = filled(properties, old, state)
    return diff(token, properties, before, planned(properties, new, before), ignored)


def filled(properties: Properties, inputs: Mapping[str, Any], state: Mapping[str, Any]) -> dict[str, Any]:
    """Give the inputs of a resource with what the cloud filled beside them, as far as it can be set.

    Args:
        properties: The properties of the type.
        inputs: The checked inputs that it has.
        state: Its outputs.
    """
    given = {name: settable(each, state[name]) for name, each in properties.items() if state.get(name) is not None}
    return planned(properties, inputs, given)


def previewed(properties: Properties, inputs: Mapping[str, Any], state: Mapping[str, Any]) -> dict[str, Any]:
    """Give the outputs that a resource is to have after an update: what only the cloud sets stays.

    Args:
        properties: The properties of the type.
        inputs: The checked inputs that it is to have.
        state: Its outputs now.
    """
    others = {name: value for name, value in state.items() if name not in properties}
    found = planned(properties, inputs, state, outputs=True)
    return {**others, **{name: value for name, value in found.items() if name != DEFAULTS}}


def awaited(properties: Properties, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Give the inputs of a new resource with what the cloud will fill inside of them, which is unknown as yet.

    Args:
        properties: The properties of the type, or of an object.
        inputs: What the program sets.
    """
    return {name: _awaited(properties[name], value) if name in properties else value for name, value in inputs.items()}


def _awaited(each: Property, value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [_awaited(each, item) for item in value]
    if not isinstance(value, dict) or SIGNATURE in value or not each.fields:
        return value
    unknown = {name: UNKNOWN for name, inner in each.fields.items() if inner.output or inner.computed}
    return {**unknown, **awaited(each.fields, value)}


def _is_silent(each: Property, given: object) -> bool:
    """Whether a program says nothing of a property."""
    given = plain(given)
    return given is None or (given == [] and each.computed and each.kind == "object" and each.name not in _EMPTIED)


def _inside(each: Property, given: Any, real: Any, *, outputs: bool) -> Any:  # noqa: ANN401 - JSON
    """Give a value of the program with what was filled inside of it."""
    if each.kind != "object" or is_unknown(given):
        return given
    if plain(given) is not given or plain(real) is not real:
        return secret(_inside(each, plain(given), plain(real), outputs=outputs))
    if each.repeated and isinstance(given, list) and isinstance(real, list):
        pairs = _matched(each, given, real) if each.unordered else _by_place(given, real)
        return [item if other is None else _item(each, item, other, outputs=outputs) for item, other in pairs]
    if each.mapped and isinstance(given, dict) and isinstance(real, dict):
        return {
            key: _item(each, item, real[key], outputs=outputs) if key in real else item for key, item in given.items()
        }
    return _item(each, given, real, outputs=outputs)


def _item(each: Property, given: Any, real: Any, *, outputs: bool) -> Any:  # noqa: ANN401 - JSON
    if isinstance(given, dict) and isinstance(real, dict) and SIGNATURE not in {*given, *real}:
        return planned(each.fields, given, real, outputs=outputs)
    return given


def _by_place(given: list[Any], real: list[Any]) -> Iterable[tuple[Any, Any]]:
    return zip(given, [*real, *[None] * len(given)], strict=False)


def _matched(each: Property, given: list[Any], real: list[Any]) -> Iterable[tuple[Any, Any]]:
    """Find for each item one that has all that it has: without an order, nothing else tells which it is."""
    left = list(real)
    for item in given:
        found = next((other for other in left if other is not None and agrees(each, item, other)), None)
        if found is not None:
            left.remove(found)
        yield item, found
