"""`groundplan drift` on the real command: the engine's own refresh, and its state."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from groundplan_cli.app import app
from mockcloud.doors.pulumi.transport import InProcess
from mockcloud.doors.serving import OpenDoors
from mockcloud.pulumi.api import Api
from tests.cli.served import served
from tests.conformance.real_engine import find_pulumi

pulumi = find_pulumi()
pytestmark = [
    pytest.mark.pulumi_cli,
    pytest.mark.skipif(
        pulumi is None, reason="the real Pulumi CLI is not at hand (PATH, $GROUNDPLAN_PULUMI, .tools/pulumi/bin)"
    ),
]

PROGRAM = """
import pulumi
import pulumi_gcp as gcp

gcp.storage.Bucket(
    "data", name="acme-data", location="EU", public_access_prevention="enforced", uniform_bucket_level_access=True
)
gcp.pubsub.Topic("events", name="events", labels={"token": pulumi.Output.secret("canary")})
gcp.pubsub.Topic("gone", name="gone")
"""


@pytest.fixture
def doors(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenDoors]:
    assert pulumi is not None
    monkeypatch.setenv("PATH", f"{pulumi.parent}{os.pathsep}{os.environ['PATH']}")
    for name in ("XDG_CACHE_HOME", "PULUMI_HOME"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.chdir(project)
    (project / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    (project / "Pulumi.dev.yaml").write_text("config: {'gcp:project': acme-dev}\n", encoding="utf-8")
    with served(tmp_path) as found:
        yield found


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_the_engine_finds_what_was_changed_past_it(doors: OpenDoors) -> None:
    made = run("up", "dev", "--mock", "--yes", "--no-gate")
    assert made.exit_code == 0, made.output
    same = run("drift", "dev", "--mock")
    assert same.exit_code == 0, same.output

    outside = Api(InProcess(doors.server.cloud, door="rest"))
    body = {"iamConfiguration": {"publicAccessPrevention": "inherited"}, "labels": {"owner": "mallory"}}
    outside.call("PATCH", "storage.googleapis.com", "storage/v1/b/acme-data", body)
    outside.call("DELETE", "pubsub.googleapis.com", "v1/projects/acme-dev/topics/gone")

    found = run("drift", "dev", "--mock", "--json")
    assert found.exit_code == 1, found.output
    content = json.loads(found.stdout)
    entries = {each["name"]: each for each in content["drifted"]}
    assert entries["data"]["properties"] == [
        {"path": "publicAccessPrevention", "recorded": "enforced", "actual": "inherited"},
        {"path": "effectiveLabels.owner", "actual": "mallory"},
    ]
    assert [each["control"] for each in entries["data"]["breaks"]] == ["DAT-05"]
    assert entries["data"]["source"] == "__main__.py:5"
    assert (entries["gone"]["kind"], entries["gone"]["by"]) == ("gone", ["user:owner@mock.test"])
    assert content["undecided"] >= 1  # the label that is a secret
    assert set(entries) == {"data", "gone"}
    assert "canary" not in found.stdout
