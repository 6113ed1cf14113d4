"""Slices of TPUs: their version and size, by their name or their topology."""

import re
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.expect import unreadable
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, Reading, State, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, all_of, indeterminate
from groundplan_policies.rules.cost.accelerators import NOTHING
from groundplan_policies.rules.cost.caps import allowed, within_cap

MACHINE: Final = "tpu.V2Vm"
NAMES: Final = {MACHINE: "acceleratorType", "tpu.V2QueuedResource": "tpu.nodeSpecs.node.acceleratorType"}
"""Short name of a type -> where it names a slice."""
SHAPED: Final = Path("acceleratorConfig")
_SHAPE, _VERSION = "topology", "type"
_SIZED: Final = re.compile(r"(v\d+[a-z]*)-(\d+)")
_CORES: Final = frozenset({"v2", "v3", "v4", "v5p"})
"""Versions of TPUs whose names count cores, two to a chip (cloud.google.com/tpu/docs/regions-zones)."""


def named(resource: Resource, context: Context) -> Outcome:
    """Judge slices by their names."""
    return all_of([_slice(each, context) for each in Path(NAMES[short_name(resource.type)]).read(resource)])


def machine(resource: Resource, context: Context) -> Outcome:
    """Judge a machine for TPUs, which names its slice, or says of which version and shape it is."""
    shaped = SHAPED.one(resource)
    shape = NOT_APPLICABLE if shaped.state in NOTHING else _shape(shaped, context)
    return all_of([named(resource, context), shape])


def _shape(block: Reading, context: Context) -> Outcome:
    missing = unreadable(block, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    version, shape = (read_value(block.value, block.path, each)[0] for each in (_VERSION, _SHAPE))
    missing = unreadable(shape, absent=indeterminate("does not tell a size", shape.path))
    if missing is not None:
        return missing
    edges = [Reading(shape.path, State.KNOWN, each) for each in str(shape.value).lower().split("x")]
    kind = version._replace(value=_version(version.text)) if version.text else version
    nothing = indeterminate("does not tell a version", version.path)
    of_kind = nothing if version.state in NOTHING else allowed(kind, context)
    return all_of([of_kind, within_cap(edges, shape.path, context)])


def _slice(reading: Reading, context: Context) -> Outcome:
    missing = unreadable(reading, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    found = _SIZED.fullmatch(_version(reading.text))
    if found is None:
        return indeterminate("does not tell a version and a size", reading.path)
    version, chips = found[1], int(found[2]) // (2 if found[1] in _CORES else 1)
    kind = allowed(Reading(reading.path, State.KNOWN, version), context)
    return all_of([kind, within_cap([Reading(reading.path, State.KNOWN, chips)], reading.path, context)])


def _version(name: str) -> str:
    """Give the name of a slice or of a version as people say it: `v5litepod-8` is `v5e-8`."""
    return name.lower().replace("litepod", "e").replace("lite_pod", "e")
