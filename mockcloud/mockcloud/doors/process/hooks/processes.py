"""Child processes: they are given what they need to reach the cloud."""

import functools
import inspect
import os

from mockcloud.doors.process import sessions
from mockcloud.doors.process.children import Run, after_fork, before_fork, environment, ticket
from mockcloud.doors.process.foreign import Foreign


def install(subprocess: Foreign) -> None:
    """Hook `subprocess`: programs get the settings of the cloud in their environment."""
    original = subprocess.Popen.__init__
    signature = inspect.signature(original)

    @functools.wraps(original)
    def start(*args: Foreign, **kwargs: Foreign) -> None:
        # Several clouds and none of them this context's: refused, since what passes on has the real credentials.
        if sessions.OPEN:
            session = sessions.choose()
            bound = signature.bind(*args, **kwargs)
            bound.arguments["env"] = environment(session, bound.arguments.get("env"))
            args, kwargs = bound.args, bound.kwargs
        original(*args, **kwargs)

    subprocess.Popen.__init__ = start


def install_multiprocessing(process: Foreign) -> None:
    """Hook `multiprocessing.process`: children run inside the session."""
    original = process.BaseProcess.start

    @functools.wraps(original)
    def start(self: Foreign) -> None:
        if not sessions.OPEN:
            original(self)
            return
        self.run = Run(self, ticket(sessions.choose()))
        try:
            original(self)
        finally:
            del self.run

    process.BaseProcess.start = start


def install_forks(module: Foreign) -> None:
    """Hook forks, of `multiprocessing` and others. Python keeps the list of what is to be done then."""
    del module
    os.register_at_fork(before=before_fork, after_in_child=after_fork)
