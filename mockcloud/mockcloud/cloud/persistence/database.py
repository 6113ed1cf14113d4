"""The file: its tables, and whose it is."""

import sqlite3
from pathlib import Path
from typing import Final

from mockcloud.errors import Error

FILE: Final = "mockcloud.sqlite"
VERSION: Final = 2
"""Version of the tables. A higher one is refused."""

_APPLICATION: Final = 0x67704D43
"""By which a file of SQLite says that it is ours: `gpMC`."""

TABLES: Final = {
    "meta": "key TEXT PRIMARY KEY, value TEXT NOT NULL",
    "records": "api TEXT, name TEXT, body TEXT NOT NULL, hidden TEXT NOT NULL, revision INTEGER NOT NULL, "
    "created TEXT NOT NULL, updated TEXT NOT NULL, collection TEXT NOT NULL, PRIMARY KEY (api, name)",
    "elements": "api TEXT, name TEXT, member TEXT, place INTEGER, key TEXT, value TEXT NOT NULL, "
    "PRIMARY KEY (api, name, member, place)",
    "policies": "api TEXT, name TEXT, policy TEXT NOT NULL, PRIMARY KEY (api, name)",
    "plans": "number INTEGER PRIMARY KEY, at TEXT NOT NULL, api TEXT NOT NULL, name TEXT NOT NULL, "
    "event TEXT NOT NULL, data TEXT NOT NULL",
    "counts": "kind TEXT PRIMARY KEY, count INTEGER NOT NULL",
    "changes": "number INTEGER PRIMARY KEY, at TEXT NOT NULL, caller TEXT NOT NULL, method TEXT NOT NULL, "
    "api TEXT NOT NULL, name TEXT NOT NULL, what TEXT NOT NULL",
    "parts": "part TEXT, key TEXT, data TEXT NOT NULL, PRIMARY KEY (part, key)",
}


class DataError(Error):
    """The file of a cloud cannot be used."""


def opened(directory: Path) -> sqlite3.Connection:
    """Open the file of a directory, and make it where there is none. One process has it at a time.

    Raises:
        DataError: It is of a newer version, of something else, broken, in use, or cannot be made.
    """
    path = directory / FILE
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        # Calls come from several threads, one at a time: the cloud's lock sees to that.
        database = sqlite3.connect(path, isolation_level=None, timeout=0.5, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise _unusable(path, str(error)) from error
    try:
        _hold(database, path)
    except sqlite3.OperationalError as error:
        database.close()
        raise DataError(
            "The data are in use",
            given=f"{path} ({error})",
            allowed="a directory of data that no other mock cloud has open",
            remedy="Stop the other one, or choose another directory.",
        ) from error
    except sqlite3.DatabaseError as error:
        database.close()
        raise _unusable(path, str(error)) from error
    except DataError:
        database.close()
        raise
    return database


def _hold(database: sqlite3.Connection, path: Path) -> None:
    """See whose file it is, before anything in it is changed; then have it alone."""
    database.execute("PRAGMA locking_mode=EXCLUSIVE")
    application, version = (
        database.execute(f"PRAGMA {each}").fetchone()[0] for each in ("application_id", "user_version")
    )
    new = application == 0 and not database.execute("SELECT 1 FROM sqlite_master").fetchone()
    if not new and application != _APPLICATION:
        raise _unusable(path, "a database of something else")
    if version > VERSION:
        raise DataError(
            "The data are of a newer version",
            given=f"{path} with version {version}",
            allowed=f"version {VERSION}",
            remedy="Update groundplan, or choose another directory.",
        )
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=NORMAL")
    database.execute("BEGIN IMMEDIATE")
    if new or version < VERSION:
        for name, columns in TABLES.items():  # an older file lacks some
            rowid = "" if "INTEGER PRIMARY KEY" in columns else " WITHOUT ROWID"
            database.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns}){rowid}")
        database.execute(f"PRAGMA application_id={_APPLICATION}")
        database.execute(f"PRAGMA user_version={VERSION}")
    database.execute("COMMIT")


def broken(path: Path, why: str) -> DataError:
    """Say that what is in the file makes no sense."""
    return DataError(
        "The data cannot be read",
        given=f"{path} ({why})",
        allowed="what a mock cloud wrote",
        remedy="Restore the file from a copy, or choose another directory.",
    )


def _unusable(path: Path, why: str) -> DataError:
    return DataError(
        "The data cannot be opened",
        given=f"{path} ({why})",
        allowed="a directory that may be written to, with a file of the mock cloud in it or none",
        remedy="Choose another directory.",
    )
