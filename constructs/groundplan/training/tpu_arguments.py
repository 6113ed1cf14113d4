"""What a ``TpuSlice`` takes, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from groundplan.core.accelerators import Accelerator, Consumption, accelerator, check_slice
from groundplan.core.component import Args
from groundplan.core.data_class import DataClass
from groundplan.core.errors import LookupFailure
from groundplan.core.references import AccountRef, NetworkRef
from groundplan.core.validation import Checks
from groundplan.training.capacity import Demand, Quota

_WAYS: Final[tuple[Consumption, ...]] = ("on_demand", "reserved", "spot")


@dataclass(frozen=True, kw_only=True)
class TpuSliceArgs(Args):
    """What a ``TpuSlice`` takes."""

    network: NetworkRef
    """The network that its machines join, ours or one that was there before."""
    accelerator: str
    """Type of TPU, as the Cloud TPU API spells it, such as ``V5LITE_POD`` or ``V6E``."""
    topology: str
    """Shape of the slice, such as ``2x2``."""
    zone: str | None = None
    """Zone of the slice; by default the environment's first."""
    runtime_version: str | None = None
    """Software that the machines start from; by default Google's own for the type of TPU."""
    consumption: Consumption | None = None
    """How capacity is had: on_demand, spot or reserved; by default as the tier says."""
    quota: Quota | None = None
    """What the project's quota of Cloud TPU allows in the region, in chips."""
    account: AccountRef | None = None
    """The service account that the machines act as; by default one of the slice's own, without a role on data."""
    data_class: DataClass = DataClass.CONFIDENTIAL
    """How sensitive the data on the machines is. Their disks cannot be encrypted with a key of one's own."""
    queued: bool = False
    """Whether Google queues the request until there is capacity. A queued resource can name neither an account nor
    spot or reserved capacity: its machines act as the project's default account."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        checks.instance("network", self.network, NetworkRef, "a Network, or Network.from_existing(…)")
        if self.account is not None:
            allowed = "a ServiceIdentity, or ServiceIdentity.from_existing(…)"
            checks.instance("account", self.account, AccountRef, allowed)
        self._check_data(checks)
        if self.runtime_version is not None:
            words = "a version such as v2-alpha-tpuv5-lite"
            checks.matches("runtime_version", self.runtime_version, "[a-z0-9][a-z0-9.-]{2,62}", words, "correct it")
        self._check_queued(checks)
        good = self.consumption is None or checks.one_of("consumption", self.consumption, _WAYS)
        if checks.one_of("zone", self.chosen_zone, self.env.zones) and good:
            self._check_slice(checks)

    def _check_data(self, checks: Checks) -> None:
        if checks.instance("data_class", self.data_class, DataClass, "a DataClass, such as DataClass.CONFIDENTIAL"):
            checks.that(
                not (self.env.defaults.customer_managed_keys and self.data_class.is_restricted),
                "data_class",
                f"needs a key of one's own in tier {self.env.tier.name}, and a TPU's disks have none",
                given=self.data_class.value,
                allowed="a class that is not restricted",
                do="keep such data in buckets and stream it, or train in a TrainingCluster, whose disks have keys",
            )

    def _check_queued(self, checks: Checks) -> None:
        if not self.queued:
            return
        for field, holds, fault, given in (
            (
                "queued",
                self.env.defaults.tpu_queued_resources,
                f"acts as the project's default account, which tier {self.env.tier.name} refuses",
                "True",
            ),
            ("consumption", self.consumption in {None, "on_demand"}, "cannot be queued", str(self.consumption)),
            ("account", self.account is None, "cannot be given to what is queued", "an account"),
        ):
            checks.that(
                holds,
                field,
                fault,
                given=given,
                allowed="a slice that is not queued",
                do="leave queued out, and choose spot or reserved capacity",
            )

    def _check_slice(self, checks: Checks) -> None:
        problem = check_slice(
            accelerator=str(self.accelerator),
            topology=str(self.topology),
            zone=self.chosen_zone,
            consumption=self.chosen_consumption,
        )
        if problem is not None:
            checks.problems.append(problem)
            return
        wanted = self.device.names["tpu"] if self.device else ""
        checks.that(
            self.accelerator == wanted,
            "accelerator",
            "is spelt as another service spells it",
            given=self.accelerator,
            allowed=wanted,
            do=f"write {wanted}",
        )
        self.demand.check(checks)

    @property
    def chosen_zone(self) -> str:
        """The zone, given or by default."""
        return self.zone or self.env.zone

    @property
    def chosen_consumption(self) -> Consumption:
        """How capacity is had, given or by default."""
        if self.consumption is not None or self.queued:
            return self.consumption or "on_demand"
        return next(way for way in _WAYS if way == self.env.defaults.accelerator_consumption)

    @property
    def device(self) -> Accelerator | None:
        """The type of TPU; None where it is unknown."""
        try:
            return accelerator(self.accelerator)
        except LookupFailure:
            return None

    @property
    def demand(self) -> Demand:
        """The chips of the slice."""
        return Demand(
            env=self.env,
            accelerator=self.device,
            count=(self.device.chips(self.topology) or 0) if self.device else 0,
            consumption=self.chosen_consumption,
            quota=self.quota,
        )
