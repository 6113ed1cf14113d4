"""Which accelerators go with which machine types, how many, where, and how capacity can be had: one table for all.

Notebooks, training pools, clusters, TPU slices and reservations ask here before anything is made. The facts are in
``data/accelerators.yaml``; a zone that the table does not cover is unknown, and unknown is never refused.
"""

from groundplan.core.accelerators.combinations import CombinationProblem, check_combination, check_slice
from groundplan.core.accelerators.devices import (
    Accelerator,
    Attachment,
    Availability,
    Consumption,
    Service,
    accelerator,
    accelerators_in,
    zones_with,
)
from groundplan.core.accelerators.machines import MachineType, machine_type
from groundplan.core.accelerators.nearest import Combination

__all__ = [
    "Accelerator",
    "Attachment",
    "Availability",
    "Combination",
    "CombinationProblem",
    "Consumption",
    "MachineType",
    "Service",
    "accelerator",
    "accelerators_in",
    "check_combination",
    "check_slice",
    "machine_type",
    "zones_with",
]
