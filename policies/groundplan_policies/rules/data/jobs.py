"""Jobs of Sensitive Data Protection: whether one runs, and when."""

from typing import Final

from groundplan_policies.engine.expect import every, is_one_of, is_set
from groundplan_policies.engine.verdicts import Verdict

HEALTHY: Final = is_one_of("status", "HEALTHY", absent=Verdict.PASS)
SCHEDULED: Final = is_set("triggers.schedule.recurrencePeriodDuration", expected="a period between runs")
RUNS: Final = every(HEALTHY, SCHEDULED)
"""A trigger is on, and starts its job again and again."""
