import json
import shlex
import subprocess

import pytest

from groundplan_cli.cloud.running import Running
from groundplan_cli.cloud.shells import Shell, script
from groundplan_cli.cloud.states import variables
from mockcloud.doors.environment import UNSET, Client, settings
from mockcloud.doors.serving import OpenDoors
from tests.cli.cloud.conftest import Command, four_parts

pytestmark = pytest.mark.usefixtures("server")
AWKWARD = """it's "$HOME" \\ `x` $(y) *
and more"""


def test_a_shell_reads_the_settings(cloud: Command, server: Running) -> None:
    text = cloud("env", "--project", "acme").stdout
    script = f"export GOOGLE_CREDENTIALS=real\n{text}env"

    environment = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout.splitlines()

    assert f"GROUNDPLAN_CLOUD={server.url}" in environment
    assert "GOOGLE_CLOUD_PROJECT=acme" in environment
    assert not any(line.startswith("GOOGLE_CREDENTIALS=") for line in environment)


def test_what_is_awkward_reaches_the_shell_whole() -> None:
    text = script(Shell.SH, {"AWKWARD": AWKWARD}, [])

    done = subprocess.run(["sh", "-c", f'{text}printf %s "$AWKWARD"'], capture_output=True, text=True, check=True)

    assert done.stdout == AWKWARD


def test_fish_has_its_own_quotes() -> None:
    assert script(Shell.FISH, {"A": r"it's \ "}, ["A", "B"]) == "set -e B;\nset -gx A 'it\\'s \\\\ ';\n"


def test_json_says_null_for_what_is_unset(cloud: Command) -> None:
    found = json.loads(cloud("env", "--shell", "json").stdout)

    assert found["GOOGLE_OAUTH_ACCESS_TOKEN"] is None
    assert found["PUBSUB_EMULATOR_HOST"].startswith("127.0.0.1:")
    assert found["FIRESTORE_EMULATOR_HOST"] == found["PUBSUB_EMULATOR_HOST"], (
        "whose clients are told that it is not served"
    )


STATE = {"PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE"}
"""What gives Pulumi's command a state of the mock cloud's own."""


@pytest.mark.parametrize("file", ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"])
def test_a_passphrase_that_there_is_stays(server: Running, monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    for name in STATE:
        monkeypatch.delenv(name, raising=False)
    assert set(variables(server)) == STATE
    monkeypatch.setenv(file, "mine")
    assert set(variables(server)) == {"PULUMI_BACKEND_URL"}


@pytest.mark.parametrize("client", list(Client))
def test_a_client_gets_what_it_reads_and_no_more(
    cloud: Command, doors: OpenDoors, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in STATE:
        monkeypatch.delenv(name, raising=False)
    lines = cloud("env", "--for", client).stdout.splitlines()

    names = {line.split("=")[0].removeprefix("export ") for line in lines if line.startswith("export ")}
    state = STATE if client is Client.PULUMI else set[str]()
    assert names == {each.name for each in settings(doors.doors) if client in each.clients} | state
    assert ("CLOUDSDK_PROXY_PORT" in names) is (client is Client.GCLOUD)
    assert ("HTTPS_PROXY" in names) is (client not in {Client.GCLOUD, Client.JAVA})


def test_a_client_that_there_is_not_is_refused(cloud: Command) -> None:
    assert "python, go" in four_parts(cloud("env", "--for", "cobol"))


def test_what_wins_over_the_settings_is_unset(cloud: Command) -> None:
    lines = cloud("env").stdout.splitlines()
    exported = {shlex.split(line)[1].split("=")[0] for line in lines if line.startswith("export ")}

    assert {line.removeprefix("unset ") for line in lines if line.startswith("unset ")} == set(UNSET) - exported
