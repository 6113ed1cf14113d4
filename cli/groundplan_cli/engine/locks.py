"""Locks of states on mock clouds: an engine that is killed leaves one, and `pulumi cancel` is for other backends."""

import json
import os
import socket
from pathlib import Path


def lives(pid: int) -> bool:
    """Whether a process of this machine is there."""
    try:
        os.kill(pid, 0)  # sends nothing
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True


def release_abandoned(backend: Path) -> None:
    """Remove the locks of engines of this machine that are gone.

    Args:
        backend: The directory of a state that is groundplan's own.
    """
    for lock in (backend / ".pulumi" / "locks").glob("**/*.json"):
        try:
            content = json.loads(lock.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue  # it is being written, or another run has removed it
        pid = content.get("pid") if isinstance(content, dict) else None
        if isinstance(pid, int) and content.get("hostname") == socket.gethostname() and not lives(pid):
            lock.unlink(missing_ok=True)
