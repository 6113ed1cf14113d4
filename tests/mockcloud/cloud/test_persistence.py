import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.faults import Fault
from mockcloud.cloud.persistence.database import FILE, TABLES, VERSION, DataError
from mockcloud.cloud.persistence.keeper import Keeper, keep
from mockcloud.cloud.persistence.parts import LastingPart, read, written
from mockcloud.cloud.store import Record
from mockcloud.simulator import new_cloud
from tests.mockcloud.cloud.calls import call, get_secret, make_secret, send

WORKFLOWS = "/v1/projects/acme/locations/europe-west4/workflows"
HOST = "workflows.googleapis.com"
PUBSUB = "pubsub.googleapis.com/v1/projects/acme"
UPLOAD = "storage.googleapis.com/upload/storage/v1/b/acme-data/o"


@pytest.fixture
def keepers() -> Iterator[list[Keeper]]:
    """What a test keeps open; closed behind it."""
    found: list[Keeper] = []
    yield found
    for each in found:
        each.close()


def reopened(keepers: list[Keeper], directory: Path, **said: Any) -> Cloud:
    """Give the cloud of a directory as the next process finds it."""
    while keepers:
        keepers.pop().close()
    cloud: Cloud = new_cloud(**said)
    keepers.append(keep(cloud, directory))
    return cloud


def everything(cloud: Cloud) -> tuple[object, ...]:
    return (
        {(each.api, each.name): each for each in cloud.store},
        dict(cloud.store.policies),
        list(cloud.plans),
        cloud.plans.count,
        dict(cloud.ids.counts),
        cloud.ids.seed,
        cloud.clock.now,
        cloud.journal.changes,
    )


def use(cloud: Cloud) -> None:
    """Make, change and delete; leave a policy, and plans that are open, done and cancelled."""
    for name in ("a", "b", "c"):
        assert make_secret(cloud, name).status == 200
    policy = {"bindings": [{"role": "roles/viewer", "members": ["user:alice@acme.test"]}]}
    for name in ("a", "b"):
        call(cloud, "POST", f"/v1/projects/acme/secrets/{name}:setIamPolicy", {"policy": policy})
    send(cloud, "DELETE", "/v1/projects/acme/secrets/b", host="secretmanager.googleapis.com")
    body = {"sourceContents": "main: {steps: [{end: {return: 1}}]}"}
    call(cloud, "POST", WORKFLOWS, body, query="workflowId=done", host=HOST)
    cloud.advance(60)
    call(cloud, "POST", WORKFLOWS, body, query="workflowId=open", host=HOST)


def test_a_cloud_goes_on_where_it_was(tmp_path: Path, keepers: list[Keeper]) -> None:
    cloud = reopened(keepers, tmp_path, seed=7)
    use(cloud)

    again = reopened(keepers, tmp_path)

    assert everything(again) == everything(cloud)
    assert len(list(again.plans)) == 1
    again.advance(60)
    assert list(again.plans) == []
    number = again.projects.number_of("acme")
    assert get_secret(again, "a", project=number).status == 200, "numbers of projects are known again"


def test_the_file_says_what_the_cloud_says_after_every_call(tmp_path: Path, keepers: list[Keeper]) -> None:
    """What is written call by call equals what is written whole."""
    kept, whole = reopened(keepers, tmp_path / "kept"), new_cloud()
    for cloud in (kept, whole):
        use(cloud)

    assert everything(reopened(keepers, tmp_path / "kept")) == everything(whole)


def test_a_killed_process_keeps_what_it_acknowledged(tmp_path: Path, keepers: list[Keeper]) -> None:
    script = f"""
import os, signal
from pathlib import Path
from mockcloud.cloud.persistence.keeper import keep
from mockcloud.simulator import new_cloud
from tests.mockcloud.cloud.asking import ask
from tests.mockcloud.cloud.calls import make_secret
cloud = new_cloud()
keep(cloud, Path({str(tmp_path)!r}))
ask(cloud, "PUT", "{PUBSUB}/topics/topic", {{}})
ask(cloud, "PUT", "{PUBSUB}/subscriptions/sub", {{"topic": "projects/acme/topics/topic"}})
ask(cloud, "POST", "storage.googleapis.com/storage/v1/b?project=acme", {{"name": "acme-data"}})
ask(cloud, "POST", "{UPLOAD}?uploadType=resumable&name=a", {{}})
(upload,) = [each.id for each in cloud.store.of("storage") if each.name.startswith("uploads/")]
for at in range(30):
    assert make_secret(cloud, f"key-{{at}}").status == 200
    message = {{"attributes": {{"n": str(at)}}}}
    assert ask(cloud, "POST", "{PUBSUB}/topics/topic:publish", {{"messages": [message]}})[0] == 200
    chunk = {{"content_range": f"bytes {{at}}-{{at}}/*"}}
    assert ask(cloud, "PUT", f"{UPLOAD}?upload_id={{upload}}", b"x", **chunk)[0] == 308
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", script], check=False)

    assert done.returncode == -9
    cloud = reopened(keepers, tmp_path)
    assert [get_secret(cloud, f"key-{at}").status for at in range(30)] == [200] * 30
    subscription = cloud.store.get("pubsub", "projects/acme/subscriptions/sub")
    assert subscription is not None
    assert [each["message"]["attributes"]["n"] for each in subscription.hidden["backlog"]] == [*map(str, range(30))]
    (upload,) = [each for each in cloud.store.of("storage") if each.name.startswith("uploads/")]
    assert upload.hidden["parts"] == [b"x"] * 30


def test_a_snapshot_that_is_restored_is_what_is_kept(tmp_path: Path, keepers: list[Keeper]) -> None:
    cloud = reopened(keepers, tmp_path)
    make_secret(cloud, "before")
    kept = cloud.snapshot()
    make_secret(cloud, "behind")
    cloud.restore(kept)
    make_secret(cloud, "again")

    again = reopened(keepers, tmp_path)

    assert [get_secret(again, name).status for name in ("before", "behind", "again")] == [200, 404, 200]


def test_an_emptied_cloud_stays_empty(tmp_path: Path, keepers: list[Keeper]) -> None:
    cloud = reopened(keepers, tmp_path)
    use(cloud)
    cloud.reset()

    again = reopened(keepers, tmp_path)

    assert everything(again) == everything(new_cloud())


def test_every_field_of_a_resource_is_kept(tmp_path: Path, keepers: list[Keeper]) -> None:
    cloud = reopened(keepers, tmp_path)
    keys = ("storage", "b/acme-data/o/a/b"), ("storage", "b/acme-data/o/c")
    for api, name in keys:
        cloud.create(Record(api, name, {"name": name}, collection="b/acme-data/o"))
    cloud.advance(0)
    database = sqlite3.connect(":memory:")
    database.execute(f"CREATE TABLE records ({TABLES['records']})")
    columns = {each[1] for each in database.execute("PRAGMA table_info(records)")}
    database.close()

    again = reopened(keepers, tmp_path)

    assert columns == {each.name for each in fields(Record)} - {"cached"}
    assert [each.id for each in again.store.page("storage", "b/acme-data/o")] == ["a/b", "c"]


def test_faults_end_with_the_process(tmp_path: Path, keepers: list[Keeper]) -> None:
    cloud = reopened(keepers, tmp_path)
    cloud.faults.add(Fault(status=503))
    assert make_secret(cloud, "key").status == 503

    assert make_secret(reopened(keepers, tmp_path), "key").status == 200


def test_what_was_planned_and_cancelled_does_not_come_back(tmp_path: Path, keepers: list[Keeper]) -> None:
    cloud = reopened(keepers, tmp_path)
    make_secret(cloud, "key")
    record = cloud.store.get("secretmanager", "projects/acme/secrets/key")
    assert record is not None
    cloud.plan(100, record, "secret.expire")
    cloud.advance(0)
    cloud.delete(record)
    cloud.plan(100, record, "secret.expire")
    cloud.plans.cancel(record.api, record.name)  # one that was never written

    again = reopened(keepers, tmp_path)

    assert list(cloud.plans) == list(again.plans) == []


def test_a_read_writes_nothing(tmp_path: Path, keepers: list[Keeper]) -> None:
    cloud = reopened(keepers, tmp_path)
    make_secret(cloud, "key")
    log = tmp_path / f"{FILE}-wal"
    before = log.stat().st_size

    get_secret(cloud, "key")

    assert log.stat().st_size == before


def test_what_is_hidden_keeps_its_bytes(tmp_path: Path, keepers: list[Keeper]) -> None:
    cloud = reopened(keepers, tmp_path)
    hidden = {"payload": b"\x00\xff", "parts": [b"a", {"inner": b"b"}]}
    cloud.create(Record("secretmanager", "projects/acme/secrets/key/versions/1", {"state": "ENABLED"}, hidden))
    cloud.advance(0)

    found = reopened(keepers, tmp_path).store.get("secretmanager", "projects/acme/secrets/key/versions/1")

    assert found is not None
    assert found.hidden == hidden


@pytest.mark.parametrize(
    "value", [{"$bytes": "YQ=="}, {"$bytes": {"$bytes": b"a"}}, {"$bytes": 1}, {"a": "\ud800"}, [None, 1.5]]
)
def test_an_object_that_looks_like_bytes_stays_an_object(value: object) -> None:
    assert read(written(value)) == value


# Parts
# ---------------------------------------------------------------------------------------------------------------------


class Rows:
    """A part that lasts: the rows of tables, a table a piece."""

    def __init__(self) -> None:
        self.tables: dict[str, list[object]] = {}
        self._changed: set[str] = set()

    def add(self, table: str, row: object) -> None:
        self.tables[table] = [*self.tables.get(table, []), row]
        self._changed.add(table)

    def drop(self, table: str) -> None:
        del self.tables[table]
        self._changed.add(table)

    def snapshot(self) -> "Rows":
        copy = Rows()
        copy.tables = dict(self.tables)
        return copy

    def keys(self) -> Iterable[str]:
        return list(self.tables)

    def changed(self) -> Iterable[str]:
        found, self._changed = self._changed, set()
        return found

    def dump(self, key: str) -> object:
        return self.tables.get(key)

    def load(self, key: str, data: Any) -> None:
        self.tables[key] = data


def test_a_part_lasts_piece_by_piece(tmp_path: Path, keepers: list[Keeper]) -> None:
    cloud = reopened(keepers, tmp_path)
    rows = cloud.part("rows", Rows)
    assert isinstance(rows, LastingPart)
    rows.add("a", {"x": b"1"})
    rows.add("b", 2)
    cloud.advance(0)
    rows.add("a", 3)
    rows.drop("b")
    cloud.advance(0)

    again = reopened(keepers, tmp_path)

    assert again.part("rows", Rows).tables == {"a": [{"x": b"1"}, 3]}
    assert again.part("rows", Rows) is again.part("rows", Rows)


def test_a_part_that_nobody_asked_for_is_kept_all_the_same(tmp_path: Path, keepers: list[Keeper]) -> None:
    cloud = reopened(keepers, tmp_path)
    cloud.part("rows", Rows).add("a", 1)
    cloud.advance(0)
    again = reopened(keepers, tmp_path)
    again.restore(again.snapshot())

    assert reopened(keepers, tmp_path).part("rows", Rows).tables == {"a": [1]}


# What cannot be used
# ---------------------------------------------------------------------------------------------------------------------


def refused(directory: Path, **said: Any) -> DataError:
    with pytest.raises(DataError) as error:
        keep(new_cloud(), directory, **said)
    assert str(directory) in error.value.given
    assert error.value.allowed
    assert error.value.remedy
    return error.value


def made(directory: Path) -> Path:
    keep(new_cloud(), directory).close()
    return directory / FILE


def change(path: Path, statement: str) -> None:
    database = sqlite3.connect(path)
    database.execute(statement)
    database.commit()
    database.close()


def test_the_files_are_their_owner_s(tmp_path: Path) -> None:
    path = made(tmp_path / "data")

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = made(tmp_path)
    change(path, f"PRAGMA user_version={VERSION + 1}")
    before = path.read_bytes()

    assert refused(tmp_path).what == "The data are of a newer version"
    assert path.read_bytes() == before


def test_somebody_else_s_database_is_refused(tmp_path: Path) -> None:
    change(tmp_path / FILE, "CREATE TABLE theirs (x)")

    assert "a database of something else" in refused(tmp_path).given


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"something else" * 1000)

    assert refused(tmp_path).what == "The data cannot be opened"


def test_what_makes_no_sense_is_refused(tmp_path: Path) -> None:
    change(made(tmp_path), "UPDATE meta SET value = 'soon' WHERE key = 'now'")

    assert refused(tmp_path).what == "The data cannot be read"


def test_a_directory_is_for_one_cloud_at_a_time(tmp_path: Path) -> None:
    keeper = keep(new_cloud(), tmp_path)

    assert refused(tmp_path).what == "The data are in use"
    keeper.close()
    keep(new_cloud(), tmp_path).close()


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert refused(tmp_path / "file" / "data").what == "The data cannot be opened"


def test_another_seed_is_refused(tmp_path: Path) -> None:
    made(tmp_path)

    assert refused(tmp_path, seed=5).allowed == "the seed 0"


def test_a_call_that_cannot_be_written_is_not_acknowledged(tmp_path: Path, keepers: list[Keeper]) -> None:
    cloud = reopened(keepers, tmp_path)
    database = keepers[0]._database
    database.execute("PRAGMA query_only=ON")

    assert make_secret(cloud, "key").status == 503

    database.execute("PRAGMA query_only=OFF")
    assert make_secret(cloud, "other").status == 200
    again = reopened(keepers, tmp_path)
    assert [get_secret(again, name).status for name in ("key", "other")] == [200, 200], "the next call wrote both"
