"""Machines that are made from a template or an image, and what a template says of their disks."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, all_of, indeterminate
from groundplan_policies.rules.encryption.keys import KeyExpectation

FROM_TEMPLATE: Final = "compute.InstanceFromTemplate"
FROM_IMAGE: Final = "compute.InstanceFromMachineImage"
TEMPLATES: Final = ("compute.InstanceTemplate", "compute.RegionInstanceTemplate")
IMAGE: Final = "compute.MachineImage"
COPIES: Final = (FROM_TEMPLATE, FROM_IMAGE)
"""Machines that take over whatever they do not say themselves."""

SOURCES: Final = {FROM_TEMPLATE: "sourceInstanceTemplate", FROM_IMAGE: "sourceMachineImage"}
DISKS: Final = "disks"
TEMPLATE_KEY: Final = "diskEncryptionKey.kmsKeySelfLink"
IMAGE_KEY: Final = "machineImageEncryptionKey.kmsKeyName"

_DISKS = Path(DISKS)
_SOURCES = tuple(map(Path, SOURCES.values()))
_BOOT_KEY, _ATTACHED_KEY = Path("bootDisk.kmsKeySelfLink"), Path("attachedDisks.kmsKeySelfLink")
_KEY = KeyExpectation(Path(f"{DISKS}.{TEMPLATE_KEY}"), by_tier=True)
_NOTHING: Final = {State.ABSENT, State.EMPTY}


def taken_over(resource: Resource, context: Context, path: str) -> Outcome:
    """Say of something that a machine leaves to its template: the template is judged itself if this document makes it.

    Args:
        resource: The machine.
        context: The deployment.
        path: What is left to the template.
    """
    for each in _SOURCES:
        source = context.graph.resolve(resource, each.one(resource), *TEMPLATES)
        if source is not None and not source.external:
            return NOT_APPLICABLE
    return indeterminate("is taken over from a template or an image of which this document does not tell it", path)


def machine_key(resource: Resource, context: Context) -> Outcome:
    """Judge the keys of the disks of a machine that is made from a template or an image."""
    if context.parameters.customer_managed_keys is False:
        left = NOT_APPLICABLE
    else:
        left = taken_over(resource, context, _BOOT_KEY.text)
    named = [each for path in (_BOOT_KEY, _ATTACHED_KEY) for each in path.read(resource) if each.state not in _NOTHING]
    own = [_KEY.look(resource, each, context) for each in named]
    return all_of(own if any(each.path.startswith("bootDisk") for each in named) else [left, *own])


def template_keys(resource: Resource, context: Context) -> Outcome:
    """Judge the key of each disk that a template has machines make."""
    disks = [each for reading in _DISKS.read(resource) for each in entries(reading)]
    return all_of([_disk(resource, each, context) for each in disks])


def _disk(resource: Resource, disk: Reading, context: Context) -> Outcome:
    """A scratch disk takes no key; one that was there before has its own, which its own resource says."""
    if not isinstance(disk.value, dict):
        return _KEY.look(resource, disk._replace(path=f"{disk.path}.{TEMPLATE_KEY}"), context)
    if disk.value.get("type") == "SCRATCH":
        return NOT_APPLICABLE
    key = read_value(disk.value, disk.path, TEMPLATE_KEY)[0]
    if key.state in _NOTHING and disk.value.get("source"):
        source = read_value(disk.value, disk.path, "source")[0]
        made = context.graph.resolve(resource, source, "compute.Disk", "compute.RegionDisk")
        if made is not None and not made.external:
            return NOT_APPLICABLE
        return indeterminate("is left to a disk that this document does not make", key.path)
    return _KEY.look(resource, key, context)
