"""What every test shares: the Hypothesis profiles."""

import os

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
