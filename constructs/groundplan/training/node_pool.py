"""Nodes of a cluster that are alike: which machines, how many, how they are had, how their accelerators are shared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from groundplan.core.accelerators import Accelerator, Consumption, check_combination, machine_type
from groundplan.core.data_class import DataClass
from groundplan.core.environment import Environment
from groundplan.core.references import AccountRef, ReservationRef
from groundplan.core.validation import Checks
from groundplan.training.capacity import CONSUMPTION, Demand, Quota, check_matches, check_reservation
from groundplan.training.machines import Machine

_NAME: Final = "[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_LONGEST_NAME: Final = 20
_MOST_NODES: Final = 1000
_PARTS: Final = 7  # compute slices of a GPU that can be divided


@dataclass(frozen=True, kw_only=True)
class NodePool:
    """A node pool of a ``TrainingCluster``: from none to ``max_nodes`` machines, as jobs ask for them."""

    name: str
    """Short name, 1 to 20 characters; names the pool and its queue's flavour."""
    machine_type: str
    """Compute Engine machine type."""
    accelerator: str | None = None
    """GPU type, as Kubernetes Engine spells it, such as ``nvidia-l4``; a TPU comes with its machine type."""
    accelerator_count: int = 1
    """GPUs of a node, where one is named."""
    topology: str | None = None
    """Shape of the slice that TPU nodes form, such as ``2x4``; one of several hosts is a pool of its own."""
    max_nodes: int | None = None
    """Most nodes, in all zones together; by default one, or as many as the TPU slice has hosts."""
    min_nodes: int = 0
    """Nodes that stay when idle, and bill."""
    zones: tuple[str, ...] = ()
    """Zones of the nodes; by default those of the environment that have such machines."""
    consumption: Consumption | None = None
    """How capacity is had; by default as the tier says for accelerators, and on demand for the rest."""
    reservation: ReservationRef | None = None
    """The reservation that capacity comes from, with ``consumption="reserved"``."""
    queued: bool = False
    """Whether all nodes of a job are had at once or not at all (queued provisioning), with ``flex_start``."""
    max_run_hours: int = 168
    """Hours after which a node that was had by ``flex_start`` ends, 1 to 168."""
    quota: Quota | None = None
    """What the project's quota of Compute Engine allows of the accelerator in the region."""
    partition: str | None = None
    """Size of the parts into which each GPU is divided (multi-instance GPU), such as ``1g.10gb``."""
    shared_clients: int | None = None
    """Containers that take turns on one GPU, or on one part of it, 2 to 48. They are not kept from one another's
    memory; refused for restricted data."""
    compact: bool = False
    """Whether nodes stand close together, for jobs whose nodes talk much; then they are in one zone."""
    confidential: bool | None = None
    """Whether nodes are Confidential VMs; by default as the tier says, and those with accelerators only where the data
    is restricted, as few of them can. False lets whoever controls the host read the data in memory."""
    boot_disk_gb: int = 100
    """Size of a node's disk in GB, 10 to 64,000."""
    account: AccountRef | None = None
    """The service account that nodes act as; by default one of the pool's own. Jobs have accounts of their own."""

    def check(self, checks: Checks, prefix: str, env: Environment, data_class: DataClass) -> None:
        """Record what is wrong with the fields; ``prefix`` is their place, such as ``node_pools[0].``."""
        words = f"1 to {_LONGEST_NAME} lower-case letters, digits and hyphens"
        checks.matches(f"{prefix}name", self.name, rf"(?=.{{1,{_LONGEST_NAME}}}$){_NAME}", words, "shorten the name")
        checks.within(f"{prefix}boot_disk_gb", self.boot_disk_gb, 10, 64_000, "GB")
        checks.within(f"{prefix}max_run_hours", self.max_run_hours, 1, 168, "hours")
        checks.within(f"{prefix}min_nodes", self.min_nodes, 0, _MOST_NODES, "nodes")
        if self.account is not None:
            allowed = "a ServiceIdentity, or ServiceIdentity.from_existing(…)"
            checks.instance(f"{prefix}account", self.account, AccountRef, allowed)
        good = [checks.one_of(f"{prefix}zones[{index}]", zone, env.zones) for index, zone in enumerate(self.zones)]
        if self.consumption is not None:
            good.append(checks.one_of(f"{prefix}consumption", self.consumption, CONSUMPTION))
        if self.max_nodes is not None:
            good.append(checks.within(f"{prefix}max_nodes", self.max_nodes, 1, _MOST_NODES, "nodes"))
        if all(good) and self.machine(env).check(checks, prefix, self.zones or env.zones, "gke"):
            self._check_size(checks, prefix, env)
            self._check_capacity(checks, prefix, env)
            self._check_sharing(checks, prefix, data_class)
            self._check_confidential(checks, prefix, env, data_class)

    def _check_size(self, checks: Checks, prefix: str, env: Environment) -> None:
        checks.that(
            self.hosts == 1 or self.max_nodes in {None, self.hosts},
            f"{prefix}max_nodes",
            "is not the number of hosts of the slice, and a pool is one slice",
            given=self.max_nodes,
            allowed=str(self.hosts),
            do="leave max_nodes out, and make a pool for each slice",
        )
        checks.that(
            self.min_nodes == 0 or (self.hosts == 1 and self.min_nodes <= self.most_nodes),
            f"{prefix}min_nodes",
            "does not go with the most nodes"
            if self.hosts == 1
            else "splits a slice, which is had whole or not at all",
            given=self.min_nodes,
            allowed="0" if self.hosts > 1 else f"0 to {self.most_nodes}",
            do="lower min_nodes",
        )
        checks.that(
            not self.zones or len(self.zones) == 1 or not self._is_close,
            f"{prefix}zones",
            "are several, and the nodes stand close together in one",
            given=", ".join(self.zones),
            allowed="one zone",
            do="name one zone",
        )
        checks.that(
            set(self.zones) <= set(self.possible_zones(env)),
            f"{prefix}zones",
            "are not all zones with such machines",
            given=", ".join(self.zones),
            allowed=", ".join(self.possible_zones(env)),
            do="leave the others out",
        )

    def _check_capacity(self, checks: Checks, prefix: str, env: Environment) -> None:
        way = self.chosen_consumption(env)
        check_reservation(checks, prefix, way, self.reservation)
        if isinstance(self.reservation, ReservationRef):
            zones = self.zones or env.zones
            check_matches(checks, prefix, self.reservation, self.machine_type, zones, self.most_nodes)
        self.demand(env).check(checks, prefix)
        for field, holds, fault, allowed in (
            ("queued", not self.queued or way == "flex_start", "is said for capacity that is not queued", "flex_start"),
            (
                "min_nodes",
                way != "flex_start" or self.min_nodes == 0,
                "keeps nodes that flex_start gives for a job only",
                "0",
            ),
            (
                "consumption",
                way != "flex_start" or self.device is not None,
                "is a queue for accelerators, and the machine has none",
                "on_demand, reserved, spot",
            ),
        ):
            checks.that(
                holds,
                f"{prefix}{field}",
                fault,
                given=getattr(self, field),
                allowed=allowed,
                do="change one of the two",
            )

    def _check_sharing(self, checks: Checks, prefix: str, data_class: DataClass) -> None:
        device = self.device
        parts = device.partitions if device else ()
        if self.partition is not None:
            checks.that(
                self.partition in parts,
                f"{prefix}partition",
                f"is no part of {device.name if device else 'a machine without GPUs'}",
                given=self.partition,
                allowed=", ".join(parts) or "nothing: it cannot be divided",
                do="choose one of these" if parts else "leave the partition out",
            )
        if self.shared_clients is None:
            return
        checks.within(f"{prefix}shared_clients", self.shared_clients, 2, 48, "containers")
        checks.that(
            device is not None and device.kind == "gpu",
            f"{prefix}shared_clients",
            "share a GPU, and there is none",
            given=self.shared_clients,
            allowed="nothing",
            do="leave it out",
        )
        checks.that(
            not data_class.is_restricted,
            f"{prefix}shared_clients",
            "see one another's memory on the GPU, which restricted data does not allow",
            given=f"{self.shared_clients} with {data_class.value} data",
            allowed="a GPU for each container, or a part of one (partition)",
            do="leave it out, or divide the GPU",
        )

    def _check_confidential(self, checks: Checks, prefix: str, env: Environment, data_class: DataClass) -> None:
        types = machine_type(self.machine_type).confidential_types
        example = "n2d-standard-8" if self.device is None else "a3-highgpu-1g, with one H100"
        checks.that(
            types or not self.is_confidential(env, data_class),
            f"{prefix}machine_type",
            "cannot be a Confidential VM",
            given=f"{self.machine_type} for {data_class.value} data",
            allowed=f"a machine type that can, such as {example}",
            do="choose another, or say confidential=False and keep restricted data off it",
        )

    def machine(self, env: Environment) -> Machine:
        """Return a node."""
        return Machine(
            type=self.machine_type,
            accelerator=self.accelerator,
            count=self.accelerator_count,
            topology=self.topology,
            consumption=self.chosen_consumption(env),
        )

    def demand(self, env: Environment) -> Demand:
        """Return the accelerators of all nodes together."""
        return Demand(
            env=env,
            accelerator=self.device,
            count=self.most_nodes * self.machine(env).accelerators,
            consumption=self.chosen_consumption(env),
            quota=self.quota,
        )

    def possible_zones(self, env: Environment) -> tuple[str, ...]:
        """Return the zones of the environment that have such machines, the reservation's alone where there is one."""
        if isinstance(self.reservation, ReservationRef):
            return (self.reservation.zone,)
        count = self.accelerator_count if self.accelerator else 0
        return tuple(
            zone
            for zone in env.zones
            if check_combination(
                machine_type=self.machine_type, accelerator=self.accelerator, count=count, zone=zone, service="gke"
            )
            is None
        )

    def chosen_zones(self, env: Environment) -> Sequence[str]:
        """Return the zones, given or by default those known to have such machines; one for nodes close together."""
        possible = self.possible_zones(env)
        zones = self.zones or tuple(zone for zone in possible if self.machine(env).is_in(zone)) or possible
        return zones[:1] if self._is_close else zones

    def chosen_consumption(self, env: Environment) -> Consumption:
        """Return how capacity is had, given or by default."""
        if self.consumption is not None:
            return self.consumption
        if self.device is None:
            return "on_demand"
        return next(way for way in CONSUMPTION if way == env.defaults.accelerator_consumption)

    def is_confidential(self, env: Environment, data_class: DataClass) -> bool:
        """Return whether nodes are Confidential VMs."""
        if self.confidential is not None:
            return self.confidential
        return env.defaults.node_confidential and (self.device is None or data_class.is_restricted)

    @property
    def device(self) -> Accelerator | None:
        """The accelerator of a node; None where there is none, or it is unknown."""
        return Machine(
            type=self.machine_type, accelerator=self.accelerator, count=0, topology=None, consumption="on_demand"
        ).device

    @property
    def hosts(self) -> int:
        """Nodes that form one slice of TPUs; 1 for everything else."""
        device = self.device
        if device is None or self.topology is None:
            return 1
        each = machine_type(self.machine_type).accelerator_count or 1
        return max(1, (device.chips(self.topology) or 0) // each)

    @property
    def most_nodes(self) -> int:
        """Most nodes, given or by default."""
        return self.max_nodes or self.hosts

    @property
    def _is_close(self) -> bool:
        return self.compact or self.hosts > 1

    @property
    def resource(self) -> str | None:
        """What Kubernetes calls the accelerators; None where there are none."""
        if self.device is None:
            return None
        return "google.com/tpu" if self.device.kind == "tpu" else "nvidia.com/gpu"

    def schedulable(self, env: Environment) -> int:
        """Return how many accelerators, or parts of them, Kubernetes can give to containers, all nodes together."""
        parts = _parts(self.device, self.partition) if self.device and self.partition else 1
        return self.demand(env).count * parts * (self.shared_clients or 1)


def _parts(device: Accelerator, partition: str) -> int:
    """Return into how many parts of a size a GPU is divided: by compute slices and by memory, whichever is fewer."""
    sizes = re.fullmatch(r"([1-7])g\.([0-9]+)gb", partition)
    if sizes is None:
        return 1
    return min(_PARTS // int(sizes[1]), round(device.memory_gb / int(sizes[2])))
