"""Writes a cloud into its file, call by call; and reads it back."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mockcloud.cloud.errors import ApiError, unavailable
from mockcloud.cloud.persistence.database import FILE, TABLES, DataError, broken, opened
from mockcloud.cloud.persistence.elements import Elements
from mockcloud.cloud.persistence.loading import load
from mockcloud.cloud.persistence.parts import LastingPart, written
from mockcloud.cloud.persistence.recording import RecordingCounts, RecordingPlans, RecordingStore
from mockcloud.cloud.plans import Plan

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud


def keep(cloud: "Cloud", directory: Path, *, seed: int | None = None) -> "Keeper":
    """Keep a cloud in a directory from now on. If one is kept there already, the cloud becomes that one.

    Args:
        cloud: A new cloud.
        directory: The directory. It is made where there is none, for its owner only.
        seed: The seed of ids that somebody asks for; None for whichever the file has.

    Raises:
        DataError: The file is of a newer version, of something else, broken, in use, or of another seed.
    """
    path, database = directory / FILE, opened(directory)
    try:
        with cloud.lock:
            load(cloud, database, path, seed)
            cloud.keeper = Keeper(cloud, database, directory.resolve())
            cloud.keeper.commit()
    except (sqlite3.DatabaseError, ValueError, KeyError, TypeError, AttributeError) as error:
        database.close()
        raise broken(path, f"{type(error).__name__}: {error}") from error
    except (DataError, ApiError):
        database.close()
        raise
    return cloud.keeper


class Keeper:
    """Writes a cloud into its file.

    Args:
        cloud: The cloud.
        database: The open file.
        directory: Where it is.

    Attributes:
        directory: As given.
    """

    def __init__(self, cloud: "Cloud", database: sqlite3.Connection, directory: Path) -> None:
        self.directory = directory
        self._cloud = cloud
        self._database = database
        self._elements = Elements(database)
        self._owed: dict[str, set[str]] = {}
        self._watch()

    def close(self) -> None:
        """Write what was done outside of calls, and close the file. What comes later is not kept."""
        with self._cloud.lock:
            try:
                self.commit()
            finally:
                self._cloud.keeper = None
                self._database.close()

    def commit(self) -> None:
        """Write what changed since the last time, whole or not at all.

        Raises:
            ApiError: 503, where it cannot be written. The next call tries again.
        """
        cloud = self._cloud
        if (
            cloud.store is not self._store
            or cloud.plans is not self._plans
            or cloud.ids.counts is not self._counts
            or cloud.journal is not self._journal
        ):
            self._watch()  # a snapshot was restored
        for name, part in cloud.parts.items():
            if isinstance(part, LastingPart) and (keys := set(part.changed())):
                self._owed.setdefault(name, set()).update(keys)
        if self._all or self._owed or self._moved():
            self._elements.begin(anew=self._all)
            with self._transaction():
                self._write_all() if self._all else self._write_changes()
            self._settle()

    def _watch(self) -> None:
        """Put state that remembers in the place of the cloud's, and write everything next time."""
        cloud = self._cloud
        self._store = cloud.store = RecordingStore(cloud.store)
        self._plans = cloud.plans = RecordingPlans(cloud.plans)
        self._counts = cloud.ids.counts = RecordingCounts(cloud.ids.counts)
        self._journal = cloud.journal
        self._changes = 0
        self._policies, self._now = 0, cloud.clock.now
        self._all = True

    def _moved(self) -> bool:
        return bool(
            self._store.touched
            or self._plans.came
            or self._plans.went
            or self._counts.touched
            or self._now != self._cloud.clock.now
            or self._policies != len(self._store.policies.changed)
            or self._changes != len(self._journal.changes)
        )

    def _settle(self) -> None:
        for each in (self._store.touched, self._plans.came, self._plans.went, self._counts.touched, self._owed):
            each.clear()
        self._policies, self._now = len(self._store.policies.changed), self._cloud.clock.now
        self._changes = len(self._journal.changes)
        self._elements.settle()
        self._all = False

    # Rows
    # -----------------------------------------------------------------------------------------------------------------

    def _write_all(self) -> None:
        for table in TABLES:
            self._database.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
        self._changes = 0
        self._write_records((each.api, each.name) for each in self._store)
        self._write_policies(self._store.policies)
        self._write_plans(self._plans)
        self._write_counts(list(self._counts))
        parts = {name: part.keys() for name, part in self._cloud.parts.items() if isinstance(part, LastingPart)}
        self._write_rest(parts)

    def _write_changes(self) -> None:
        self._write_records(self._store.touched)
        self._write_policies(dict.fromkeys(self._store.policies.changed[self._policies :]))
        self._many("DELETE FROM plans WHERE number = ?", ((each,) for each in self._plans.went))
        self._write_plans(self._plans.came.values())
        self._write_counts(list(self._counts.touched))
        self._write_rest(self._owed)

    def _write_rest(self, parts: Mapping[str, Iterable[str]]) -> None:
        self._many("INSERT INTO changes VALUES (?,?,?,?,?,?,?)", self._journal.changes[self._changes :])
        for name, keys in parts.items():
            self._write_part(name, keys)
        meta = {"seed": self._cloud.ids.seed, "now": self._cloud.clock.now.isoformat(), "planned": self._plans.count}
        self._many("INSERT OR REPLACE INTO meta VALUES (?,?)", ((key, str(value)) for key, value in meta.items()))

    def _write_records(self, keys: Iterable[tuple[str, str]]) -> None:
        for key in keys:
            found = self._store.get(*key)
            if found is None:
                self._database.execute("DELETE FROM records WHERE api = ? AND name = ?", key)
                self._elements.remove(key)
            else:
                content = (written(found.body), written(self._elements.write(key, found.hidden)))
                row = (*key, *content, found.revision, found.created, found.updated, found.collection)
                self._database.execute("INSERT OR REPLACE INTO records VALUES (?,?,?,?,?,?,?,?)", row)

    def _write_policies(self, keys: Iterable[tuple[str, str]]) -> None:
        now = self._store.policies
        for key in keys:
            policy = now.get(key)
            if policy is None:
                self._database.execute("DELETE FROM policies WHERE api = ? AND name = ?", key)
            else:
                self._database.execute("INSERT OR REPLACE INTO policies VALUES (?,?,?)", (*key, written(policy)))

    def _write_plans(self, plans: Iterable[Plan]) -> None:
        rows = (
            (each.order, each.at.isoformat(), each.api, each.name, each.event, written(each.data)) for each in plans
        )
        self._many("INSERT OR REPLACE INTO plans VALUES (?,?,?,?,?,?)", rows)

    def _write_counts(self, kinds: Iterable[str]) -> None:
        self._many("INSERT OR REPLACE INTO counts VALUES (?,?)", ((each, self._counts[each]) for each in kinds))

    def _write_part(self, name: str, keys: Iterable[str]) -> None:
        part = self._cloud.parts.get(name)
        for key in keys:
            data = part.dump(key) if isinstance(part, LastingPart) else None
            if data is None:
                self._database.execute("DELETE FROM parts WHERE part = ? AND key = ?", (name, key))
            else:
                self._database.execute("INSERT OR REPLACE INTO parts VALUES (?,?,?)", (name, key, written(data)))

    def _many(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        self._database.executemany(statement, rows)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._database.execute("BEGIN IMMEDIATE")
            yield
            self._database.execute("COMMIT")
        except sqlite3.Error as error:
            raise unavailable(f"The mock cloud cannot write its data: {error}.") from error
        finally:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
