"""The policy that is in effect: from the organisation down, as rules are inherited, replaced and reset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from mockcloud.cloud.access import cel
from mockcloud.cloud.access.hierarchy import Place, containers
from mockcloud.cloud.access.tags import EffectiveTags
from mockcloud.cloud.constraints.catalogue import constraints, location_group
from mockcloud.cloud.errors import not_modelled
from mockcloud.cloud.projects import API as RESOURCE_MANAGER

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

API: Final = "orgpolicy"
"""API whose resources the policies are: `projects/acme/policies/gcp.resourceLocations`."""

Rules = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Effective:
    """What a constraint asks in one place.

    Attributes:
        constraint: Its name.
        rules: The rules that count there, those of the place itself last.
    """

    constraint: str
    rules: Rules

    def enforced(self, tags: EffectiveTags) -> bool:
        """Whether it is enforced, for a constraint without values. A rule with a condition that holds comes first."""
        plain = False
        for rule in self.rules:
            if not rule.get("condition"):
                plain = bool(rule.get("enforce"))
        for rule in self.rules:
            if rule.get("condition") and _holds(rule, tags):
                return bool(rule.get("enforce"))
        return plain

    def allows(self, cloud: "Cloud", value: str, tags: EffectiveTags, *, locations: bool = False) -> bool:
        """Whether it allows a value, for a constraint with values.

        Args:
            cloud: The cloud, whose hierarchy `under:` means.
            value: The value.
            tags: Tags of the resource, for conditions.
            locations: Whether the value is a location, of which there are groups.
        """
        allowed: list[str] = []
        everything = False
        for rule in self.rules:
            if rule.get("condition") and not _holds(rule, tags):
                continue
            values = rule.get("values", {})
            if rule.get("denyAll") or any(
                _matches(cloud, each, value, locations=locations) for each in values.get("deniedValues", ())
            ):
                return False
            everything = everything or bool(rule.get("allowAll"))
            allowed += values.get("allowedValues", ())
        if everything or not allowed:
            return True
        return any(_matches(cloud, each, value, locations=locations) for each in allowed)


def _holds(rule: Mapping[str, Any], tags: EffectiveTags) -> bool:
    try:
        return cel.holds(rule["condition"].get("expression", ""), {"resource": {"tags": tags}})
    except cel.Unsupported as error:
        raise not_modelled(error.what) from None


def _matches(cloud: "Cloud", pattern: str, value: str, *, locations: bool) -> bool:
    kind, colon, rest = pattern.partition(":")
    if not colon or kind not in {"in", "is", "under"}:
        return value == pattern
    if kind == "under":
        return _is_under(cloud, rest, value)
    if kind == "in" and locations:
        value = value.lower()
        begins = location_group(rest)
        return any(
            value == each.rstrip("-") or value.startswith(each if each.endswith("-") else f"{each}-") for each in begins
        )
    return value == rest


def _is_under(cloud: "Cloud", container: str, value: str) -> bool:
    """Whether a project, or what lies in one, is in a part of the hierarchy."""
    wanted = container
    kind, _, identifier = container.partition("/")
    if kind == "projects":
        wanted = f"projects/{cloud.projects.id_of(identifier.partition('/')[0])}"
    parts = value.split("/")
    named = (
        f"{parts[0]}/{cloud.projects.id_of(parts[1]) if parts[0] == 'projects' else parts[1]}" if len(parts) > 1 else ""
    )
    return wanted in containers(cloud, named)


def effective(cloud: "Cloud", container: str, constraint: str, *, dry_run: bool = False) -> Effective | None:
    """Give what a constraint asks in a project, folder or organisation; None where no policy says anything.

    Args:
        cloud: The cloud.
        container: `projects/acme`.
        constraint: Its name.
        dry_run: Whether the specification for dry runs counts, where there is one.
    """
    rules: list[Mapping[str, Any]] = []
    known = False
    for each in reversed(list(containers(cloud, container))):
        record = cloud.store.get(API, f"{each}/policies/{constraint}")
        spec = record.body.get("spec") if record is not None else None
        if dry_run and record is not None and "dryRunSpec" in record.body:
            spec = record.body["dryRunSpec"]
        if spec is None:
            continue
        known = True
        own = list(spec.get("rules", ()))
        if spec.get("reset"):
            rules = []
        elif spec.get("inheritFromParent"):
            rules = [*rules, *own]
        else:
            rules = own
    return Effective(constraint, tuple(rules)) if known else None


class InEffect(NamedTuple):
    """What all constraints ask in one place, those first that are set nearest.

    Attributes:
        enforced: What is held.
        tried: What a dry run asks instead, where that differs.
    """

    enforced: tuple[Effective, ...]
    tried: tuple[Effective, ...]


_State = tuple[int, int]
_known: "WeakKeyDictionary[Cloud, tuple[_State, dict[str, InEffect]]]" = WeakKeyDictionary()


def in_effect(cloud: "Cloud", container: str) -> InEffect:
    """Give what all constraints ask in a place. It is worked out once for each state of policies and hierarchy."""
    state = (cloud.store.state(API), cloud.store.state(RESOURCE_MANAGER))
    known = _known.get(cloud)
    if known is None or known[0] != state:
        known = (state, {})
        _known[cloud] = known
    if container not in known[1]:
        known[1][container] = _in_effect(cloud, container)
    return known[1][container]


def _in_effect(cloud: "Cloud", container: str) -> InEffect:
    records = [each for name in containers(cloud, container) for each in cloud.store.page(API, f"{name}/policies")]
    names = dict.fromkeys(each.id for each in records)
    tried = dict.fromkeys(each.id for each in records if "dryRunSpec" in each.body)
    live = (effective(cloud, container, each) for each in names)
    dry = (effective(cloud, container, each, dry_run=True) for each in tried)
    return InEffect(tuple(each for each in live if each), tuple(each for each in dry if each))


def is_enforced(cloud: "Cloud", container: str, constraint: str) -> bool:
    """Whether a constraint without values is enforced in a place."""
    if not cloud.store.state(API):
        return False
    found = effective(cloud, container, constraint)
    places: list[Place] = [(RESOURCE_MANAGER, each) for each in containers(cloud, container)]
    return found is not None and found.enforced(EffectiveTags(cloud, places))


def known(constraint: str) -> bool:
    """Whether a constraint is one of Google's. Custom ones begin with `custom.`."""
    return constraint in constraints()
