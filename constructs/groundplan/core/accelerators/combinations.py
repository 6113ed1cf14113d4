"""Whether a machine type, an accelerator, a number of them, a zone and a service go together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from groundplan.core.accelerators.devices import Accelerator, Consumption, Service, accelerators_in, devices
from groundplan.core.accelerators.devices import accelerator as find_device
from groundplan.core.accelerators.machines import MachineType, custom_rule, machine_types
from groundplan.core.accelerators.machines import machine_type as find_machine
from groundplan.core.accelerators.nearest import Combination, by_distance, nearest_combination, place
from groundplan.core.errors import LookupFailure, Problem, nearest


@dataclass(frozen=True)
class CombinationProblem(Problem):
    """Why something does not go together, and the nearest that does."""

    nearest: Combination | None = None
    """The nearest that goes together; None where the accelerator itself is not to be had."""


@dataclass(frozen=True, kw_only=True)
class _Request:
    """What is asked for, looked up."""

    machine: MachineType
    device: Accelerator
    count: int
    zone: str | None
    service: Service
    consumption: Consumption | None
    topology: str | None

    def nearest(self) -> Combination | None:
        """Return the nearest that goes together."""
        return nearest_combination(self.machine, self.device, self.count, self.zone)


def check_combination(
    *,
    machine_type: str,
    accelerator: str | None,
    count: int,
    zone: str | None,
    service: Service,
    consumption: Consumption | None = None,
    topology: str | None = None,
) -> CombinationProblem | None:
    """Return what is wrong with a combination, or None where nothing is known to be.

    ``accelerator`` is spelt as the service spells it, with ``count`` of them; None and 0 where none is named. A zone
    that the table does not cover, like a zone or a ``consumption`` that is not given, is not judged. ``topology`` is
    the shape of the slice that TPU nodes form.
    """
    try:
        machine = find_machine(machine_type)
    except LookupFailure:
        return _unknown_machine(machine_type)
    if accelerator is None:
        return _unnamed(machine, count, zone, service, consumption, topology)
    try:
        device = find_device(accelerator)
    except LookupFailure:
        return _unknown_device(accelerator, service)
    request = _Request(
        machine=machine,
        device=device,
        count=count,
        zone=zone,
        service=service,
        consumption=consumption,
        topology=topology,
    )
    return _spelling(request, accelerator) or _first(request, (_living, _fitting, _capacity, _shape, _place))


def check_slice(
    *, accelerator: str, topology: str, zone: str | None, consumption: Consumption | None = None
) -> Problem | None:
    """Return what is wrong with a slice of a TPU asked of the Cloud TPU API, or None where nothing is known to be.

    ``accelerator`` is spelt as that API does, or by its own name (``V5LITE_POD``, ``v5e``).
    """
    try:
        device = find_device(accelerator)
    except LookupFailure:
        return _unknown_device(accelerator, "tpu")
    if device.name_for("tpu") is None:
        return Problem("accelerator", "is no TPU", accelerator, ", ".join(sorted(_names("tpu"))), "name a TPU")
    if device.chips(topology) is None:
        return _no_topology(device, topology, device.topologies)
    if consumption is not None and consumption not in device.consumption:
        return _no_capacity(device.name, consumption, device.consumption)
    if zone is not None and device.availability(zone) == "no":
        return _no_zone(device.name, zone, device.zones)
    return None


def _first(
    request: _Request, checks: Iterable[Callable[[_Request], CombinationProblem | None]]
) -> CombinationProblem | None:
    return next((problem for check in checks if (problem := check(request)) is not None), None)


def _unnamed(
    machine: MachineType,
    count: int,
    zone: str | None,
    service: Service,
    consumption: Consumption | None,
    topology: str | None,
) -> CombinationProblem | None:
    if count:
        remedy = "name the accelerator, or ask for none"
        return CombinationProblem("accelerator", "is missing, and a number of them is given", str(count), "0", remedy)
    if machine.accelerator is None:
        return None
    device = devices()[machine.accelerator]
    if service == "vertex" and service not in device.unnamed:
        remedy = f"say {machine.accelerator_count} × {device.names.get(service, device.name)}"
        fault = "is missing: this service wants it named beside the machine type that carries it"
        return CombinationProblem("accelerator", fault, "none", device.names.get(service, "another machine"), remedy)
    request = _Request(
        machine=machine,
        device=device,
        count=machine.accelerator_count,
        zone=zone,
        service=service,
        consumption=consumption,
        topology=topology,
    )
    if service not in (*device.names, *device.unnamed):
        return _not_taken(request, machine.name)
    return _first(request, (_living, _capacity, _shape, _place))


def _unknown_machine(given: str) -> CombinationProblem:
    rule = custom_rule(given)
    near = None if rule else nearest(given, machine_types())
    series = ", ".join(sorted({machine.family for machine in machine_types().values()}))
    remedy = f"did you mean {near}?" if near else "correct the name; one newer than the table goes in by overrides"
    return CombinationProblem("machine_type", "is not known", given, rule or f"the machine types of {series}", remedy)


def _unknown_device(given: str, service: Service) -> CombinationProblem:
    names = sorted(_names(service))
    words = set(given.lower().replace("-", "_").split("_"))
    # People leave words out: T4, NVIDIA_T4.
    fuller = next((name for name in names if words <= set(name.lower().replace("-", "_").split("_"))), None)
    near = fuller or nearest(given, names)
    remedy = f"did you mean {near}?" if near else "choose one of these"
    return CombinationProblem("accelerator", "is not known", given, ", ".join(names), remedy)


def _spelling(request: _Request, given: str) -> CombinationProblem | None:
    wanted = request.device.name_for(request.service)
    if wanted is None:
        return _not_taken(request, given)
    if given != wanted:
        return CombinationProblem(
            "accelerator", "is spelt as another service spells it", given, wanted, f"write {wanted}", request.nearest()
        )
    return None


def _not_taken(request: _Request, given: str) -> CombinationProblem:
    allowed = ", ".join(sorted(_names(request.service)))
    fault = f"is not taken by {request.service}"
    return CombinationProblem("accelerator", fault, given, allowed, "choose one of these")


def _living(request: _Request) -> CombinationProblem | None:
    if request.device.ended is None:
        return None
    fault = f"was switched off by Google on {request.device.ended}"
    allowed = ", ".join(sorted(_names(request.service)))
    return CombinationProblem("accelerator", fault, request.device.name, allowed, "choose a newer one, as NVIDIA L4")


def _fitting(request: _Request) -> CombinationProblem | None:
    machine, device, count = request.machine, request.device, request.count
    given = f"{count} × {device.name} on {machine.name}"
    if machine.accelerator == device.name:
        # Vertex AI places several replicas of a model on one machine, each with some of its accelerators.
        shared = request.service == "vertex" and 1 <= count <= machine.accelerator_count
        if shared or count == machine.accelerator_count:
            return None
        allowed = f"{machine.accelerator_count}, which the machine type carries"
        return _misfit(request, "accelerator_count", "is not the machine type's", given, allowed)
    sizes = {each.count: each for each in device.attachments}
    if not machine.attaches_gpus or not sizes:
        allowed = f"{_hosts(device)} for {device.name}; {_guests(machine)} on {machine.name}"
        return _misfit(request, "accelerator", "does not go with the machine type", given, allowed)
    if count not in sizes:
        allowed = ", ".join(map(str, sizes))
        return _misfit(request, "accelerator_count", "is not offered for this accelerator", given, allowed)
    most = sizes[count]
    if machine.vcpus > most.max_vcpus or machine.memory_gb > most.max_memory_gb:
        allowed = f"up to {most.max_vcpus} vCPUs and {most.max_memory_gb:g} GB of memory for {count} × {device.name}"
        return _misfit(request, "machine_type", "is too large for so few accelerators", given, allowed)
    return None


def _misfit(request: _Request, field: str, fault: str, given: str, allowed: str) -> CombinationProblem:
    found = request.nearest()
    return CombinationProblem(field, fault, given, allowed, _advice(found, request.service), found)


def _capacity(request: _Request) -> CombinationProblem | None:
    ways = request.machine.consumption if request.machine.accelerator else request.device.consumption
    if request.consumption is None or request.consumption in ways:
        return None
    return _no_capacity(request.machine.name, request.consumption, ways)


def _no_capacity(what: str, given: Consumption, ways: Iterable[Consumption]) -> CombinationProblem:
    allowed = ", ".join(ways)
    fault = f"is no way in which {what} can be had"
    return CombinationProblem("consumption", fault, given, allowed, "choose one of these")


def _shape(request: _Request) -> CombinationProblem | None:
    topology, own = request.topology, request.machine.topologies
    if topology is None:
        return None
    if request.device.chips(topology) is not None and (not own or topology in own):
        return None
    return _no_topology(request.device, topology, own or request.device.topologies)


def _no_topology(device: Accelerator, given: str, shapes: Iterable[str]) -> CombinationProblem:
    listed = ", ".join(shapes) or "none: it is no TPU"
    if device.cube_step:
        listed += f", and ascending multiples of {device.cube_step} up to {device.max_chips} chips, as 4x4x8"
    near = nearest(given, device.topologies)
    remedy = f"did you mean {near}?" if near else "choose one of these"
    return CombinationProblem("topology", f"is no slice of {device.name}", given, listed, remedy)


def _place(request: _Request) -> CombinationProblem | None:
    zone = request.zone
    if zone is None or place(request.machine, request.device, zone) != "no":
        return None
    here = request.machine if request.machine.accelerator else request.device
    name = request.machine.name if request.machine.accelerator else request.device.name
    return _no_zone(name, zone, here.zones, request.nearest())


def _no_zone(what: str, zone: str, zones: Iterable[str], found: Combination | None = None) -> CombinationProblem:
    ordered = by_distance(zones, zone)
    others = ", ".join(device.name for device in accelerators_in(zone) or ()) or "no accelerator"
    more = f" and {len(ordered) - 8} more" if len(ordered) > 8 else ""  # noqa: PLR2004 - as many as fit a line
    near = f"move to {ordered[0]}" if ordered else "choose another accelerator"
    allowed = f"{', '.join(ordered[:8])}{more}" if ordered else "nowhere"
    return CombinationProblem("zone", f"has no {what}", zone, allowed, f"{near}; {zone} has {others}", found)


def _advice(found: Combination | None, service: Service) -> str:
    if found is None:
        return "choose another accelerator"
    name = devices()[found.accelerator].names.get(service, found.accelerator)
    where = f" in {found.zone}" if found.zone else ""
    return f"use {found.machine_type} with {found.count} × {name}{where}"


def _hosts(device: Accelerator) -> str:
    prefixes = sorted({m.name.rpartition("-")[0] for m in machine_types().values() if m.accelerator == device.name})
    return ", ".join(prefixes) if prefixes else "N1 machines"


def _guests(machine: MachineType) -> str:
    if machine.accelerator:
        return machine.accelerator
    return "GPUs that are attached" if machine.attaches_gpus else "no accelerator"


def _names(service: Service) -> list[str]:
    return [device.names[service] for device in devices().values() if service in device.names and not device.ended]
