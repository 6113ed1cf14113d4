"""The machines that notebooks can have: what goes together, which disks, what is about to end."""

from __future__ import annotations

import pulumi

from groundplan.core.accelerators import Service, accelerator, check_combination, machine_type
from groundplan.core.validation import Checks

# Confidential Workbench instances: "Create an instance with Confidential Computing", limitations, 2026-10.
_CONFIDENTIAL_FAMILY = "n2d"


def check_machine(
    checks: Checks,
    *,
    machine: str,
    gpu: str | None,
    gpus: int,
    zone: str | None,
    confidential: bool,
    service: Service,
) -> None:
    """Record why a machine cannot be had; without a ``zone`` the place is not judged."""
    problem = check_combination(
        machine_type=machine, accelerator=gpu, count=gpus if gpu else 0, zone=zone, service=service
    )
    if problem is not None:
        checks.problems.append(problem)
        return
    checks.that(
        not confidential or (gpu is None and machine_type(machine).family == _CONFIDENTIAL_FAMILY),
        "machine_type",
        "cannot run as a Confidential VM in Workbench",
        given=f"{machine}{f' with {gpu}' if gpu else ''}",
        allowed="an n2d machine type without GPU, such as n2d-standard-4",
        do="choose an n2d machine, or say confidential=False",
    )


def disk_type(machine: str) -> str:
    """Return the kind of disk that a machine takes, as Workbench writes it: balanced in price and speed."""
    return "PD_BALANCED" if machine_type(machine).takes_persistent_disks else "HYPERDISK_BALANCED"


def warn_of_end(where: str, machine: str, gpu: str | None, resource: pulumi.Resource) -> None:
    """Print a warning where Google has announced the end of the accelerator."""
    name = gpu or machine_type(machine).accelerator
    ends = accelerator(name).ends if name else None
    if ends is not None:
        pulumi.log.warn(
            f"{where}: Google switches {name} off on {ends}; plan its successor, such as NVIDIA_L4", resource
        )
