"""Reads a cloud from its file."""

import sqlite3
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mockcloud.cloud.journal import Changed
from mockcloud.cloud.persistence import elements
from mockcloud.cloud.persistence.database import DataError
from mockcloud.cloud.persistence.parts import Kept, read
from mockcloud.cloud.plans import Plan
from mockcloud.cloud.store import Record

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud


def load(cloud: "Cloud", database: sqlite3.Connection, path: Path, seed: int | None) -> None:
    """Make a new cloud what the file says; nothing where the file is new.

    Raises:
        DataError: It belongs to a cloud of another seed.
    """
    meta = dict(database.execute("SELECT key, value FROM meta"))
    if not meta:
        return
    kept = int(meta["seed"])
    if seed not in (None, kept):
        raise DataError(
            "The data belong to a cloud of another seed",
            given=f"seed {seed}; {path} has seed {kept}",
            allowed=f"the seed {kept}",
            remedy="Leave the seed out, or choose another directory.",
        )
    cloud.ids.seed = kept
    cloud.clock.now = datetime.fromisoformat(meta["now"])
    _resources(cloud, database)
    _plans(cloud, database, int(meta["planned"]))
    cloud.ids.counts.update(dict(database.execute("SELECT kind, count FROM counts")))
    rows = database.execute("SELECT number, at, caller, method, api, name, what FROM changes ORDER BY number")
    cloud.journal.changes.extend(Changed(*row) for row in rows)
    parts: dict[str, dict[str, object]] = {}
    for part, key, data in database.execute("SELECT part, key, data FROM parts"):
        parts.setdefault(part, {})[key] = read(data)
    cloud.parts.update({part: Kept(each) for part, each in parts.items()})


def _resources(cloud: "Cloud", database: sqlite3.Connection) -> None:
    rows = database.execute("SELECT api, name, body, hidden, revision, created, updated, collection FROM records")
    grown = elements.load(database)
    for api, name, body, hidden, *rest in rows:
        cloud.store.put(Record(api, name, read(body), read(hidden) | grown.get((api, name), {}), *rest))
    for api, name, policy in database.execute("SELECT api, name, policy FROM policies"):
        cloud.store.policies[api, name] = read(policy)
    cloud.projects.forget()


def _plans(cloud: "Cloud", database: sqlite3.Connection, count: int) -> None:
    rows = database.execute("SELECT number, at, api, name, event, data FROM plans")
    cloud.plans.refill(
        (
            Plan(datetime.fromisoformat(at), number, api, name, event, read(data))
            for number, at, api, name, event, data in rows
        ),
        count,
    )
