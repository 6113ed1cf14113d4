"""The perimeters of a cloud, asked of a call."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from mockcloud.cloud.perimeters.crossing import Config, Crossing, entry_refused, exit_refused, unreachable
from mockcloud.cloud.perimeters.levels import API
from mockcloud.cloud.projects import API as RESOURCE_MANAGER
from mockcloud.cloud.store import Record

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud


class Refusal(NamedTuple):
    """Why a perimeter refuses a call.

    Attributes:
        perimeter: Its full name.
        reason: Google's word for why.
    """

    perimeter: str
    reason: str


def enforced(record: Record) -> Config:
    """Give the configuration that is enforced."""
    found: Config = record.body.get("status", {})
    return found


def dry_run(record: Record) -> Config:
    """Give the configuration that a dry run asks: that of its own, else the enforced one."""
    found: Config = record.body.get("spec", {}) if record.body.get("useExplicitDryRunSpec") else enforced(record)
    return found


class _Known(NamedTuple):
    """The perimeters in one state.

    Attributes:
        state: What they depend on.
        records: The perimeters.
        inside: All that is in one, projects by id.
    """

    state: tuple[int, int]
    records: list[Record]
    inside: frozenset[str]


_known: "WeakKeyDictionary[Cloud, _Known]" = WeakKeyDictionary()


def _read(cloud: "Cloud") -> _Known:
    """Read the perimeters and all that is in one, once for each state that they are in."""
    state = (cloud.store.state(API), cloud.store.state(RESOURCE_MANAGER))
    known = _known.get(cloud)
    if known is None or known.state != state:
        records = _all(cloud)
        named = {each for record in records for get in (enforced, dry_run) for each in get(record).get("resources", ())}
        known = _Known(state, records, frozenset(_by_id(cloud, each) for each in named))
        _known[cloud] = known
    return known


def _by_id(cloud: "Cloud", resource: str) -> str:
    kind, _, number = resource.partition("/")
    return f"projects/{cloud.projects.id_of(number)}" if kind == "projects" else resource


def all_of(cloud: "Cloud") -> list[Record]:
    """Give every perimeter."""
    return _read(cloud).records


def concern(cloud: "Cloud", resources: Iterable[str]) -> bool:
    """Whether any of these is in a perimeter, enforced or tried: projects by id, networks."""
    inside = _read(cloud).inside
    return any(each in inside for each in resources)


def _all(cloud: "Cloud") -> list[Record]:
    return [
        record
        for policy in cloud.store.page(API, "accessPolicies")
        for record in cloud.store.page(API, f"{policy.name}/servicePerimeters")
    ]


def refused(crossing: Crossing, config_of: Callable[[Record], Config]) -> Refusal | None:
    """Say which perimeter refuses a call, and why; None where none does.

    Args:
        crossing: The call.
        config_of: Gives a perimeter's configuration: `enforced` or `dry_run`.
    """
    perimeters = all_of(crossing.cloud)
    bridged = any(
        crossing.is_from(config_of(each)) and crossing.is_to(config_of(each)) for each in perimeters if _is_bridge(each)
    )
    return next(_refusals(crossing, [each for each in perimeters if not _is_bridge(each)], config_of, bridged), None)


def _is_bridge(record: Record) -> bool:
    return bool(record.body.get("perimeterType") == "PERIMETER_TYPE_BRIDGE")


def _refusals(
    crossing: Crossing,
    perimeters: list[Record],
    config_of: Callable[[Record], Config],
    bridged: bool,  # noqa: FBT001 - a property of the call
) -> Iterator[Refusal]:
    for record in perimeters:
        config = config_of(record)
        inside, to = crossing.is_from(config), crossing.is_to(config)
        reason = ""
        if inside:
            reason = unreachable(crossing, config)
        if not reason and not bridged and crossing.is_restricted(config):
            if to and not inside:
                reason = entry_refused(crossing, config)
            elif inside and not to:
                reason = exit_refused(crossing, config)
        if reason:
            yield Refusal(record.name, reason)
