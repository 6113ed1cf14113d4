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
    """Hook `os`: forks, of `multiprocessing` and others, and the programs that it starts itself.

    Of what is to be done at a fork, Python keeps a list.
    """
    os.register_at_fork(before=before_fork, after_in_child=after_fork)
    for name in ("posix_spawn", "posix_spawnp"):
        setattr(module, name, _spawning(getattr(module, name)))
    module.system = _system(module.system)


def _spawning(original: Foreign) -> Foreign:
    """Give a program the settings of the cloud in its environment."""

    @functools.wraps(original)
    def spawn(path: Foreign, argv: Foreign, env: Foreign, /, **kwargs: Foreign) -> int:
        if sessions.OPEN:
            given = None if env is None else {os.fsdecode(name): os.fsdecode(value) for name, value in env.items()}
            env = environment(sessions.choose(), given)
        found: int = original(path, argv, env, **kwargs)
        return found

    return spawn


def _system(original: Foreign) -> Foreign:
    """Run a command as the original does, which cannot be given an environment."""

    @functools.wraps(original)
    def system(command: Foreign) -> int:
        if sessions.OPEN:
            shell = os.posix_spawn("/bin/sh", ["sh", "-c", command], os.environ)
            return os.waitpid(shell, 0)[1]
        found: int = original(command)
        return found

    return system
