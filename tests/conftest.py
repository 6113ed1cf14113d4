"""What every test shares: the Hypothesis profiles, and signals that arrive."""

import os
import signal

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
