"""What Google offers: regions, zones, machine types, accelerators, images, as tables with source and date.

The catalogues answer questions. They refuse only where a rule asks them to: new machine types appear every month, and a
lenient cloud must not stand in their way.
"""

from mockcloud.services.catalogues.images import Image, image_of_family, public_image, public_images, public_projects
from mockcloud.services.catalogues.machines import (
    Accelerator,
    MachineType,
    accelerators,
    accelerators_in,
    machine_type,
    machine_types,
    may_be_a_machine_type,
    offered,
)
from mockcloud.services.catalogues.places import auto_range, locations, region_of, regions, zones, zones_of

__all__ = [
    "Accelerator",
    "Image",
    "MachineType",
    "accelerators",
    "accelerators_in",
    "auto_range",
    "image_of_family",
    "locations",
    "machine_type",
    "machine_types",
    "may_be_a_machine_type",
    "offered",
    "public_image",
    "public_images",
    "public_projects",
    "region_of",
    "regions",
    "zones",
    "zones_of",
]
