"""Locks of states on mock clouds: those of engines that are gone are removed, and no other."""

import json
import os
import socket
from pathlib import Path

import pytest

from groundplan_cli.engine.locks import release_abandoned

GONE = 2**31 - 1
"""The number of a process that no system gives."""


def lock(backend: Path, content: object) -> Path:
    directory = backend / ".pulumi" / "locks" / "organization" / "shop" / "dev"
    directory.mkdir(parents=True)
    file = directory / "1.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def test_a_lock_of_an_engine_that_is_gone_is_removed(tmp_path: Path) -> None:
    file = lock(tmp_path, {"pid": GONE, "username": "me", "hostname": socket.gethostname()})

    release_abandoned(tmp_path)

    assert not file.exists()


@pytest.mark.parametrize(
    "content",
    [
        {"pid": os.getpid(), "hostname": socket.gethostname()},
        {"pid": GONE, "hostname": "of-somebody-else"},
        {"hostname": socket.gethostname()},
        ["nonsense"],
    ],
    ids=["lives", "elsewhere", "without", "other"],
)
def test_every_other_lock_stays(tmp_path: Path, content: object) -> None:
    file = lock(tmp_path, content)

    release_abandoned(tmp_path)

    assert file.exists()


def test_a_lock_that_cannot_be_read_stays(tmp_path: Path) -> None:
    file = lock(tmp_path, {})
    file.write_text("{", encoding="utf-8")

    release_abandoned(tmp_path)

    assert file.exists()
