"""Rules of a perimeter that follow from grants: who was given something across its border may call for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from groundplan.core.environment import Project
from groundplan.core.perimeter_borders import Crossing, crossings
from groundplan.network.perimeter_rules import PerimeterEgress, PerimeterIngress


def derived_rules(
    where: str, inside: Sequence[Project], neighbours: Sequence[Project], services: Collection[str]
) -> tuple[list[PerimeterIngress], list[PerimeterEgress]]:
    """Return a rule for each identity and project between which a grant crosses the border, for its services alone.

    Grants to people are left out: where a person calls from is for an access level to say. So are services that the
    perimeter does not restrict.
    """
    found = [crossing for crossing in crossings(where, inside, neighbours) if crossing.service in services]
    outward = _grouped(found, inside, neighbours)
    inward = _grouped(found, neighbours, inside)
    homes = {project.id: project for project in neighbours}
    ingress = [
        PerimeterIngress(
            name=_title(group[0]),
            principals=(group[0].identity,),
            services=_services(group),
            from_projects=(homes[str(group[0].identity.home)],),
        )
        for group in inward
    ]
    egress = [
        PerimeterEgress(
            name=_title(group[0]),
            principals=(group[0].identity,),
            services=_services(group),
            to_projects=(group[0].project,),
        )
        for group in outward
    ]
    return ingress, egress


def _grouped(found: Iterable[Crossing], callers: Sequence[Project], called: Sequence[Project]) -> list[list[Crossing]]:
    """Return the crossings from one group of projects to the other, by identity and project, in order."""
    homes, targets = ({project.id for project in projects} for projects in (callers, called))
    groups: dict[tuple[str, str], list[Crossing]] = {}
    for crossing in found:
        if crossing.identity.home in homes and crossing.project.id in targets:
            groups.setdefault((crossing.identity.label, crossing.project.id), []).append(crossing)
    return list(groups.values())


def _services(group: Iterable[Crossing]) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(sorted({crossing.service for crossing in group}), ())


def _title(crossing: Crossing) -> str:
    words = f"{crossing.identity.label} to {crossing.project.id}".lower()
    return re.sub("[^a-z0-9]+", "-", words).strip("-")
