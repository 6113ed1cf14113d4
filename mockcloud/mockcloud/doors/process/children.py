"""Child processes: they reach the cloud of their parent through a server, which starts with the first of them."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from mockcloud.cloud.call import Answer, Request
from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.environment import DEFAULT_PROJECT, UNSET, Doors, settings
from mockcloud.doors.process import sessions
from mockcloud.doors.process.foreign import Foreign
from mockcloud.doors.process.sessions import Session


def url_of(session: Session) -> str:
    """Give the address of the server of a session's cloud, for children that have hooks of their own."""
    with session.lock:
        if not session.url:
            from mockcloud.doors.rest.server import serve

            session.url = session.at_close.enter_context(serve(_Polled(session.cloud))).url
        return session.url


def doors_of(session: Session) -> Doors:
    """Give the doors of a session's cloud, for programs that know nothing of it.

    A child has those of its parent that were open when it was started, and the server.
    """
    with session.lock:
        if session.doors is None:
            session.doors = Doors(url=session.url) if session.is_far else _open(session)
        return session.doors


def _open(session: Session) -> Doors:
    from mockcloud.doors.serving import OpenDoors

    directory = session.at_close.enter_context(tempfile.TemporaryDirectory(prefix="mockcloud-"))
    return session.at_close.enter_context(OpenDoors(_Polled(session.cloud), Path(directory))).doors


class _Polled(Cloud):
    """The same cloud, for callers who cannot move its time by waiting: what they wait for is done when they ask.

    Args:
        cloud: The cloud. All state is its own.
    """

    def __init__(self, cloud: Cloud) -> None:
        self.__dict__ = cloud.__dict__

    def dispatch(self, request: Request) -> Answer:
        """Answer a call.

        Raises:
            ApiError: The cloud refuses.
        """
        with self.lock:
            waits, self.waits = self.waits, "poll"
            try:
                return super().dispatch(request)
            finally:
                self.waits = waits


def environment(session: Session, given: Mapping[str, str] | None) -> dict[str, str]:
    """Give the environment of a program that reaches a session's cloud.

    Args:
        session: The session.
        given: What the program was to have; None for what this process has. What it sets by itself stays.
    """
    own = dict(os.environ)
    found = dict(own if given is None else given)
    project = session.project or own.get("GOOGLE_CLOUD_PROJECT") or DEFAULT_PROJECT
    before = {**found, "NO_PROXY": ",".join(filter(None, [found.get("NO_PROXY"), *sorted(session.allow)]))}
    ours = {each.name: each.value for each in settings(doors_of(session), project=project, before=before) if each.value}
    for name in UNSET:
        if name not in ours and found.get(name) == own.get(name):
            found.pop(name, None)
    return {**found, **{name: value for name, value in ours.items() if found.get(name) == own.get(name)}}


@dataclass(frozen=True)
class Ticket:
    """What another Python process needs to open a session there. It can be sent to it.

    Attributes:
        key: The session's key, which its credentials name.
        project: Project of its default credentials.
        allow: Hosts that may be reached.
        url: The server of its cloud.
        doors: Its other doors, where they are open.
        now: Time of its cloud.
    """

    key: str
    project: str
    allow: frozenset[str]
    url: str
    doors: Doors | None
    now: datetime

    def open(self) -> None:
        """Open the session in this process, with the cloud far away."""
        from mockcloud.doors.process.far import FarCloud

        cloud = FarCloud(self.url, self.now)
        session = Session(cloud, project=self.project, allow=self.allow, key=self.key)
        session.url, session.doors, session.is_far = self.url, self.doors, True
        session.open()


def ticket(session: Session) -> Ticket:
    """Give what another process needs to open a session."""
    now = session.cloud.clock.now
    return Ticket(session.key, session.project, session.allow, url_of(session), session.doors, now)


@dataclass(frozen=True)
class Run:
    """What a child of `multiprocessing` runs: itself, inside the session of whoever started it.

    Attributes:
        process: The child.
        ticket: The session.
    """

    process: Foreign
    ticket: Ticket

    def __call__(self) -> None:
        """Run it."""
        from mockcloud.doors.process.installation import install

        install()
        self.ticket.open()
        type(self.process).run(self.process)


_LEFT: Final[list[Session]] = []
"""Sessions of the parent. They stay alive in a child, since their files and servers are the parent's to remove."""


def before_fork() -> None:
    """Start the servers of the open sessions: the copies of clouds that a fork gets would go ways of their own."""
    for session in list(sessions.OPEN.values()):
        url_of(session)


def after_fork() -> None:
    """In the child, replace the copies of clouds by the clouds of the parent."""
    current = sessions.of_context()
    for session in list(sessions.OPEN.values()):
        _LEFT.append(session)
        session.leave()
        if session.url:
            ticket(session).open()
    sessions.CURRENT.set(sessions.OPEN.get(current.key) if current is not None else None)
