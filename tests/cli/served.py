"""A mock cloud that is served in this process, which commands find as one that was started on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from groundplan_cli.cloud.running import VARIABLE
from groundplan_cli.cloud.serving import Wanted, noted, serving
from mockcloud.doors.serving import OpenDoors


@contextmanager
def served(runtime: Path) -> Iterator[OpenDoors]:
    """Serve an empty mock cloud while the block runs.

    Args:
        runtime: Where servers note that they run.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        patch.delenv(VARIABLE, raising=False)
        with serving(Wanted()) as doors, noted(doors):
            yield doors
