"""The lanes of the picture, and which of them a resource belongs to."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from groundplan_cli.render.names import qualified_type

GRANT_WEIGHT, ACCOUNT_WEIGHT, RESOURCE_WEIGHT = 1, 3, 10
"""How much a grant, a service account and any other resource count when a component's zone is found: every component
has grants and an account, and they say little of where it stands."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A lane of the picture: a zone of trust, or a chapter of the platform's story.

    Attributes:
        id: Short name, for style sheets.
        title: Name for people.
        about: What stands in it.
        band: Where it is drawn: `edge`, `main` or `aside`.
        holds: Services, types or areas, as `zones.yaml` lists them.
        apart: Types that are shown here even where their component stands in another zone.
    """

    id: str
    title: str
    about: str
    band: str
    holds: tuple[str, ...]
    apart: tuple[str, ...] = ()


OTHER = Zone(id="other", title="Other", about="Resources of packages that have no lane here", band="main", holds=())
"""Where everything goes that no zone holds, so that nothing is left out of the picture."""


@cache
def zones() -> tuple[Zone, ...]:
    """Give the zones in the order of the story, `OTHER` last."""
    text = files("groundplan_cli.graph").joinpath("zones.yaml").read_text(encoding="utf-8")
    return (*(_zone(entry) for entry in yaml.safe_load(text)), OTHER)


def _zone(entry: dict[str, Any]) -> Zone:
    lists = {key: tuple(value) for key, value in entry.items() if isinstance(value, list)}
    return Zone(**{**entry, **lists})


@cache
def zone_apart(token: str) -> Zone | None:
    """Find the zone in which resources or inner components of a type are shown apart from their component, if any."""
    name = qualified_type(token)
    return next((zone for zone in zones() if name in zone.apart), None)


@cache
def _holders() -> dict[str, Zone]:
    return {name: zone for zone in zones() for name in zone.holds}


@cache
def zone_of(token: str) -> Zone:
    """Find the zone of a type token by its longest listed prefix."""
    parts = qualified_type(token).split(".")
    for length in range(len(parts), 0, -1):
        found = _holders().get(".".join(parts[:length]))
        if found:
            return found
    return OTHER


def zone_of_component(token: str, children: Iterable[str]) -> Zone:
    """Find the zone of a component: its own, if listed, else the one in which most of its resources stand.

    Args:
        token: The component's type token.
        children: Type tokens of its resources.
    """
    own = zone_of(token)
    if own is not OTHER:
        return own
    weights: Counter[Zone] = Counter()
    for child in children:
        weights[zone_of(child)] += _weight(child)
    order = {zone: index for index, zone in enumerate(zones())}
    return max(weights, key=lambda zone: (weights[zone], -order[zone]), default=OTHER)


def _weight(token: str) -> int:
    name = token.rpartition(":")[2].lower()
    if name.endswith(("iammember", "iambinding", "iampolicy", "iamauditconfig")):
        return GRANT_WEIGHT
    return ACCOUNT_WEIGHT if token.startswith("gcp:serviceaccount/") else RESOURCE_WEIGHT
