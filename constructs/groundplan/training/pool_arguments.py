"""What a ``TrainingPool`` takes, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from groundplan.core.accelerators import Accelerator, Consumption
from groundplan.core.data_class import DataClass
from groundplan.core.encryption import check_keys, chosen_key
from groundplan.core.governed import ReviewedArgs, check_held
from groundplan.core.references import (
    AccountRef,
    BucketRef,
    KeyRef,
    KeyRingRef,
    NetworkAttachmentRef,
    ReservationRef,
)
from groundplan.core.validation import Checks
from groundplan.training.capacity import CONSUMPTION, Demand, Quota, check_matches, check_reservation
from groundplan.training.machines import Machine
from groundplan.training.persistent_pool import NAME, PersistentPool, ResourcePool

# "Schedule training jobs based on resource availability", Vertex AI documentation, 2026-10.
_QUEUED: Final = frozenset(
    {
        "nvidia-l4",
        "nvidia-tesla-a100",
        "nvidia-a100-80gb",
        "nvidia-h100-80gb",
        "nvidia-h100-mega-80gb",
        "nvidia-h200-141gb",
        "nvidia-b200",
    }
)
_WEEK_HOURS: Final = 168


@dataclass(frozen=True, kw_only=True)
class TrainingPoolArgs(ReviewedArgs):
    """What a ``TrainingPool`` takes."""

    staging: BucketRef
    """The bucket that jobs write to; their account is let read and write it."""
    network_attachment: NetworkAttachmentRef | None = None
    """The jobs' way into the network; required, unless they may stay outside (``public_egress``)."""
    public_egress: bool = False
    """Whether jobs may run without a network: they reach the internet from Google's, and nothing private of yours."""
    machine_type: str = "n2-standard-8"
    """Machine type of a worker."""
    accelerator: str | None = None
    """Accelerator of a worker, as Vertex AI spells it, such as ``NVIDIA_L4``; none where it has no name for a TPU."""
    accelerator_count: int = 1
    """Accelerators of a worker, where one is named."""
    topology: str | None = None
    """Shape of the slice of a TPU, such as ``2x4``."""
    consumption: Consumption | None = None
    """How capacity is had; by default as the tier says for accelerators, and on demand for the rest."""
    reservation: ReservationRef | None = None
    """The reservation that capacity comes from, with ``consumption="reserved"``."""
    quota: Quota | None = None
    """What the project's quota for custom training allows of the accelerator in the region."""
    workers: int = 1
    """Machines of a job: one leads, the others follow."""
    reducers: int = 0
    """Machines of a Reduction Server, which adds up gradients for workers that use NVIDIA's NCCL."""
    boot_disk_gb: int = 100
    """Size of a worker's disk in GB, 100 to 64,000."""
    timeout_hours: int = 24
    """Hours after which a job is ended, 1 to 168."""
    max_wait_hours: int = 24
    """Hours for which a job waits for queued capacity, 1 to 168."""
    account: AccountRef | None = None
    """The service account that jobs act as; by default one of the pool's own, without a role on data."""
    keys: KeyRingRef | None = None
    """Keys for jobs and disks, in the environment's region; required where the tier asks for keys of one's own."""
    key: KeyRef | None = None
    """One key, in place of one of ``keys``."""
    data_class: DataClass = DataClass.CONFIDENTIAL
    """How sensitive the training data is; chooses the key."""
    persistent: PersistentPool | str | None = None
    """Machines that stand ready and bill while idle: a ``PersistentPool`` to make, or the id of one that is there."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        if checks.instance("data_class", self.data_class, DataClass, "a DataClass, such as DataClass.CONFIDENTIAL"):
            check_keys(checks, self.env, self.data_class, self.keys, self.key)
            self._check_staging(checks)
            check_held(checks, self.agreements, self.data_class, self.env.region)
        self.check_review(checks)
        if self.account is not None:
            allowed = "a ServiceIdentity, or ServiceIdentity.from_existing(…)"
            checks.instance("account", self.account, AccountRef, allowed)
        self._check_network(checks)
        checks.within("workers", self.workers, 1, 1000, "machines")
        checks.within("boot_disk_gb", self.boot_disk_gb, 100, 64_000, "GB")
        checks.within("timeout_hours", self.timeout_hours, 1, _WEEK_HOURS, "hours")
        checks.within("max_wait_hours", self.max_wait_hours, 1, _WEEK_HOURS, "hours")
        if self.consumption is None or checks.one_of("consumption", self.consumption, CONSUMPTION):
            self._check_machine(checks)
            self._check_persistent(checks)
            self._check_reducers(checks)

    def _check_staging(self, checks: Checks) -> None:
        if checks.instance("staging", self.staging, BucketRef, "a DataBucket, or DataBucket.from_existing(…)"):
            checks.that(
                self.staging.data_class.rank >= self.data_class.rank,
                "staging",
                "is for less sensitive data than the training data",
                given=self.staging.data_class.value,
                allowed=f"a bucket of class {self.data_class.value} or stricter",
                do="write to another bucket, or say the training data's class",
            )

    def _check_network(self, checks: Checks) -> None:
        if self.network_attachment is None:
            checks.that(
                self.public_egress,
                "network_attachment",
                "is missing, and jobs would run outside every network of yours",
                given="nothing",
                allowed="a NetworkAttachment, or NetworkAttachment.from_existing(…)",
                do="pass the attachment, or say public_egress=True to let jobs reach the internet",
            )
            return
        allowed = "a NetworkAttachment, or NetworkAttachment.from_existing(…)"
        if checks.instance("network_attachment", self.network_attachment, NetworkAttachmentRef, allowed):
            checks.that(
                self.network_attachment.region == self.env.region,
                "network_attachment",
                "is in another region than the jobs",
                given=self.network_attachment.region,
                allowed=self.env.region,
                do="make an attachment in the environment's region",
            )
            checks.that(
                not self.public_egress,
                "public_egress",
                "is said, and the jobs have a network",
                given="True",
                allowed="one of public_egress and network_attachment",
                do="leave one of the two out",
            )

    def _check_machine(self, checks: Checks) -> None:
        if not self.machine.check(checks, "", self.env.zones, "vertex"):
            return
        self._check_tpu(checks)
        Demand(
            env=self.env,
            accelerator=self.device,
            count=self.most_accelerators,
            consumption=self.chosen_consumption,
            quota=self.quota,
        ).check(checks)
        check_reservation(checks, "", self.chosen_consumption, self.reservation)
        if isinstance(self.reservation, ReservationRef):
            zones = self.env.zones
            check_matches(checks, "", self.reservation, self.machine_type, zones, self.workers)
        queued = self.device is not None and self.device.name in _QUEUED
        checks.that(
            self.chosen_consumption != "flex_start" or queued,
            "consumption",
            "is a queue that Vertex AI does not have for this machine",
            given=f"flex_start on {self.machine_type}",
            allowed=", ".join(sorted(_QUEUED)),
            do="choose one of these accelerators, or another consumption",
        )

    def _check_tpu(self, checks: Checks) -> None:
        checks.that(
            self.device is None or self.device.kind != "tpu" or self.workers == 1,
            "workers",
            "are counted for a TPU, whose topology says how many hosts there are",
            given=self.workers,
            allowed="1",
            do="leave workers out, and choose the topology",
        )

    def _check_reducers(self, checks: Checks) -> None:
        if not checks.within("reducers", self.reducers, 0, 100, "machines") or self.reducers == 0:
            return
        for holds, fault, allowed in (
            (self.device is not None and self.device.kind == "gpu", "have no GPUs to serve", "workers with GPUs"),
            (
                isinstance(self.workers, int) and self.workers > 1,
                "have one worker, with nothing to add up",
                "2 workers",
            ),
            (
                self.chosen_consumption != "flex_start",
                "are machines of another kind, and queued jobs take one kind only",
                "a consumption other than flex_start",
            ),
            (self.persistent is None, "are machines that the persistent resource does not have", "no persistent"),
        ):
            checks.that(
                holds, "reducers", fault, given=self.reducers, allowed=allowed, do="leave reducers out, or change that"
            )

    def _check_persistent(self, checks: Checks) -> None:
        if self.persistent is None:
            return
        if isinstance(self.persistent, PersistentPool):
            self.persistent.check(checks, "persistent", self.env.zones)
            self._check_pools(checks, self.persistent.pools)
        else:
            words = "a PersistentPool, or the id of a persistent resource"
            checks.matches("persistent", self.persistent, NAME, words, "give the id alone, without projects/…")
        checks.that(
            self.chosen_consumption == "on_demand",
            "consumption",
            "does not go with a persistent resource, whose machines Google has on demand only",
            given=self.chosen_consumption,
            allowed="on_demand",
            do="leave the consumption out, or the persistent resource",
        )
        checks.that(
            self.topology is None,
            "persistent",
            "does not go with TPUs, whose topology a persistent resource cannot say",
            given=self.topology,
            allowed="machines without TPUs",
            do="leave the persistent resource out, or make a TpuSlice",
        )

    def _check_pools(self, checks: Checks, pools: tuple[ResourcePool, ...]) -> None:
        if not all(isinstance(pool, ResourcePool) for pool in pools):
            return
        own = (self.machine_type, self.accelerator)
        checks.that(
            not pools or own in [(pool.machine_type, pool.accelerator) for pool in pools],
            "persistent.pools",
            "have no machine of a job's kind",
            given=", ".join(pool.machine_type for pool in pools),
            allowed=f"a pool of {self.machine_type} with {self.accelerator or 'no accelerator'}",
            do="add such a pool, or change the job's machine",
        )
        for index, pool in enumerate(pools):
            Demand(
                env=self.env,
                accelerator=pool.device,
                count=pool.accelerators,
                consumption="on_demand",
                quota=self.quota,
            ).check(checks, f"persistent.pools[{index}].")

    @property
    def machine(self) -> Machine:
        """A worker."""
        return Machine(
            type=self.machine_type,
            accelerator=self.accelerator,
            count=self.accelerator_count,
            topology=self.topology,
            consumption=self.chosen_consumption,
        )

    @property
    def device(self) -> Accelerator | None:
        """The accelerator, named or carried by the machine type."""
        return Machine(
            type=self.machine_type, accelerator=self.accelerator, count=0, topology=None, consumption="on_demand"
        ).device

    @property
    def most_accelerators(self) -> int:
        """Accelerators of one job, all workers together."""
        if self.device is None:
            return 0
        if self.topology is not None:
            return self.device.chips(self.topology) or 0
        return self.workers * self.accelerator_count

    @property
    def chosen_consumption(self) -> Consumption:
        """How capacity is had, given or by default."""
        if self.consumption is not None:
            return self.consumption
        if self.device is None or self.persistent is not None:
            return "on_demand"
        default = self.env.defaults.accelerator_consumption
        return next(way for way in CONSUMPTION if way == default)

    @property
    def chosen_key(self) -> KeyRef | None:
        """The key of jobs and their disks, or None where Google manages it."""
        return chosen_key(self.data_class, self.keys, self.key)
