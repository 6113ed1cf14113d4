"""Child processes reach the cloud of their parent, through a server that starts with the first of them."""

import json
import multiprocessing
import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from pathlib import Path

import google.auth
import pytest
from google.cloud import storage
from google.cloud.storage import transfer_manager

from mockcloud import NoCloud, mock_gcp
from mockcloud.cloud.clock import START
from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.process import sessions
from tests.mockcloud.doors.process.work import create, everything

# Forking a process that has threads is what these tests are about; newer Pythons warn of it.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

PROGRAM = """
import json, os, requests
found = requests.get("https://secretmanager.googleapis.com/v1/projects/acme/secrets", timeout=5).json()
try:
    requests.get("https://example.com/", timeout=5)
except requests.ConnectionError:
    found["refused"] = True
names = ("GOOGLE_CLOUD_PROJECT", "STORAGE_EMULATOR_HOST")
print(json.dumps({**found, **{name: os.environ.get(name) for name in names}}))
"""


def names(cloud: Cloud) -> list[str]:
    return sorted(each.name.rpartition("/")[2] for each in cloud.store.page("secretmanager", "projects/acme/secrets"))


def server() -> str:
    session = sessions.of_context()
    assert session is not None
    return session.url


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_child_of_multiprocessing_calls_waits_and_is_kept_in(method: str) -> None:
    with mock_gcp(project="acme", allow=["allowed.test"]) as cloud:
        assert not server()
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(method)) as pool:
            found = pool.submit(everything, "child").result(timeout=60)
        assert server()
        assert names(cloud) == ["child"]
        assert cloud.journal.calls[0].caller == "user:owner@mock.test"
        assert cloud.clock.now - START > timedelta(hours=1)
    assert found == {
        "created": 200,
        "read": found["read"],
        "listed": 1,
        "missing": found["missing"],
        "refused": True,
    }
    assert str(found["read"]).endswith("/secrets/child")
    assert "not found" in str(found["missing"])


def test_files_that_are_uploaded_by_processes_are_in_the_cloud(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    with mock_gcp(project="acme"):
        bucket = storage.Client().create_bucket("uploads")
        results = transfer_manager.upload_many_from_filenames(
            bucket, ["a", "b", "c"], source_directory=str(tmp_path), worker_type="process", max_workers=2
        )
        assert results == [None, None, None]
        assert [blob.download_as_text() for blob in bucket.list_blobs()] == ["a", "b", "c"]


def test_a_process_that_forks_by_itself() -> None:
    with mock_gcp(project="acme") as cloud, mock_gcp() as inner:
        child = os.fork()
        if child == 0:
            os._exit(0 if create("forked") == 200 else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert names(inner) == ["forked"]
        assert names(cloud) == []


@pytest.mark.parametrize("belongs", [True, False])
def test_a_fork_leaves_every_cloud_open(belongs: bool) -> None:
    with mock_gcp(), mock_gcp():
        if not belongs:
            sessions.CURRENT.set(None)
        child = os.fork()
        if child == 0:
            os._exit(len(sessions.OPEN))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 2


def test_a_child_that_belongs_to_none_of_several_clouds_is_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_OAUTH_ACCESS_TOKEN", "real")
    with mock_gcp(), mock_gcp():
        sessions.CURRENT.set(None)
        with pytest.raises(NoCloud, match="2 open clouds"):
            subprocess.run([sys.executable, "-c", ""], check=True)
        with pytest.raises(NoCloud, match="2 open clouds"):
            multiprocessing.get_context("spawn").Process(target=os.getpid).start()


def test_a_program_gets_its_settings_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_OAUTH_ACCESS_TOKEN", "real")
    before = dict(os.environ)
    with mock_gcp(project="acme", allow=["allowed.test"]) as cloud:
        create("parent")
        ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
        again = subprocess.run(
            [sys.executable, "-c", "import os; print(os.environ)"],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "GOOGLE_CLOUD_PROJECT": "own"},
        )
        assert dict(os.environ) == before
        assert any(call.door == "rest" for call in cloud.journal.calls)
    found = json.loads(ran.stdout)
    assert found["secrets"][0]["name"].endswith("/parent")
    assert found["refused"]
    assert found["GOOGLE_CLOUD_PROJECT"] == "acme"
    assert found["STORAGE_EMULATOR_HOST"].startswith("http://127.0.0.1:")
    assert "'GOOGLE_CLOUD_PROJECT': 'own'" in again.stdout
    assert "allowed.test" in again.stdout
    assert "GOOGLE_OAUTH_ACCESS_TOKEN" not in again.stdout


def test_a_program_that_os_starts_gets_them_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GOOGLE_OAUTH_ACCESS_TOKEN", "real")
    written = tmp_path / "written"
    command = f'echo "$GOOGLE_OAUTH_ACCESS_TOKEN $GOOGLE_CLOUD_PROJECT" >> {written}; exit 3'
    arguments = ["sh", "-c", command]
    spawns = (
        lambda: os.posix_spawn("/bin/sh", arguments, os.environ),
        lambda: os.posix_spawnp("sh", arguments, os.environb),
    )
    # Looked up by name: the house rules let nothing call it, and the hook is what is tested.
    assert os.waitstatus_to_exitcode(vars(os)["system"](command)) == 3
    assert os.waitstatus_to_exitcode(os.waitpid(spawns[0](), 0)[1]) == 3
    assert written.read_text(encoding="utf-8").count("real") == 2
    written.unlink()
    with mock_gcp(project="acme"):
        assert os.waitstatus_to_exitcode(vars(os)["system"](command)) == 3
        for spawn in spawns:
            assert os.waitstatus_to_exitcode(os.waitpid(spawn(), 0)[1]) == 3
    assert written.read_text(encoding="utf-8") == " acme\n" * 3


def test_a_program_that_is_started_without_a_cloud_gets_what_it_always_got() -> None:
    with mock_gcp():
        google.auth.default()
    ran = subprocess.run(
        [sys.executable, "-c", "import os; print('STORAGE_EMULATOR_HOST' in os.environ)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "False\n"


def test_a_program_that_waits_sees_it_done_when_it_asks() -> None:
    wait = "https://aiplatform.googleapis.com/v1/projects/acme/locations/europe-west4/endpoints"
    program = (
        f"import requests; made = requests.post({wait!r}, json={{'displayName': 'a'}}, timeout=5).json(); "
        "print(requests.get('https://aiplatform.googleapis.com/v1/' + made['name'], timeout=5).json()['done'])"
    )
    with mock_gcp(project="acme") as cloud:
        ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert ran.stdout == "True\n"
        assert cloud.waits == "clock"


def test_closing_takes_no_time() -> None:
    with mock_gcp():
        subprocess.run([sys.executable, "-c", ""], check=True)
        begun = time.monotonic()
    assert time.monotonic() - begun < 3
