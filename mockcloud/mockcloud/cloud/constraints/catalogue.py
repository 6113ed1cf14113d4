"""The constraints, and what each asks of which methods, from a table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from mockcloud.discovery.tables import read_table


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint that Google offers.

    Attributes:
        name: `gcp.resourceLocations`.
        title: What Google calls it.
        list: Whether it takes values; else it is enforced or not.
        groups: Whether values can be groups.
        under: Whether values can be parts of the hierarchy.
        held: Whether this cloud holds calls to it.
    """

    name: str
    title: str
    list: bool = False
    groups: bool = False
    under: bool = False
    held: bool = True


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    table: dict[str, Any] = read_table(Path(__file__).parent / "catalogue.yaml")
    return table


@lru_cache(maxsize=1)
def constraints() -> Mapping[str, Constraint]:
    """Give the constraints by name."""
    return {name: Constraint(name, **raw) for name, raw in _data()["constraints"].items()}


@lru_cache(maxsize=1024)
def rows_of(constraint: str, method: str) -> tuple[Mapping[str, Any], ...]:
    """Give the rows of a constraint for a method, by its full id."""
    return tuple(
        row
        for row in _data()["rows"].get(constraint, ())
        if any(re.fullmatch(re.escape(each).replace(r"\*", ".*"), method) for each in row["methods"])
    )


def location_group(name: str) -> tuple[str, ...]:
    """Give the begins of location names that a group stands for: `europe-west4-locations`."""
    found = _data()["location_groups"].get(name)
    return tuple(found) if found is not None else (name.removesuffix("-locations"),)
