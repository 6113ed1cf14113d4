"""What every test shares: the Hypothesis profiles, signals that arrive, and a garbage collector with little to do."""

import gc
import os
import signal
import sys
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

# Derandomised and without a deadline: the same commit gives the same result, on a busy machine too.
settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
# For a developer who hunts: HYPOTHESIS_PROFILE=hunt draws new examples each time, and more of them.
settings.register_profile("hunt", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

# Run in the background of a script, a process ignores Ctrl-C, and so does every child; those of the tests must not.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Libraries of a million objects are imported here, and none of those objects is ever garbage. The collector would look
# through all of them again and again: a quarter of a second each time, more than most tests take. So it rests while
# tests are collected, and what is there after an import it never looks at again.
gc.disable()
_frozen = 0


def _freeze() -> None:
    global _frozen  # noqa: PLW0603 - the collector is one for the process, and so is what it was told
    gc.collect()
    gc.freeze()
    _frozen = len(sys.modules)


def pytest_collection_finish() -> None:
    _freeze()
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    result = yield
    if len(sys.modules) > _frozen:
        _freeze()
    return result
