"""`mock_gcp`: opens a mock cloud for a block, a function or a class."""

from collections.abc import Callable, Iterable
from datetime import datetime
from types import TracebackType
from typing import TypeVar, overload

from mockcloud.cloud.clock import START
from mockcloud.doors.process import sessions
from mockcloud.doors.process.cloud import MockCloud
from mockcloud.doors.process.decoration import decorated
from mockcloud.doors.process.installation import install
from mockcloud.doors.process.sessions import Session
from mockcloud.simulator import new_cloud

Decorated = TypeVar("Decorated", bound=Callable[..., object])
"""A function, an asynchronous function or a class."""


class MockGcp:
    """Opens a mock cloud: with `with`, with `async with`, or as a decorator. Each time a new one, unless it was given.

    Args:
        make: Makes what is opened.
    """

    def __init__(self, make: Callable[[], Session]) -> None:
        self._make = make
        self._open: list[Session] = []

    def __enter__(self) -> MockCloud:
        """Open a cloud, and give it."""
        install()
        session = self._make()
        session.open()
        self._open.append(session)
        return session.cloud

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the cloud that was opened in this context, or else the last one."""
        session = sessions.CURRENT.get()
        while session is not None and session not in self._open:
            session = session.outer
        session = session or self._open[-1]
        self._open.remove(session)
        session.close()

    async def __aenter__(self) -> MockCloud:
        """Open a cloud, and give it."""
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close it."""
        self.__exit__(kind, error, traceback)

    def __call__(self, wrapped: Decorated) -> Decorated:
        """Decorate a function or a class: see `mock_gcp`."""
        return decorated(wrapped, lambda: MockGcp(self._make))


@overload
def mock_gcp(profile: Decorated, /) -> Decorated: ...


@overload
def mock_gcp(
    profile: str = "lenient",
    *,
    on: Iterable[str] = (),
    off: Iterable[str] = (),
    project: str = "",
    allow: Iterable[str] = (),
    seed: int = 0,
    start: datetime = START,
    waits: str = "clock",
    cloud: MockCloud | None = None,
) -> MockGcp: ...


def mock_gcp(  # noqa: PLR0913 - each can be left out
    profile: str | Decorated = "lenient",
    *,
    on: Iterable[str] = (),
    off: Iterable[str] = (),
    project: str = "",
    allow: Iterable[str] = (),
    seed: int = 0,
    start: datetime = START,
    waits: str = "clock",
    cloud: MockCloud | None = None,
) -> MockGcp | Decorated:
    """Open a mock cloud for a block of code or for what it decorates.

    `with mock_gcp() as cloud:`, `async with …`, and `@mock_gcp` above a function or a class are the ways to write it.

    While it is open, Google's clients in this process call it, whatever transport they use; `google.auth.default()`
    gives its credentials; nothing else leaves the process, but to servers of this machine and the hosts in `allow`.
    This holds for what calls through Python's sockets or a library that is hooked: uvloop and clients in native code
    (libcurl, database drivers, Rust) use neither, and reach the real network. Programs that `os.exec*` and `os.spawn*`
    start have the environment as it is. Waits inside Google's clients take no time: they move the cloud's.

    A decorated function runs in a new cloud each time; so does each method of a decorated class that is public, or each
    test of a `unittest.TestCase` with its `setUp`. `current_cloud()` gives the cloud there.

    Args:
        profile: `lenient`: the caller owns everything, APIs are on, projects appear on first use. `strict`: everything
            is asked.
        on: Rules that are on beside the profile's: `authentication`, `projects`, `enablement`, `organisation`,
            `perimeter`, `access`, `quota`, `references`, `in-use`.
        off: Rules that are off.
        project: Project of the default credentials; "" for the one in GOOGLE_CLOUD_PROJECT, else `mock-project`.
        allow: Hosts beside this machine's that may be reached for real, with `*` and `?` as in file names.
        seed: Of the ids: the same one gives the same.
        start: When the cloud's time begins.
        waits: `clock`: only time that passes finishes what takes time. `poll`: whoever asks for it sees it done.
        cloud: A cloud to open, instead of a new one; profile, rules, seed, start and waits are its own.

    Raises:
        NoSuchRule: A profile or rule is unknown.
    """
    if callable(profile):
        return mock_gcp()(profile)
    rules_on, rules_off, hosts = tuple(on), tuple(off), tuple(allow)

    def make() -> Session:
        opened = cloud or new_cloud(
            profile, on=rules_on, off=rules_off, seed=seed, start=start, waits=waits, kind=MockCloud
        )
        return Session(opened, project=project, allow=hosts)

    return MockGcp(make)


def current_cloud() -> MockCloud:
    """Give the cloud that a call from here would reach without credentials.

    Raises:
        NoCloud: None is open here, or several are and this context belongs to none.
    """
    return sessions.choose().cloud
