"""Functions and classes that run in a mock cloud."""

import functools
import inspect
import unittest
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import TypeVar, cast

from mockcloud.doors.process.foreign import Foreign

Wrapped = TypeVar("Wrapped", bound=Callable[..., object])
Opens = Callable[[], AbstractContextManager[object]]
"""Gives what opens a new cloud when it is entered."""

_SETS_UP, _TEARS_DOWN = "setup_method", "teardown_method"
_SETS_UP_UNITTEST = "setUp"
_KEPT = "_mock_gcp"
"""Attribute of a test object that holds what is to be closed."""


def decorated(wrapped: Wrapped, opens: Opens) -> Wrapped:
    """Give a function or class that runs in a cloud.

    Args:
        wrapped: The function, asynchronous function, generator, or class. A class is changed itself.
        opens: Opens the cloud.
    """
    if not inspect.isclass(wrapped):
        return _function(wrapped, opens)
    if issubclass(wrapped, unittest.TestCase):
        setattr(wrapped, _SETS_UP_UNITTEST, _set_up(wrapped.setUp, opens))
    else:
        _methods(wrapped, opens)
    return cast("Wrapped", wrapped)


def _function(wrapped: Wrapped, opens: Opens) -> Wrapped:
    """Wrap a function by its kind. The wrapper keeps the signature, so that pytest finds its fixtures."""
    if inspect.isasyncgenfunction(wrapped):

        @functools.wraps(wrapped)
        async def wrapper(*args: Foreign, **kwargs: Foreign) -> AsyncIterator[Foreign]:
            with opens():
                async for each in wrapped(*args, **kwargs):
                    yield each

    elif inspect.iscoroutinefunction(wrapped):

        @functools.wraps(wrapped)
        async def wrapper(*args: Foreign, **kwargs: Foreign) -> Foreign:
            with opens():
                return await wrapped(*args, **kwargs)

    elif inspect.isgeneratorfunction(wrapped):

        @functools.wraps(wrapped)
        def wrapper(*args: Foreign, **kwargs: Foreign) -> Iterator[Foreign]:
            with opens():
                yield from wrapped(*args, **kwargs)

    else:

        @functools.wraps(wrapped)
        def wrapper(*args: Foreign, **kwargs: Foreign) -> Foreign:
            with opens():
                return wrapped(*args, **kwargs)

    return cast("Wrapped", wrapper)


def _set_up(set_up: Callable[[Foreign], None], opens: Opens) -> Callable[[Foreign], None]:
    """Open a cloud before a test of unittest is set up, and close it after its last cleanup."""

    @functools.wraps(set_up)
    def wrapper(self: unittest.TestCase) -> None:
        self.enterContext(opens())
        set_up(self)

    return wrapper


def _methods(wrapped: type, opens: Opens) -> None:
    """Let each public method of a class run in a cloud of its own; with pytest's `setup_method`, both in the same."""
    if hasattr(wrapped, _SETS_UP):
        _around(wrapped, opens)
        return
    for name, method in list(vars(wrapped).items()):
        if inspect.isfunction(method) and not name.startswith("_"):
            setattr(wrapped, name, _function(method, opens))


def _around(wrapped: type, opens: Opens) -> None:
    """Open a cloud before pytest's `setup_method`, and close it after `teardown_method`."""
    set_up = getattr(wrapped, _SETS_UP)
    tear_down = getattr(wrapped, _TEARS_DOWN, None)

    @functools.wraps(set_up)
    def setup_method(self: Foreign, *args: Foreign) -> None:
        with ExitStack() as stack:
            stack.enter_context(opens())
            set_up(self, *args)
            setattr(self, _KEPT, stack.pop_all())

    def teardown_method(self: Foreign, *args: Foreign) -> None:
        with getattr(self, _KEPT):
            if tear_down is not None:
                tear_down(self, *args)

    setattr(wrapped, _SETS_UP, setup_method)
    setattr(wrapped, _TEARS_DOWN, functools.wraps(tear_down)(teardown_method) if tear_down else teardown_method)
