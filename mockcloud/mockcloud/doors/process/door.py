"""`mock_gcp`: opens a mock cloud for a block, a function or a class."""

from collections.abc import Callable, Iterable
from contextlib import ContextDecorator
from datetime import datetime
from types import TracebackType

from mockcloud.cloud.clock import START
from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.process.installation import install
from mockcloud.doors.process.sessions import DEFAULT_PROJECT, Session
from mockcloud.simulator import new_cloud


class MockGcp(ContextDecorator):
    """Opens a new cloud each time that it is entered."""

    def __init__(self, make: Callable[[], Session]) -> None:
        self._make = make
        self._open: list[Session] = []

    def __enter__(self) -> Cloud:
        """Open a cloud."""
        install()
        session = self._make()
        session.open()
        self._open.append(session)
        return session.cloud

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close it."""
        self._open.pop().close()


def mock_gcp(
    profile: str = "lenient",
    *,
    on: Iterable[str] = (),
    off: Iterable[str] = (),
    project: str = DEFAULT_PROJECT,
    allow: Iterable[str] = (),
    seed: int = 0,
    start: datetime = START,
    waits: str = "clock",
) -> MockGcp:
    """Open a mock cloud."""

    def make() -> Session:
        cloud = new_cloud(profile, on=on, off=off, seed=seed, start=start, waits=waits)
        return Session(cloud, project=project, allow=allow)

    return MockGcp(make)
