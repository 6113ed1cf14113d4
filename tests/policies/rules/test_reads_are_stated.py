"""What a control reads it also states: ways around the controls are told by what is stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.look import check_for, matches
from groundplan_policies.engine.values import SIGNATURE
from tests.policies.rules.harness import Fixtures, context
from tests.policies.rules.test_wrong_shapes import FILES, fixtures

IDENTITY = frozenset(
    {
        *("customPlacementConfig", "datasetId", "labels", "location", "name", "project", "region", "tableId", "zone"),
        "governance",
    }
)
"""What tells which resource this is, where and of which class. Every rule may ask."""

KINDS: Mapping[str, frozenset[str]] = {
    "DAT-09": frozenset({"externalDataConfiguration", "materializedView", "view"}),
    "DAT-10": frozenset({"materializedView", "view"}),
    "ENC-14": frozenset({"virtualClusterConfig"}),
    "ENC-15": frozenset({"attachedDisks", "disks.type", "sourceInstanceTemplate", "sourceMachineImage"}),
    "IAM-07": frozenset({"virtualClusterConfig"}),
    "IAM-12": frozenset({"clusterAutoscaling"}),
    "NET-08": frozenset({"bigtable"}),
    "NET-13": frozenset({"virtualClusterConfig"}),
    "NET-19": frozenset({"rules.match.srcNetworkContext"}),
    "NET-30": frozenset({"perimeterType", "servicePerimeters.perimeterType"}),
}
"""What only tells which kind of resource it is, so that the control has something to say of it or not."""


class Noting(dict[str, Any]):
    """An object that notes which of its properties are asked for."""

    def __init__(self, values: Mapping[str, Any], path: str, asked: set[str]) -> None:
        super().__init__({key: noting(value, f"{path}.{key}".lstrip("."), asked) for key, value in values.items()})
        self._path, self._asked = path, asked

    def _note(self, key: object) -> None:
        if key != SIGNATURE:
            self._asked.add(f"{self._path}.{key}".lstrip("."))

    def get(self, key: str, default: Any = None) -> Any:
        self._note(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self._note(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self._note(key)
        return super().__contains__(key)


def noting(value: Any, path: str, asked: set[str]) -> Any:
    if isinstance(value, dict):
        return Noting(value, path, asked)
    return [noting(each, path, asked) for each in value] if isinstance(value, list) else value


def asked_of(found: Fixtures) -> dict[str, set[str]]:
    """Give, by type, the properties that a control asks for of its good resources."""
    by_type: dict[str, set[str]] = {}
    for good in found.good:
        world = context(*found.others, good, **found.world)
        resource = world.graph.document[good.urn]
        check = check_for(found.control, resource.type)
        if check is not None:
            asked = by_type.setdefault(resource.type, set())
            check(replace(resource, inputs=Noting(resource.inputs, "", asked)), world)
    return by_type


def unstated(control: Control, type_: str, asked: set[str]) -> set[str]:
    """Give what is asked for and neither stated, nor above or below what is."""
    stated = [f"{read.path}." for read in control.reads if matches(read.type, type_)]
    return {
        path
        for path in asked
        if path.partition(".")[0] not in IDENTITY
        and not any(each.startswith(f"{path}.") or f"{path}.".startswith(each) for each in stated)
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_a_control_asks_for_it_states(file: Path) -> None:
    for found in fixtures(file):
        for type_, asked in asked_of(found).items():
            assert unstated(found.control, type_, asked) <= KINDS.get(found.control.id, frozenset()), type_


def test_the_table_of_kinds_is_not_stale() -> None:
    seen: dict[str, set[str]] = {}
    for file in FILES:
        for found in fixtures(file):
            for type_, asked in asked_of(found).items():
                seen.setdefault(found.control.id, set()).update(unstated(found.control, type_, asked))
    assert {control: frozenset(paths) for control, paths in seen.items() if paths} == KINDS


def test_a_property_that_is_not_stated_is_found() -> None:
    found = next(each for file in FILES if file.stem == "test_dat_05" for each in fixtures(file))
    silent = replace(found, control=replace(found.control, reads=()))
    (asked,) = asked_of(silent).values()
    assert unstated(silent.control, "gcp:storage/bucket:Bucket", asked) == {"publicAccessPrevention"}
