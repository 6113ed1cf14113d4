"""How training has its accelerators, and whether it may: the tier's list and cap, quota, a reservation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, get_args

import pulumi
import pulumi_gcp as gcp
from pulumi_gcp.cloudquota.outputs import GetSQuotaInfoDimensionsInfoResult

from groundplan.core import footprint, providers
from groundplan.core.accelerators import Accelerator, Consumption
from groundplan.core.environment import Environment, Project
from groundplan.core.references import ReservationRef
from groundplan.core.validation import Checks, checked

CONSUMPTION: Final[tuple[Consumption, ...]] = get_args(Consumption)
_UNLIMITED: Final = -1
_QUOTA_ID: Final = "[A-Za-z0-9-]{1,128}"


@dataclass(frozen=True, kw_only=True)
class Quota:
    """What the project's quota allows of one accelerator in one region: a number, or where to look it up."""

    limit: int | None = None
    """Accelerators that may be in use at once, as the console's quota page shows it."""
    quota_id: str | None = None
    """Id of the quota in the Cloud Quotas API, which is then asked on every preview and update."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the fields."""
        given = [name for name in ("limit", "quota_id") if getattr(self, name) is not None]
        checks.that(
            len(given) == 1,
            field,
            "says either too little or two things",
            given=" and ".join(given) or "nothing",
            allowed="one of limit and quota_id",
            do="give the number, or the id of the quota where it can be looked up",
        )
        if self.limit is not None:
            checks.within(f"{field}.limit", self.limit, 0, 1_000_000, "accelerators")
        if self.quota_id is not None:
            checks.matches(
                f"{field}.quota_id",
                self.quota_id,
                _QUOTA_ID,
                "a quota's id, letters, digits and hyphens",
                "list them with `gcloud beta quotas info list`",
            )


@dataclass(frozen=True, kw_only=True)
class Demand:
    """Accelerators that something may come to take, at most."""

    env: Environment
    """The environment whose tier has a say."""
    accelerator: Accelerator | None
    """What they are; None where there are none."""
    count: int
    """How many, all machines together."""
    consumption: Consumption
    """How they are had."""
    quota: Quota | None = None
    """What the project's quota allows."""

    def check(self, checks: Checks, prefix: str = "") -> None:
        """Record why the tier or the quota does not allow it; ``prefix`` is the place of the fields."""
        if self.quota is not None:
            self.quota.check(checks, f"{prefix}quota")
        if self.accelerator is None:
            return
        allowed = self.env.defaults.accelerator_types
        checks.that(
            not allowed or self.accelerator.name in allowed,
            f"{prefix}accelerator",
            f"is not on the list of tier {self.env.tier.name}",
            given=self.accelerator.name,
            allowed=", ".join(allowed),
            do="choose one of these, or extend the tier with other accelerator_types",
        )
        cap = self.env.defaults.accelerator_cap
        checks.that(
            self.count <= cap,
            f"{prefix}accelerator",
            f"comes to more accelerators than tier {self.env.tier.name} has for one",
            given=f"{self.count} of {self.accelerator.name}",
            allowed=f"at most {cap}",
            do="take fewer, or extend the tier with another accelerator_cap",
        )
        self._check_quota(checks, f"{prefix}quota")

    def _check_quota(self, checks: Checks, field: str) -> None:
        if self.quota is None:
            checks.that(
                self.consumption == "reserved" or not self.env.defaults.accelerator_quota_guard,
                field,
                f"is missing, and tier {self.env.tier.name} guards accelerators by the project's quota",
                given="nothing",
                allowed="a Quota",
                do="say Quota(limit=…) as the console shows it, or Quota(quota_id=…) to look it up",
            )
        elif isinstance(self.quota.limit, int):
            self._within(checks, field, self.quota.limit)

    def _within(self, checks: Checks, field: str, limit: int) -> None:
        checks.that(
            limit == _UNLIMITED or self.count <= limit,
            field,
            "does not allow what this may come to take",
            given=f"{self.count} of {self.accelerator.name if self.accelerator else 'nothing'}",
            allowed=f"at most {limit}",
            do="take fewer, or ask Google for more quota first",
        )

    def looked_up(self, project: Project, service: str, where: str) -> pulumi.Output[int] | None:
        """Return the quota that Google states, which fails as soon as it is known to be too small.

        None where nothing is to be looked up. -1 stands for no limit.
        """
        if self.quota is None or self.quota.quota_id is None or self.accelerator is None:
            return None
        footprint.note("gcp:cloudquota/getSQuotaInfo:getSQuotaInfo", project, None)
        infos = gcp.cloudquota.get_s_quota_info_output(
            parent=f"projects/{project.id}",
            service=service,
            quota_id=self.quota.quota_id,
            opts=pulumi.InvokeOutputOptions(provider=providers.provider_for(project)),
        ).dimensions_infos
        limit = infos.apply(lambda known: _limit(known, self.env.region))
        return checked(limit, lambda checks, found: self._within(checks, "quota", found), where)


def _limit(infos: Sequence[GetSQuotaInfoDimensionsInfoResult], region: str) -> int:
    """Return the limit in a region; 0 where Google states none there."""
    # A statement for a region wins over the one for all that are not named.
    here = [info for info in infos if info.dimensions.get("region") == region]
    here += [info for info in infos if region in info.applicable_locations or "global" in info.applicable_locations]
    return int(here[0].details[0].value) if here and here[0].details else 0


def check_reservation(
    checks: Checks, prefix: str, consumption: Consumption, reservation: ReservationRef | None
) -> None:
    """Record where a way to have capacity and a reservation do not go together."""
    if reservation is not None and not checks.instance(
        f"{prefix}reservation",
        reservation,
        ReservationRef,
        "an AcceleratorReservation, or AcceleratorReservation.from_existing(…)",
    ):
        return
    if reservation is None:
        checks.that(
            consumption != "reserved",
            f"{prefix}reservation",
            "is missing, and capacity is to be had from one",
            given="nothing",
            allowed="an AcceleratorReservation, or AcceleratorReservation.from_existing(…)",
            do="pass the reservation, or say another consumption, such as consumption='on_demand'",
        )
    else:
        checks.that(
            consumption == "reserved",
            f"{prefix}reservation",
            "is given, and capacity is not to be had from it",
            given=consumption,
            allowed="consumption='reserved' with a reservation",
            do="leave one of the two out",
        )


def check_matches(
    checks: Checks, prefix: str, reservation: ReservationRef, machine: str, zones: Sequence[str], machines: int
) -> None:
    """Record where machines could not come from a reservation: Compute Engine wants them to match exactly."""
    for field, holds, given, allowed in (
        ("machine_type", reservation.machine_type == machine, machine, reservation.machine_type),
        ("zones", reservation.zone in zones, ", ".join(zones), f"the reservation's zone, {reservation.zone}"),
        ("reservation", machines <= reservation.machines, f"{machines} machines", f"at most {reservation.machines}"),
    ):
        checks.that(
            holds,
            f"{prefix}{field}",
            "does not match the reservation",
            given=given,
            allowed=allowed,
            do="change one of the two",
        )
