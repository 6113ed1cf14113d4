"""CST-03: what nobody uses stops."""

import re
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, evidence, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, Reading
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, fail, indeterminate

_NOTEBOOK: Final = "workbench.Instance"
_PATHS: Final = {
    _NOTEBOOK: Path("gceSetup.metadata", "idle-timeout-seconds"),
    "colab.RuntimeTemplate": Path("idleShutdownConfig.idleTimeout"),
    "dataproc.Cluster": Path("clusterConfig.lifecycleConfig.idleDeleteTtl"),
}
_SECONDS: Final = re.compile(r"(\d+)s?")
_LEAST: Final = 600
"""Ten minutes, the least that Google takes: less would stop people while they read."""
_ANY: Final = frozenset({"dataproc.Cluster"})
"""Types for which it is enough that there is a time."""


def _check(resource: Resource, context: Context) -> Outcome:
    short = short_name(resource.type)
    reading = _PATHS[short].one(resource)
    nothing = fail("is absent, so that it runs, and is paid for, until somebody thinks of it", reading.path)
    missing = unreadable(reading, absent=nothing, empty=nothing)
    if missing is not None:
        return missing
    if short != _NOTEBOOK and not isinstance(reading.value, str):
        return wrong_type(reading, "a text such as 3600s")
    found = _SECONDS.fullmatch(str(reading.value).strip())
    if found is None:
        return indeterminate("is no number of seconds", reading.path)
    return _judge(int(found[1]), reading, context, any_time=short in _ANY)


def _judge(seconds: int, reading: Reading, context: Context, *, any_time: bool) -> Outcome:
    most = context.parameters.idle_seconds
    if any_time:
        return PASS if seconds else fail("is 0, which stops nothing", reading.path)
    if most is None:
        return indeterminate("the settings do not say after which time what is idle stops", reading.path)
    good = _LEAST <= seconds <= most
    return PASS if good else fail(f"is not between {_LEAST} and {most} seconds", reading.path, str(seconds))


CONTROL = Control(
    id="CST-03",
    title="What nobody uses stops",
    why=(
        "Notebooks are opened for an hour and paid for by the month. A notebook or a runtime stops after a time "
        "without work, of ten minutes at the least and what the settings say at the most (`idle_seconds`); a cluster "
        "of Dataproc is deleted after some time. An empty text and 0 switch it off."
    ),
    remedy="Use Workbench or ColabRuntime, or set `idle-timeout-seconds`, `idle_timeout`, `idle_delete_ttl`.",
    severity=Severity.MEDIUM,
    objectives=("2.2.b",),
    clauses=(
        partial("nist-800-53-r5", "SC-6", "Work that never ends."),
        evidence("nist-ai-rmf-1.0", "MEASURE 2.12", "What the energy of work is."),
    ),
    reads=(
        Read("workbench.Instance", "gceSetup.metadata"),
        Read("colab.RuntimeTemplate", "idleShutdownConfig.idleTimeout"),
        Read("dataproc.Cluster", "clusterConfig.lifecycleConfig.idleDeleteTtl"),
    ),
    checks=dict.fromkeys(_PATHS, _check),
    settings=("idle_seconds",),
)
