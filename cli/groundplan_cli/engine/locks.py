"""Locks of states on mock clouds: an engine that is killed leaves one, and `pulumi cancel` is for other backends."""

import json
import socket
from pathlib import Path

from groundplan_cli.cloud.running import is_process


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
        if isinstance(pid, int) and content.get("hostname") == socket.gethostname() and not is_process(pid):
            lock.unlink(missing_ok=True)
