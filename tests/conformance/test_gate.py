"""The guardrails see in the real engine's preview where nested values come from, as in the embedded engine's."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

import groundplan as gp
from groundplan_cli.engine.origins import with_origins
from groundplan_policies.testing import assert_compliant
from mockcloud.doors.embedded import watching
from mockcloud.simulator import new_cloud
from tests.conformance.offline import PROJECT, needs_pulumi, project_on

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [needs_pulumi, pytest.mark.pulumi_cli]

CONTROLS = ("NET-02", "ENC-12", "DAT-10")
"""Of a notebook's network, of where its disks' key is, of a table's columns: all are in blocks, unknown at first."""
PERSONAL = """
extends: regulated
parameters: {personal_columns: [gp_people.customers.email]}
"""


def program() -> None:
    env = gp.Environment(project=PROJECT, region="europe-west4", tier=gp.Tier.REGULATED)
    network = gp.Network("core", gp.NetworkArgs(env=env, cidr="10.0.0.0/20"))
    keys = gp.KeyRing("main", gp.KeyRingArgs(env=env))
    gp.Workbench("alice", gp.WorkbenchArgs(env=env, network=network, keys=keys, owner="user:alice@acme.test"))
    day = gp.Column(name="day", type="DATE", mode="REQUIRED")
    email = gp.Column(name="email", type="STRING", personal=gp.Personal.IDENTIFIER)
    table = gp.Table(name="customers", description="A customer", columns=(day, email), partition_by="day")
    owner = "group:ml-data@acme.test"
    personal = gp.DataClass.PERSONAL
    gp.Warehouse("people", gp.WarehouseArgs(env=env, data_class=personal, owner=owner, keys=keys, tables=(table,)))


def test_what_is_nested_is_known_by_where_it_comes_from(tmp_path: Path) -> None:
    watches: list[watching.Watch] = []

    def watched() -> None:
        watches.append(watching.watch(tmp_path))
        program()

    with project_on(new_cloud(waits="poll"), tmp_path, watched) as project:
        raw: dict[str, Any] = {"steps": project.preview()}
    settings = tmp_path / "guardrails.yaml"
    settings.write_text(PERSONAL, encoding="utf-8")
    day = date(2026, 1, 31)

    assert_compliant(with_origins(raw, watches[-1]), settings=settings, controls=CONTROLS, as_of=day)
    for control in CONTROLS:
        with pytest.raises(AssertionError, match="indeterminate"):
            assert_compliant(raw, settings=settings, controls=(control,), as_of=day)
