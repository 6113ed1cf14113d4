"""What grows is kept element by element: what comes costs what came, and the file says what the cloud says."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.persistence.database import FILE, TABLES
from mockcloud.cloud.persistence.elements import Elements, load
from mockcloud.cloud.persistence.keeper import keep
from mockcloud.cloud.store import Record
from mockcloud.simulator import new_cloud
from tests.mockcloud.cloud.asking import ask

KEY = ("pubsub", "projects/acme/subscriptions/sub")
LONG = 40


@pytest.fixture
def file() -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.execute(f"CREATE TABLE elements ({TABLES['elements']}) WITHOUT ROWID")
    yield database
    database.close()


def write(elements: Elements, hidden: dict[str, Any]) -> dict[str, Any]:
    elements.begin(anew=False)
    rest = elements.write(KEY, hidden)
    elements.settle()
    return rest


def entries(count: int) -> list[dict[str, Any]]:
    return [{"n": number} for number in range(count)]


OLD = entries(LONG)


@pytest.mark.parametrize(
    ("new", "rows"),
    [
        ([*OLD, {"n": LONG}], 1),
        (OLD[5:], 5),
        ([*OLD[:7], *OLD[8:]], 1),
        ([*OLD[:7], {"n": "changed"}, *OLD[8:]], 1),
        ([{"n": "changed"}, *OLD[2:]], 2),
        ([*OLD[3:], {"n": 1}, {"n": 2}], 5),
        ([*OLD[:38], {"n": "between"}, *OLD[38:]], 5),
        (OLD[:38][::-1], None),
        ([OLD[0]] * LONG, None),
        (dict.fromkeys("abc", 1), LONG + 3),
        ([], LONG),
    ],
)
def test_a_change_writes_what_changed(file: sqlite3.Connection, new: Any, rows: int | None) -> None:
    elements = Elements(file)
    assert write(elements, {"backlog": OLD, "few": [1, 2]}) == {"few": [1, 2]}
    before = file.total_changes
    rest = write(elements, {"backlog": new})
    assert rest | load(file).get(KEY, {}) == {"backlog": new}
    assert rows is None or file.total_changes - before == rows
    before = file.total_changes
    write(elements, {"backlog": new})
    assert file.total_changes == before


def test_a_map_goes_by_its_keys(file: sqlite3.Connection) -> None:
    elements = Elements(file)
    old = {str(number): None for number in range(LONG)}
    write(elements, {"seen": old})
    before = file.total_changes
    new = {**dict(list(old.items())[1:]), "7": "changed", "new": None}
    write(elements, {"seen": new})
    assert list(load(file)[KEY]["seen"].items()) == list(new.items())
    assert file.total_changes - before == 3


def test_chunks_are_kept_one_by_one_however_few_they_are(file: sqlite3.Connection) -> None:
    elements = Elements(file)
    for parts in ([b"a"], [b"a", b"b"]):
        assert write(elements, {"parts": parts, "size": 1}) == {"size": 1}
        assert load(file)[KEY] == {"parts": parts}
    elements.remove(KEY)
    assert load(file) == {}


def test_what_was_not_written_is_written_the_next_time(file: sqlite3.Connection) -> None:
    elements = Elements(file)
    write(elements, {"backlog": OLD})
    new = [*OLD, {"n": 1}]
    file.execute("BEGIN")
    elements.begin(anew=False)
    elements.write(KEY, {"backlog": new})
    file.execute("ROLLBACK")
    write(elements, {"backlog": new})
    assert load(file)[KEY]["backlog"] == new


@given(st.lists(st.lists(st.integers(0, 5), max_size=24), max_size=6), st.booleans())
def test_whatever_changes_the_file_says_it(turns: list[list[int]], mapped: bool) -> None:
    known = entries(6)
    with sqlite3.connect(":memory:", isolation_level=None) as database:
        database.execute(f"CREATE TABLE elements ({TABLES['elements']}) WITHOUT ROWID")
        elements = Elements(database)
        write(elements, {"rows": OLD})
        for turn in turns:
            rows: Any = {str(each): known[each] for each in turn} if mapped else [known[each] for each in turn]
            rest = write(elements, {"rows": rows})
            found = (rest | load(database).get(KEY, {}))["rows"]
            assert found == rows
            assert list(found) == list(rows)
    database.close()


# In a cloud
# ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Callable[[], Cloud]]:
    """Give the cloud of a directory as the next process finds it."""
    found: list[Cloud] = []

    def reopened() -> Cloud:
        for each in found:
            if each.keeper is not None:
                each.keeper.close()
        found.append(new_cloud())
        keep(found[-1], tmp_path)
        return found[-1]

    yield reopened
    reopened()
    if found[-1].keeper is not None:
        found[-1].keeper.close()


def test_a_backlog_lasts(kept: Callable[[], Cloud]) -> None:
    cloud = kept()
    ask(cloud, "PUT", "pubsub.googleapis.com/v1/projects/acme/topics/topic", {})
    subscription = "pubsub.googleapis.com/v1/projects/acme/subscriptions/sub"
    ask(cloud, "PUT", subscription, {"topic": "projects/acme/topics/topic"})
    for number in range(LONG):
        message = {"messages": [{"attributes": {"n": str(number)}}]}
        assert ask(cloud, "POST", "pubsub.googleapis.com/v1/projects/acme/topics/topic:publish", message)[0] == 200
    pulled = ask(cloud, "POST", f"{subscription}:pull", {"maxMessages": 10})[1]["receivedMessages"]
    ask(cloud, "POST", f"{subscription}:acknowledge", {"ackIds": [each["ackId"] for each in pulled[:5]]})
    before = cloud.store.get(*KEY)
    again = kept()
    assert again.store.get(*KEY) == before
    assert before is not None
    assert len(before.hidden["backlog"]) == LONG - 5
    ask(again, "DELETE", subscription)
    assert kept().store.get(*KEY) is None


def test_a_chunk_is_kept_when_it_is_acknowledged(kept: Callable[[], Cloud]) -> None:
    cloud = kept()
    ask(cloud, "POST", "storage.googleapis.com/storage/v1/b?project=acme", {"name": "acme-data"})
    url = "storage.googleapis.com/upload/storage/v1/b/acme-data/o"
    ask(cloud, "POST", f"{url}?uploadType=resumable&name=a", {})
    (record,) = [each for each in cloud.store.of("storage") if each.name.startswith("uploads/")]
    chunk = {"content_range": "bytes 0-3/8", "x_upload_content_type": "text/plain"}
    url += f"?uploadType=resumable&upload_id={record.id}"
    assert ask(cloud, "PUT", url, b"abcd", **chunk)[0] == 308
    assert cloud.keeper is not None
    assert load(cloud.keeper._database)["storage", record.name] == {"parts": [b"abcd"]}
    again = kept()
    assert ask(again, "PUT", url, b"efgh", content_range="bytes 4-7/8")[0] == 200
    assert ask(again, "GET", "storage.googleapis.com/storage/v1/b/acme-data/o/a?alt=media")[1] == "abcdefgh"


def test_a_file_of_the_first_version_is_read(tmp_path: Path) -> None:
    cloud = new_cloud()
    keeper = keep(cloud, tmp_path)
    cloud.create(Record(*KEY, {}, {"few": [1]}))
    keeper.close()
    database = sqlite3.connect(tmp_path / FILE)
    database.execute("DROP TABLE elements")
    database.execute("PRAGMA user_version=1")
    database.commit()
    database.close()
    again = new_cloud()
    keeper = keep(again, tmp_path)
    assert again.store.get(*KEY) == cloud.store.get(*KEY)
    keeper.close()
