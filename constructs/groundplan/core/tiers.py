"""Tiers: how strict an environment is, as one table with one look-up."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Final, TypeGuard

from groundplan.core import tables
from groundplan.core.accelerators.devices import devices
from groundplan.core.errors import LookupFailure
from groundplan.core.validation import Checks


def _setting(stricter: str) -> Any:  # noqa: ANN401 - a field stands for a value of any type, as dataclasses have it
    """Declare a setting and which way is stricter: ``true``, ``false``, ``higher``, ``lower`` or ``neither``."""
    return field(metadata={"stricter": stricter})


@dataclass(frozen=True, kw_only=True)
class TierDefaults:
    """What a tier decides where a construct's own arguments say nothing."""

    nat: bool = _setting("false")
    """Cloud NAT gives the network a way out to the listed destinations."""
    nat_logging: bool = _setting("true")
    """Cloud NAT logs each translation."""
    secure_web_proxy: bool = _setting("true")
    """The way out is a Secure Web Proxy with a list of allowed domains."""
    google_apis_endpoint: bool = _setting("true")
    """Google's APIs are reached by a Private Service Connect endpoint inside the network."""
    flow_log_sampling: float = _setting("higher")
    """Share of flows that subnetworks log, 0 to 1."""
    customer_managed_keys: bool = _setting("true")
    """Data at rest is encrypted with keys of the environment's own key ring."""
    key_protection: str = _setting("neither")
    """Where key material lives: SOFTWARE or HSM."""
    key_rotation_days: int = _setting("lower")
    """Days after which a key gets a new version."""
    key_destroy_days: int = _setting("higher")
    """Days between the order to destroy a key version and its destruction."""
    key_per_data_class: bool = _setting("true")
    """Each data class has a key of its own."""
    notebook_idle_minutes: int = _setting("lower")
    """Minutes without activity after which a notebook stops."""
    notebook_confidential: bool = _setting("true")
    """Notebooks run on Confidential VMs."""
    notebook_downloads: bool = _setting("false")
    """Files can be downloaded from a notebook to the browser."""
    notebook_terminal: bool = _setting("false")
    """Notebooks offer a terminal."""
    branch_approvals: int = _setting("higher")
    """Approvals that a pull request into a repository's main branch needs, where Google keeps the repository."""
    endpoint_secure_only: bool = _setting("true")
    """Endpoints are reached over Private Service Connect with IAM, and in no other way."""
    endpoint_min_replicas: int = _setting("higher")
    """Fewest replicas of what is deployed on an endpoint."""
    endpoint_request_log: bool = _setting("true")
    """Endpoints log requests and responses."""
    ml_jobs_role_of_own: bool = _setting("true")
    """Training jobs and pipelines are run with a role of the project's own, which deploys nothing to endpoints."""
    builds_private: bool = _setting("true")
    """Builds run in a private pool, on the environment's network."""
    deploy_approval: bool = _setting("true")
    """What is deployed or applied waits for an approval by somebody who does not build."""
    signed_images: bool = _setting("true")
    """Images are signed when they are built, and what is not signed is not deployed."""
    data_access_logs: bool = _setting("true")
    """Reads and writes of data are audited."""
    log_retention_days: int = _setting("higher")
    """Days that the log archive keeps entries."""
    log_locked: bool = _setting("true")
    """The log archive's retention cannot be shortened, by anybody."""
    log_separate_project: bool = _setting("true")
    """Logs must go to a project of their own."""
    security_feeds: bool = _setting("true")
    """Changes of what there is and findings of Security Command Center are sent to topics, and findings alert."""
    allow_listed_services: bool = _setting("true")
    """Where organisation policies are set, projects can use only the services that are enabled for them by name."""
    budget_thresholds: tuple[float, ...] = _setting("neither")
    """Shares of the budget at which an alert goes out."""
    soft_delete_days: int = _setting("higher")
    """Days for which a deleted object can be restored."""
    bucket_network_filter: bool = _setting("true")
    """Buckets of restricted classes accept requests from the environment's network only."""
    discovery_refresh: bool = _setting("true")
    """What has changed is looked through for sensitive data again, every month."""
    deletion_protection: bool = _setting("true")
    """What holds data refuses to be deleted until the protection is taken off."""
    accelerator_consumption: str = _setting("neither")
    """How training has its accelerators unless it says otherwise: on_demand, spot, flex_start or reserved."""
    accelerator_types: tuple[str, ...] = _setting("neither")
    """The accelerators that training may have, by their own names; empty allows all."""
    accelerator_cap: int = _setting("neither")
    """Most accelerators that one training pool, node pool, slice or reservation may come to."""
    accelerator_quota_guard: bool = _setting("true")
    """Training that takes accelerators without a reservation says what the project's quota allows, and stays below."""
    tpu_queued_resources: bool = _setting("false")
    """TPUs may be asked for as queued resources, which run as the project's default account."""
    node_confidential: bool = _setting("true")
    """Cluster nodes are Confidential VMs; those with accelerators only where the data is restricted."""
    node_traffic_encryption: bool = _setting("true")
    """Traffic between the nodes of a cluster is encrypted."""


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """One setting in which a tier differs from the one that it extends."""

    setting: str
    """Name of the setting in ``TierDefaults``."""
    base: object
    """The value in the tier that is extended."""
    value: object
    """The value in this tier."""
    loosens: bool
    """Whether the change makes the tier less strict, or cannot be ranked; such a change is for a reviewer."""


@dataclass(frozen=True, kw_only=True)
class Tier:
    """A named set of defaults: one of the three that ship, or one that extends them."""

    name: str
    """The tier's own name, lower-case; it becomes a label value."""
    base: str
    """The shipped tier that it is or comes from: learner, team or regulated."""
    defaults: TierDefaults
    """The values, all resolved."""
    deviations: tuple[Deviation, ...] = ()
    """What differs from the shipped tier that it extends."""

    LEARNER: ClassVar[Tier]
    TEAM: ClassVar[Tier]
    REGULATED: ClassVar[Tier]

    @classmethod
    def named(cls, name: str) -> Tier:
        """Return a shipped tier; an unknown name raises ``LookupFailure``."""
        if name not in tables.load("tiers")["tiers"]:
            raise LookupFailure("tier", name, SHIPPED, "name a shipped tier, or define your own with `extends:`")
        return cls(name=name, base=name, defaults=_shipped(name))

    @classmethod
    def extending(cls, base: str, *, name: str, settings: Mapping[str, object]) -> Tier:
        """Return a tier of one's own: a shipped one with some settings changed.

        Every difference is listed in ``deviations``. An unknown setting or a value of the wrong type raises
        ``ArgumentError``, all of them at once.
        """
        start = cls.named(base).defaults
        checks = Checks(f'Tier "{name}"')
        checks.matches("name", name, r"[a-z][a-z0-9-]{0,62}", "lower-case letters, digits and hyphens", "rename it")
        known = {f.name: f for f in fields(TierDefaults)}
        changed: dict[str, object] = {}
        for key, value in settings.items():
            if checks.one_of(f"settings[{key!r}]", key, known):
                changed[key] = _typed(checks, key, value, getattr(start, key))
        checks.finish()
        deviations = tuple(
            Deviation(
                setting=key,
                base=getattr(start, key),
                value=value,
                loosens=not _is_stricter(str(known[key].metadata["stricter"]), getattr(start, key), value),
            )
            for key, value in sorted(changed.items())
            if value != getattr(start, key)
        )
        return cls(name=name, base=base, defaults=TierDefaults(**{**_as_dict(start), **changed}), deviations=deviations)


SHIPPED: Final = ("learner", "team", "regulated")
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "key_protection": ("SOFTWARE", "HSM"),
    "accelerator_consumption": ("on_demand", "spot", "flex_start", "reserved"),
}
_OVERRUN: Final = 2  # a budget may be overrun twofold before its last alert


@functools.cache
def _shipped(name: str) -> TierDefaults:
    rows = tables.load("tiers")["tiers"]
    merged: dict[str, Any] = {}
    chain = [name]
    while "extends" in rows[chain[-1]]:
        chain.append(rows[chain[-1]]["extends"])
    for row in reversed(chain):
        merged.update({key: value for key, value in rows[row].items() if key != "extends"})
    for setting in ("accelerator_types", "budget_thresholds"):
        merged[setting] = tuple(merged[setting])
    return TierDefaults(**merged)


def _as_dict(defaults: TierDefaults) -> dict[str, Any]:
    return {f.name: getattr(defaults, f.name) for f in fields(defaults)}


def _typed(checks: Checks, key: str, value: object, like: object) -> object:
    """Return the value as the setting's type has it, or record that it is of another type."""
    if key == "accelerator_types":
        good = isinstance(value, list | tuple) and all(isinstance(v, str) and v in devices() for v in value)
        allowed = f"a list, empty for all, of {', '.join(sorted(devices()))}"
    elif isinstance(like, tuple):
        good = isinstance(value, list | tuple) and all(_number(v) and 0 < v <= _OVERRUN for v in value)
        allowed = f"a list of shares, each above 0 and at most {_OVERRUN}, such as [0.5, 1.0]"
    elif isinstance(like, float):
        good, allowed = _number(value) and 0 <= value <= 1, "a share from 0 to 1"
    elif isinstance(like, bool):
        good, allowed = isinstance(value, bool), "true or false"
    elif isinstance(like, int):
        good, allowed = type(value) is int and value >= 1, "a whole number of at least 1"
    else:
        good, allowed = value in _CHOICES[key], " or ".join(_CHOICES[key])
    checks.that(
        good,
        f"settings[{key!r}]",
        "is no value that the setting can have",
        given=value,
        allowed=allowed,
        do="change the value or leave the setting out",
    )
    if not good:
        return like
    if isinstance(value, list):
        return tuple(value)
    return float(value) if isinstance(like, float) and _number(value) else value


def _number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_stricter(direction: str, base: object, value: object) -> bool:
    """Return whether the change is one that the setting's own direction ranks as stricter."""
    if direction in {"true", "false"}:
        return bool(value) is (direction == "true")
    if isinstance(base, int | float) and isinstance(value, int | float):
        return value > base if direction == "higher" else value < base
    return (base, value) == ("SOFTWARE", "HSM")


Tier.LEARNER, Tier.TEAM, Tier.REGULATED = (Tier.named(name) for name in SHIPPED)
