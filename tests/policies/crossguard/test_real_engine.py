"""Pulumi's real engine asks the pack: what it shows, and what it makes of the answers.

Skipped where the real CLI is not at hand. A pack that is a directory needs Pulumi's Python language plugin; as an
executable file the engine starts it by itself, so most of this needs the CLI alone.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.echo_provider import serve_echo_provider
from tests.conformance.real_engine import RealEngine, find_language_host, find_pulumi
from tests.policies.crossguard.engine import PACK
from tests.policies.crossguard.programs import CANARY, served

pulumi_cli = find_pulumi()
pytestmark = [
    pytest.mark.pulumi_cli,
    pytest.mark.slow,
    pytest.mark.skipif(
        pulumi_cli is None, reason="the real Pulumi CLI is not at hand (PATH, $GROUNDPLAN_PULUMI, .tools/pulumi/bin)"
    ),
]
needs_language_plugin = pytest.mark.skipif(
    find_language_host("python") is None,
    reason="Pulumi's host pulumi-language-python is not at hand (tools/pulumi-languages/build makes it)",
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealEngine]:
    assert pulumi_cli is not None
    with serve_echo_provider() as port:
        found = RealEngine(pulumi_cli, tmp_path_factory.mktemp("pulumi"), port)
        found.start(found.home / "shop", "shop", "dev", {"gcp:project": "acme-ml"}, {})
        settings = found.home / "guardrails.yaml"
        # One small stack of several: what watches all of them is set up elsewhere.
        settings.write_text("extends: team\nparameters: {monitoring_elsewhere: true}\n", encoding="utf-8")
        configuration = {"guardrails": {"settings": str(settings)}}
        (found.home / "guardrails.json").write_text(json.dumps(configuration), encoding="utf-8")
        yield found


@pytest.fixture(scope="module")
def executable(engine: RealEngine) -> Path:
    """The pack as one executable file, in the environment of the tests."""
    file = engine.home / "pack"
    file.write_text(f'#!/bin/sh\nexec "{sys.executable}" -u "{PACK / "__main__.py"}" "$@"\n', encoding="utf-8")
    file.chmod(0o700)
    return file


def ask(engine: RealEngine, program: str, pack: Path, *command: str) -> tuple[int, str]:
    """Run a command of the CLI with the pack, in the active environment of the tests: exit code and output."""
    with served(program) as address:
        done = subprocess.run(
            [
                str(engine.pulumi),
                *command,
                f"--policy-pack={pack}",
                f"--policy-pack-config={engine.home / 'guardrails.json'}",
                "--exec-kind=auto.inline",
                f"--client={address}",
                "--non-interactive",
            ],
            cwd=engine.home / "shop",
            env=engine.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    return done.returncode, done.stdout + done.stderr


def test_a_preview_tells_what_is_wrong_under_the_names_of_the_controls(engine: RealEngine, executable: Path) -> None:
    code, output = ask(engine, "insecure", executable, "preview")

    assert code != 0
    assert "[mandatory] [severity: high]  DAT-05  (gcp:storage:Bucket: logs)" in output
    assert "fails: publicAccessPrevention: is not enforced (inherited)" in output
    # Medium findings are advisory in a team's tier; the secret stays one, and is shown by nobody.
    assert "[advisory] [severity: medium]  ENC-09  (gcp:kms:CryptoKey: key)" in output
    assert "rotationPeriod: is a secret" in output
    assert CANARY not in output


def test_a_deployment_stops_before_the_resource_is_made(engine: RealEngine, executable: Path) -> None:
    code, output = ask(engine, "insecure", executable, "up", "--yes", "--skip-preview")
    state = json.loads(engine.run(engine.home / "shop", "stack", "export"))

    assert code != 0
    assert "DAT-05  (gcp:storage:Bucket: logs)" in output
    made = {each["type"] for each in state["deployment"].get("resources", [])}
    assert "gcp:storage/bucket:Bucket" not in made


def test_what_is_in_order_goes_through(engine: RealEngine, executable: Path) -> None:
    code, output = ask(engine, "harmless", executable, "preview")

    assert code == 0, output
    assert "groundplan@v0.1.0" in output
    assert "[mandatory]" not in output


@needs_language_plugin
def test_the_pack_runs_from_its_directory(engine: RealEngine) -> None:
    code, output = ask(engine, "insecure", PACK, "preview")

    assert code != 0
    assert "DAT-05  (gcp:storage:Bucket: logs)" in output
