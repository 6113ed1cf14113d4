"""`groundplan drift`, with a state from a file and a mock cloud that is served."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from groundplan_cli.drift.asking import Asked, by_engine
from mockcloud.cloud.callers import OWNER
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.credentials import TOKEN_PREFIX
from mockcloud.doors.pulumi.deploying import deploy
from mockcloud.doors.wire import HttpRequest, answer
from tests.cli.conftest import Invoke
from tests.cli.drift.conftest import program
from tests.cli.served import served

AGENT = "gcloud/512.0.0 python/3.12.4 linux/6.1.0 command/gcloud.storage.buckets.update"


@dataclass
class Served:
    """A stack that was deployed on a mock cloud which is served, and its state in a file."""

    cloud: Cloud
    state: Path

    def open_bucket(self) -> None:
        """Change the bucket past the engine."""
        headers = {
            "authorization": f"Bearer {TOKEN_PREFIX}{OWNER.member}",
            "content-type": "application/json",
            "user-agent": AGENT,
        }
        body = b'{"iamConfiguration": {"publicAccessPrevention": "inherited"}}'
        path, host = "/storage/v1/b/acme-data", "storage.googleapis.com"
        assert answer(self.cloud, HttpRequest("PATCH", host, path, "", headers, body, door="rest")).status == 200


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("runtime")) as doors:
        stack = deploy(doors.server.cloud, program, config={"gcp:project": "acme-dev"})
        state = tmp_path_factory.mktemp("state") / "state.json"
        state.write_text(json.dumps(stack.document), encoding="utf-8")
        yield Served(doors.server.cloud, state)


def test_no_drift_exits_with_0(groundplan: Invoke, server: Served) -> None:
    result = groundplan("drift", "dev", "--mock", "--state", str(server.state))

    assert result.exit_code == 0, result.output
    assert "No drift in 3 resources." in result.stdout


def test_drift_is_printed_with_who_since_when_and_what_it_breaks(groundplan: Invoke, server: Served) -> None:
    server.open_bucket()

    result = groundplan("drift", "dev", "--mock", "--state", str(server.state))

    assert result.exit_code == 1, result.output
    assert "~ data  storage.Bucket" in result.stdout
    assert 'publicAccessPrevention: "enforced" → "inherited"' in result.stdout
    assert "since 2026-01-01T" in result.stdout
    assert "user:owner@mock.test  storage.buckets.patch, gcloud/512.0.0\n" in result.stdout
    assert "breaks DAT-05" in result.stdout
    assert "1 changed, 0 gone, of 3 resources; 1 finding of the guardrails" in result.stdout


def test_the_json_is_all_of_standard_output_and_is_written_to_a_file(
    groundplan: Invoke, server: Served, tmp_path: Path
) -> None:
    server.open_bucket()
    out = tmp_path / "drift.json"

    result = groundplan("drift", "dev", "--mock", "--state", str(server.state), "--json", "--out", str(out))

    content = json.loads(result.stdout)
    assert [each["name"] for each in content["drifted"]] == ["data"]
    assert AGENT in {event["agent"] for event in content["drifted"][0]["events"]}
    assert json.loads(out.read_text(encoding="utf-8")) == content


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--state", "state.json"), "is compared with the mock cloud only"),
        (("--mock", "--state", "nowhere.json"), "The state cannot be read"),
        (("--mock", "--state", "Pulumi.yaml"), "The state cannot be read"),
    ],
)
def test_wrong_use_is_told(groundplan: Invoke, server: Served, arguments: tuple[str, ...], said: str) -> None:
    assert server.state.is_file()
    result = groundplan("drift", "dev", *arguments)

    assert result.exit_code == 2
    assert said in result.stderr


def test_a_preview_is_no_state(groundplan: Invoke, server: Served, tmp_path: Path) -> None:
    preview = tmp_path / "preview.json"
    raw = json.loads(server.state.read_text(encoding="utf-8"))
    preview.write_text(json.dumps({**raw, "groundplan": {"profile": "preview"}}), encoding="utf-8")

    result = groundplan("drift", "dev", "--mock", "--state", str(preview))
    assert "This is no state of a stack" in result.stderr


def test_without_the_engine_its_lack_is_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from groundplan_cli.engine.command import NoCommand

    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoCommand):
        by_engine(Asked(project=project, stack="dev"), mock=False)
