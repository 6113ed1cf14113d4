"""Containers that a machine with Google's system for containers starts by itself: YAML in its metadata names images.

Source: cloud.google.com/compute/docs/containers/deploying-containers.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Read
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import is_unknown, join_key
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Verdict, all_of, indeterminate
from groundplan_policies.rules.compute.metadata import EVERYWHERE
from groundplan_policies.rules.encryption.copies import COPIES, TEMPLATES
from groundplan_policies.rules.supply.images import judge_image

_KEY: Final = "gce-container-declaration"
_IMAGE: Final = re.compile(r"""^[\s-]*["']?image["']?\s*:\s*["']?([^\s"'#]+)""", re.MULTILINE)
_TYPES: Final = (
    *("compute.Instance", *TEMPLATES, *COPIES),
    *("compute.InstanceGroupManager", "compute.RegionInstanceGroupManager"),
)


def _check(paths: tuple[Path, ...]) -> Check:
    def check(resource: Resource, context: Context) -> Outcome:
        return all_of(
            outcome
            for path in paths
            for reading in path.read(resource)
            for outcome in _declared(reading, resource, context)
        )

    return check


def _declared(metadata: Reading, resource: Resource, context: Context) -> Iterator[Outcome]:
    missing = unreadable(metadata, absent=NOT_APPLICABLE)
    if missing is not None:
        yield missing
    elif not isinstance(metadata.value, dict):
        yield wrong_type(metadata, "a map")
    elif _KEY in metadata.value:
        found = read_value(metadata.value[_KEY], join_key(metadata.path, _KEY))[0]
        yield from _images(found, resource, context)


def _images(declaration: Reading, resource: Resource, context: Context) -> Iterator[Outcome]:
    """Judge each image of a declaration. One in which none is to be seen may name any."""
    found = _IMAGE.findall(declaration.text)
    if not found:
        missing = unreadable(declaration, absent=NOT_APPLICABLE)
        yield missing or indeterminate("declares a container whose image is not to be seen", declaration.path)
    for name in found:
        state = State.UNKNOWN if is_unknown(name) else State.KNOWN
        yield judge_image(resource, Reading(declaration.path, state, name), context)


CHECKS: Final[Mapping[str, Check]] = {type_: _check(EVERYWHERE[type_]) for type_ in _TYPES}
"""Short name of the type -> the check of what its metadata declares."""
READS: Final = tuple(
    Read(type_, path.text, absent=Verdict.NOT_APPLICABLE, empty=Verdict.NOT_APPLICABLE)
    for type_ in _TYPES
    for path in EVERYWHERE[type_]
)
"""What they read, for the control's documentation."""
