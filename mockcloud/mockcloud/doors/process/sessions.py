"""Which clouds are open in this process, and which of them a call belongs to."""

import itertools
import threading
from collections.abc import Iterable
from contextlib import ExitStack
from contextvars import ContextVar
from typing import Final

from mockcloud.cloud.credentials import TOKEN_MARK, TOKEN_PREFIX
from mockcloud.doors.environment import Doors
from mockcloud.doors.process.cloud import MockCloud
from mockcloud.errors import Error


class NoCloud(Error):
    """A call belongs to no cloud that is open, or to none that can be told from the others.

    It is no connection error, so that no client tries again.
    """


class Session:
    """One cloud while it is open.

    Args:
        cloud: The cloud.
        project: Project of its default credentials; "" for none of its own.
        allow: Hosts beside the loopback ones that may be reached for real.
        key: What its tokens end with; "" for a new one.

    Attributes:
        resolved: Addresses of the hosts that were allowed.
        kept: What libraries keep a process, and this session has a copy of: fields by class.
        url: The server for children of this process; "" before there are any.
        doors: The doors for programs that this process starts; None before there are any.
        is_far: Whether its cloud is that of a parent process.
        at_close: What is done when it is closed.
        lock: Held while its doors are opened.
        began: Time of the cloud when it was opened.
        outer: Session of the context in which it was made.
        is_open: Whether it is open.
    """

    def __init__(self, cloud: MockCloud, *, project: str = "", allow: Iterable[str] = (), key: str = "") -> None:
        self.cloud = cloud
        self.project = project
        self.allow = frozenset(each.lower() for each in allow)
        self.resolved: set[str] = set()
        self.kept: dict[str, dict[str, object]] = {}
        self.began = cloud.clock.now
        self.key = key or str(next(_keys))
        self.url = ""
        self.doors: Doors | None = None
        self.is_far = False
        self.at_close = ExitStack()
        self.lock = threading.Lock()
        self.outer = CURRENT.get()
        self.is_open = False

    def open(self) -> None:
        """Open it: from now on, calls of this context are its own."""
        OPEN[self.key] = self
        self.is_open = True
        CURRENT.set(self)

    def close(self) -> None:
        """Close it. What it started and still runs is refused from now on."""
        self.leave()
        self.at_close.close()
        # No reset by token: a fixture may be set up and torn down in different contexts.
        if CURRENT.get() is self:
            CURRENT.set(self.outer)

    def leave(self) -> None:
        """Let no call reach it any more. What other processes have of it stays."""
        OPEN.pop(self.key, None)
        self.is_open = False

    def token(self, member: str) -> str:
        """Give an access token of a caller that leads back to this session."""
        return f"{TOKEN_PREFIX}{member}{TOKEN_MARK}{self.key}"


OPEN: Final[dict[str, Session]] = {}
"""The open sessions by key. Empty, hooks do nothing but keep the tokens of closed ones from Google."""

CURRENT: Final[ContextVar[Session | None]] = ContextVar("mockcloud_session", default=None)
"""The session of this context. It may be closed by now: see `of_context`."""

_keys = itertools.count(1)


def of_context() -> Session | None:
    """Give the innermost open session of this context."""
    session = CURRENT.get()
    while session is not None and not session.is_open:
        session = session.outer
    return session


def here() -> Session | None:
    """Give the session of this context, else the only open one; None where there is none, or it cannot be told."""
    if not OPEN:
        return None
    session = of_context()
    if session is not None:
        return session
    sessions = list(OPEN.values())
    return sessions[0] if len(sessions) == 1 else None


def of_token(token: str) -> tuple[bool, Session | None]:
    """Tell whether a token was given out by a session, and by which, if that is open."""
    if not token.startswith(TOKEN_PREFIX):
        return False, None
    _, mark, key = token.rpartition(TOKEN_MARK)
    return bool(mark), OPEN.get(key)


def choose(authorization: str = "") -> Session:
    """Give the session of a call: its credentials', else its context's, else the only open one.

    Args:
        authorization: Value of the call's `authorization` header or metadata; "" for none.

    Raises:
        NoCloud: There is none, or several and nothing tells which.
    """
    marked, session = of_token(authorization.partition(" ")[2])
    session = session or (of_context() if marked else here())
    if session is not None:
        return session
    refuse_closed(authorization)
    raise NoCloud(
        "A call cannot be given to a mock cloud",
        given=f"{len(OPEN)} open clouds, and neither credentials nor context that name one",
        allowed="a call with the credentials of an open cloud, from within its context, or while only one is open",
        remedy="Make the client with `google.auth.default()` inside `with mock_gcp()`, or start the thread there.",
    )


def refuse_closed(authorization: str) -> None:
    """Refuse a call with credentials of a session that is closed: not even a mock token goes to the real Google.

    Args:
        authorization: Value of the call's `authorization` header or metadata; "" for none.

    Raises:
        NoCloud: The credentials are of a session that is closed.
    """
    marked, session = of_token(authorization.partition(" ")[2])
    if marked and session is None:
        raise NoCloud(
            "A call comes with the credentials of a mock cloud that is closed",
            given="a client, or a thread of one, that has outlived its cloud",
            allowed="credentials of an open cloud",
            remedy="Make the client while the cloud is open, and close it before; look for one that is kept in a "
            "module, in a cache, or in a fixture of a wider scope.",
        )
