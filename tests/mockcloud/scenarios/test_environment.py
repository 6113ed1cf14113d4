"""Each variable of the environment is proven by a client that has no other, in a process of its own.

Java and the providers of Terraform read what Go reads; none of them runs here.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mockcloud.doors.environment import settings
from mockcloud.doors.serving import OpenDoors
from mockcloud.simulator import new_cloud
from tests.architecture.sources import ROOT
from tests.conformance.offline import needs_pulumi, pulumi_cli
from tests.conformance.real_engine import RealEngine

PROXY = "HTTPS_PROXY"
PYTHON: Mapping[str, tuple[str, ...]] = {
    "urllib": (PROXY, "SSL_CERT_FILE"),
    "requests": (PROXY, "REQUESTS_CA_BUNDLE"),
    "httpx": (PROXY, "SSL_CERT_FILE"),
    "httplib2": (PROXY, "HTTPLIB2_CA_CERTS"),
    "grpc": ("https_proxy", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"),
    "credentials": ("GOOGLE_APPLICATION_CREDENTIALS",),
    "project": ("GOOGLE_CLOUD_PROJECT", "GOOGLE_APPLICATION_CREDENTIALS"),
    "metadata": ("GCE_METADATA_HOST",),
    "metadata_by_its_older_name": ("GCE_METADATA_ROOT",),
    "metadata_is_there": ("GCE_METADATA_IP",),
    "no_proxy": ("NO_PROXY",),
    "storage": ("STORAGE_EMULATOR_HOST",),
    "bigquery": ("BIGQUERY_EMULATOR_HOST",),
    "pubsub": ("PUBSUB_EMULATOR_HOST",),
    "spanner": ("SPANNER_EMULATOR_HOST",),
    "firestore": ("FIRESTORE_EMULATOR_HOST",),
}
"""Row of `environment_rows.py` -> the variables that it has."""

PULUMI = ("PULUMI_DEBUG_PROVIDERS", "PULUMI_SKIP_UPDATE_CHECK")
"""What Pulumi's engine reads."""

ELSEWHERE = {"CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "GROUNDPLAN_CLOUD", "GOOGLE_PROJECT", "no_proxy"}
"""Variables that another test here proves, and those that say again what a row has: in lower case, for a provider."""

NODE = """
const net = require("node:http"), tls = require("node:tls"), proxy = new URL(process.env.HTTPS_PROXY);
const host = "secretmanager.googleapis.com";
const through = { host: proxy.hostname, port: proxy.port, method: "CONNECT", path: `${host}:443` };
net.request(through).on("connect", (_, socket) => {
  const inside = tls.connect({ socket, servername: host }, () => {
    inside.write(`GET /v1/projects/acme/secrets HTTP/1.1\\r\\nHost: ${host}\\r\\nConnection: close\\r\\n\\r\\n`);
  });
  inside.setEncoding("utf8").on("data", (text) => process.stdout.write(text)).on("error", (error) => process.exit(1));
}).end();
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The settings for a server."""
    with OpenDoors(new_cloud(waits="poll"), tmp_path_factory.mktemp("doors")) as doors:
        yield {each.name: each.value for each in settings(doors.doors, project="row-project")}


def test_each_row_is_proven_by_a_client_that_has_no_more(found: dict[str, str]) -> None:
    """All rows are one test, since importing the clients takes most of it."""
    rows = {row: {name: found[name] for name in names} for row, names in PYTHON.items()}

    done = subprocess.run(
        [sys.executable, "-m", "tests.mockcloud.scenarios.environment_rows"],
        input=json.dumps(rows),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=300,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == dict.fromkeys(PYTHON, "ok")


def test_every_variable_is_proven(found: dict[str, str]) -> None:
    proven = {name for names in PYTHON.values() for name in names} | ELSEWHERE | {*PULUMI}

    assert {name for name in found if not name.startswith("CLOUDSDK_")} == proven


def run(found: Mapping[str, str], names: tuple[str, ...], *command: str) -> str:
    """Run a program that has these variables only."""
    program = shutil.which(command[0])
    if program is None:
        pytest.skip(f"{command[0]} is not installed")
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", **{name: found[name] for name in names}}
    done = subprocess.run(
        [program, *command[1:]], capture_output=True, text=True, check=False, env=environment, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_curl_needs_no_more(found: dict[str, str]) -> None:
    address = "https://secretmanager.googleapis.com/v1/projects/acme/secrets"

    assert run(found, (PROXY, "CURL_CA_BUNDLE"), "curl", "-sS", address) == "{}"


def test_node_needs_no_more(found: dict[str, str]) -> None:
    assert run(found, (PROXY, "NODE_EXTRA_CA_CERTS"), "node", "-e", NODE).startswith("HTTP/1.1 200 ")


def test_gcloud_needs_no_more(found: dict[str, str]) -> None:
    names = tuple(name for name in found if name.startswith("CLOUDSDK_"))
    run(found, names, "gcloud", "secrets", "create", "row")

    assert run(found, names, "gcloud", "secrets", "list", "--format=value(name.basename())") == "row\n"


@needs_pulumi
@pytest.mark.pulumi_cli
def test_pulumi_needs_no_more(found: dict[str, str], tmp_path: Path) -> None:
    """What it needs beside is about where it keeps its state, and about no plugins: none is installed here."""
    assert pulumi_cli is not None

    def program() -> None:
        import pulumi_gcp as gcp

        gcp.pubsub.Topic("row", name="row")

    engine = Bare(pulumi_cli, tmp_path, 0, {name: found[name] for name in PULUMI})
    engine.start(tmp_path / "project", "proj", "dev", {"gcp:project": "row-project"}, {})

    states = engine.up(tmp_path / "project", program)["deployment"]["resources"]

    assert "projects/row-project/topics/row" in [each.get("id") for each in states]
    assert "update" not in engine.run(tmp_path / "project", "version").lower()


@dataclass(frozen=True)
class Bare(RealEngine):
    """The real engine with the rows only, beside where its state is and that it is to install nothing."""

    rows: Mapping[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        own = ("PATH", "HOME", "PULUMI_HOME", "PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE")
        kept = {name: value for name, value in super().environment().items() if name in own}
        return {**kept, "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true", **self.rows}
