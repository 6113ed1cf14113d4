"""What a program would have to set for a resource to be as it is: what a refresh gives as inputs."""

from collections.abc import Mapping
from typing import Any

from mockcloud.pulumi.diffs import same
from mockcloud.pulumi.properties import Properties, Property
from mockcloud.pulumi.translate import names_same
from mockcloud.pulumi.values import SIGNATURE, plain, secret


def actual(properties: Properties, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Give the inputs that a program would have to set for a resource to be as it is.

    They are the inputs that it sets, with the value of the cloud where that means something else, and without those
    that the cloud has not.
    """
    found = dict(inputs)
    for name, value in inputs.items():
        each = properties.get(name)
        if each is None or value is None:
            continue
        if outputs.get(name) is None:
            del found[name]
        elif not agrees(each, plain(value), outputs[name]):
            real = _as_set(each, value, outputs[name])
            found[name] = secret(real) if plain(value) is not value else real
    return found


def _as_set(each: Property, given: Any, real: Any) -> Any:  # noqa: ANN401 - JSON
    """Give a value of the cloud as the program would set it: what it leaves out it would leave out again."""
    given = plain(given)
    if each.mapped or not each.fields or agrees(each, given, real):
        return given if agrees(each, given, real) else real
    if isinstance(given, dict) and isinstance(real, dict):
        return {
            name: _as_set(each.fields[name], item, real[name])
            for name, item in given.items()
            if name in each.fields and item is not None and real.get(name) is not None
        }
    if isinstance(given, list) and isinstance(real, list):
        if len(given) == len(real) and not each.unordered:
            return [_as_set(each, one, other) for one, other in zip(given, real, strict=True)]
        return [next((one for one in given if agrees(each, one, item)), settable(each, item)) for item in real]
    return settable(each, real)


def settable(each: Property, real: Any) -> Any:  # noqa: ANN401 - JSON
    """Give what a program may set of an object that it does not have. What is marked as a secret stays whole."""
    if isinstance(real, list):
        return [settable(each, item) for item in real]
    if not isinstance(real, dict) or SIGNATURE in real or each.mapped or not each.fields:
        return real
    return {
        name: settable(each.fields[name], item)
        for name, item in real.items()
        if name in each.fields and not each.fields[name].output and item is not None
    }


def agrees(each: Property, given: Any, real: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether a value of the cloud is what a program set: what it did not set counts for nothing."""
    given = plain(given)
    if isinstance(given, dict) and isinstance(real, dict):
        inner = each.fields
        # An API leaves out what is empty.
        return all(
            agrees(inner.get(name, each), item, real[name]) if name in real else item in ("", False, 0, [], {})
            for name, item in given.items()
            if item is not None
        ) and (each.kind == "object" or set(given) == set(real))
    if isinstance(given, list) and isinstance(real, list):
        if len(given) != len(real):
            return False
        if all(agrees(each, one, other) for one, other in zip(given, real, strict=True)):
            return True
        left = list(real)
        for one in given if each.unordered else ():
            found = next((other for other in left if agrees(each, one, other)), None)
            if found is None:
                return False
            left.remove(found)
        return each.unordered and not left
    # Cloud Storage and BigQuery have locations in capitals.
    place = each.name == "location" and str(given).lower() == str(real).lower()
    return place or same(given, real) or names_same(given, real) or names_same(real, given)
