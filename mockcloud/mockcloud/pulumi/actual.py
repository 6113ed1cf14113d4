"""What a program would have to set for a resource to be as it is: what a refresh and an import give as inputs."""

from collections.abc import Mapping
from typing import Any

from mockcloud.pulumi.diffs import same
from mockcloud.pulumi.properties import Properties, Property
from mockcloud.pulumi.translate import names_same
from mockcloud.pulumi.values import plain, secret


def actual(properties: Properties, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Give the inputs that a program would have to set for a resource to be as it is.

    Of a resource that a program has, the inputs that it sets, with the value of the cloud where that means something
    else; of one that is imported, all that can be set and is no default.
    """
    if not inputs:
        return {
            name: outputs[name]
            for name, each in properties.items()
            if not each.output and outputs.get(name) not in (None, "", [], {}) and outputs[name] != each.default
        }
    found = dict(inputs)
    for name, value in inputs.items():
        each = properties.get(name)
        if each is not None and name in outputs and not _agrees(each, plain(value), outputs[name]):
            found[name] = secret(outputs[name]) if plain(value) is not value else outputs[name]
    return found


def _agrees(each: Property, given: Any, real: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether a value of the cloud is what a program set: what it did not set counts for nothing."""
    given = plain(given)
    if isinstance(given, dict) and isinstance(real, dict):
        inner = each.fields
        return all(
            name in real and _agrees(inner.get(name, each), item, real[name])
            for name, item in given.items()
            if item is not None
        ) and (each.kind == "object" or set(given) == set(real))
    if isinstance(given, list) and isinstance(real, list):
        if len(given) != len(real):
            return False
        if all(_agrees(each, one, other) for one, other in zip(given, real, strict=True)):
            return True
        left = list(real)
        for one in given if each.unordered else ():
            found = next((other for other in left if _agrees(each, one, other)), None)
            if found is None:
                return False
            left.remove(found)
        return each.unordered and not left
    # Cloud Storage and BigQuery have locations in capitals.
    place = each.name == "location" and str(given).lower() == str(real).lower()
    return place or same(given, real) or names_same(given, real) or names_same(real, given)
