"""Where a stack's state is: the user's own backend, or a mock cloud's, whose files touch nothing of the project."""

import os
import socket
from pathlib import Path

import pytest
import yaml

from groundplan_cli.cloud import running
from groundplan_cli.engine import place
from groundplan_cli.engine.place import mock_place, own_place
from groundplan_cli.errors import Error
from groundplan_cli.run import Request, make_request

SETTINGS = """\
encryptionsalt: v1:mine
config:
  gcp:project: acme
  shop:size: 3
  shop:token: {secure: v1:abc}
  shop:boxes: [{key: {secure: v1:abc}}]
"""


@pytest.fixture
def request_(project: Path) -> Request:
    (project / "Pulumi.dev.yaml").write_text(SETTINGS, encoding="utf-8")
    (project / "answers.yaml").write_text("secretConfig: {token: from-answers}\n", encoding="utf-8")
    return make_request(project, "dev", config=["size=4"], answers=project / "answers.yaml", timeout=None)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, object]:
    """A server that answers what it is."""
    about: dict[str, object] = {"pid": os.getpid(), "era": 0, "data": "", "doors": {"pulumi": "gcp:4711"}}
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(place, "only", lambda: running.Running("http://127.0.0.1:1", os.getpid()))
    monkeypatch.setattr(place, "ask", lambda *_: about)
    return about


def test_a_stack_on_the_mock_cloud_has_settings_of_its_own(request_: Request, server: dict[str, object]) -> None:
    assert server["era"] == 0
    with mock_place(request_, or_here=False) as found:
        assert found.config_file is not None
        content = yaml.safe_load(found.config_file.read_text(encoding="utf-8"))

    assert content == {"config": {"gcp:project": "acme", "shop:size": "4"}}
    assert found.secrets == {"shop:token": "from-answers", "shop:boxes": "[secret]"}
    assert found.environment["PULUMI_DEBUG_PROVIDERS"] == "gcp:4711"
    assert found.environment["PULUMI_BACKEND_URL"].startswith("file:///")
    assert found.mock
    assert found.config_file.stat().st_mode & 0o077 == 0
    assert (request_.project.root / "Pulumi.dev.yaml").read_text(encoding="utf-8") == SETTINGS


def test_the_salt_of_its_secrets_stays(request_: Request, server: dict[str, object]) -> None:
    assert server["era"] == 0
    with mock_place(request_, or_here=False) as found:
        assert found.config_file is not None
        found.config_file.write_text("encryptionsalt: v1:its\n", encoding="utf-8")
    with mock_place(request_, or_here=False):
        assert "encryptionsalt: v1:its" in found.config_file.read_text(encoding="utf-8")


def test_an_emptied_cloud_has_another_state_and_a_kept_one_the_same(
    request_: Request, server: dict[str, object]
) -> None:
    def made() -> Path | None:
        with mock_place(request_, or_here=False) as found:
            return found.made

    first = made()
    server["era"] = 1
    assert made() != first
    server["data"] = "/data"
    kept = made()
    server["pid"], server["era"] = 1, 2
    assert made() == kept


def test_projects_of_a_mock_cloud_have_the_numbers_that_settings_say(
    request_: Request, server: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[object, ...]] = []

    def ask(*said: object) -> dict[str, object]:
        told.append(said[1:])
        return server

    monkeypatch.setattr(place, "ask", ask)
    settings = request_.project.root / "Pulumi.dev.yaml"
    settings.write_text("config: {shop:projects: {keys: {id: acme-keys, number: '42'}}}\n", encoding="utf-8")
    with mock_place(request_, or_here=False):
        pass

    assert ("POST", "projects", {"numbers": {"acme-keys": "42"}}) in told


def test_plugins_that_the_user_installed_are_found(
    request_: Request, server: dict[str, object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert server["era"] == 0
    plugins: list[Path] = []
    for home in ("first", "first", "second", "none"):
        monkeypatch.setenv("PULUMI_HOME", str(tmp_path / home))
        if home != "none":
            (tmp_path / home / "plugins" / "resource-random-v4.16.0").mkdir(parents=True, exist_ok=True)
        with mock_place(request_, or_here=False) as found:
            plugins.append(Path(found.environment["PULUMI_HOME"]) / "plugins")

    assert plugins[0].parent != tmp_path / "first"
    assert plugins[2] == plugins[0]
    assert not plugins[0].exists()
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "second"))
    with mock_place(request_, or_here=False):
        assert plugins[0].resolve() == tmp_path / "second" / "plugins"


def test_providers_of_other_packages_stay_attached(
    request_: Request, server: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert server["era"] == 0
    monkeypatch.setenv("PULUMI_DEBUG_PROVIDERS", "gcp:1,random:2")
    with mock_place(request_, or_here=False) as found:
        assert found.environment["PULUMI_DEBUG_PROVIDERS"] == "gcp:4711,random:2"


def test_locks_of_engines_that_are_gone_are_removed(request_: Request, server: dict[str, object]) -> None:
    assert server["era"] == 0
    with mock_place(request_, or_here=False) as found:
        assert found.made is not None
        lock = found.made / "state" / ".pulumi" / "locks" / "1.json"
    lock.parent.mkdir(parents=True)
    lock.write_text(f'{{"pid": {2**31 - 1}, "hostname": "{socket.gethostname()}"}}', encoding="utf-8")
    with mock_place(request_, or_here=False):
        assert not lock.exists()


def test_states_of_clouds_that_are_gone_are_removed(
    request_: Request, server: dict[str, object], tmp_path: Path
) -> None:
    assert server["era"] == 0
    gone = tmp_path / "cache" / "groundplan" / "pulumi" / "process-99999999999-0"
    gone.mkdir(parents=True)
    with mock_place(request_, or_here=False) as found:
        assert found.made is not None
        assert found.made.is_dir()

    assert not gone.exists()


def test_without_a_server_there_is_one_here_or_none(request_: Request, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "only", lambda: None)
    with mock_place(request_, or_here=True) as found:
        assert found.environment["PULUMI_DEBUG_PROVIDERS"].startswith("gcp:")
        assert found.made is not None
    assert not found.made.exists()

    with pytest.raises(Error, match="No mock cloud runs"), mock_place(request_, or_here=False):
        pass


def test_values_for_one_run_are_not_written_into_the_project(request_: Request) -> None:
    with own_place(request_) as found:
        assert found.config_file is not None
        content = yaml.safe_load(found.config_file.read_text(encoding="utf-8"))

    assert content["config"]["shop:size"] == "4"
    assert content["config"]["shop:token"] == {"secure": "v1:abc"}
    assert content["encryptionsalt"] == "v1:mine"
    assert not found.mock
    assert not found.config_file.exists()


def test_the_projects_own_file_is_used_where_nothing_is_given(project: Path) -> None:
    with own_place(make_request(project, "dev", config=None, answers=None, timeout=None)) as found:
        assert found.config_file is None
        assert "PULUMI_BACKEND_URL" not in found.environment
