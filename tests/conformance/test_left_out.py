"""What the real engine plans where a program sets no more what it set: nothing, or an update."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi_gcp as gcp
import pytest

from mockcloud.simulator import new_cloud
from tests.conformance.offline import Project, needs_pulumi, project_on
from tests.mockcloud.services.asking import Asking

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = [needs_pulumi, pytest.mark.pulumi_cli]

SET: Mapping[str, Any] = {
    "rpo": "DEFAULT",
    "public_access_prevention": "enforced",
    "versioning": {"enabled": True},
    "project": "acme-dev",
    "requester_pays": True,
}
"""What the first program says; of these, only who pays is not filled by the provider or by Google."""


def bucket(*left_out: str) -> None:
    given = {name: value for name, value in SET.items() if name not in left_out}
    gcp.storage.Bucket("lake", name="acme-lake", location="EU", **given)


def planned(project: Project, log: Path) -> dict[str, Any]:
    """Give the step that the engine plans for the bucket."""
    project.attempt("preview", f"--event-log={log}").expect()
    events = (json.loads(line).get("resOutputsEvent") for line in log.read_text(encoding="utf-8").splitlines())
    steps = [event["metadata"] for event in events if event]
    return next(step for step in steps if step["type"] == "gcp:storage/bucket:Bucket")


def test_what_google_fills_is_no_change_when_a_program_leaves_it_out(tmp_path: Path) -> None:
    cloud = new_cloud(waits="poll")
    filled = ("rpo", "public_access_prevention", "versioning", "project")
    with project_on(cloud, tmp_path, bucket) as project:
        project.up().expect()

        project.program = lambda: bucket(*filled)
        project.unchanged()
        project.up("--expect-no-changes").expect()

        project.program = lambda: bucket(*filled, "requester_pays")
        step = planned(project, tmp_path / "log")
        assert (step["op"], step["diffs"]) == ("update", ["requesterPays"])
        shown = step["new"]["outputs"]
        assert (shown["publicAccessPrevention"], shown["versioning"]) == ("enforced", {"enabled": True})
        assert "requesterPays" not in shown
        project.up().expect()
        project.unchanged()

        real = Asking(cloud, "storage.googleapis.com", "/storage/v1").get("b/acme-lake")
        assert real["iamConfiguration"]["publicAccessPrevention"] == "enforced"
        assert real["versioning"] == {"enabled": True}
        assert not real.get("billing", {}).get("requesterPays")
