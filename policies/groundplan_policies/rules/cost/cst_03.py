"""CST-03: what nobody uses stops."""

import re
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, evidence, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, Reading
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, any_of, fail, indeterminate
from groundplan_policies.rules.encryption.machines import is_virtual

_NOTEBOOK: Final = "workbench.Instance"
_HADOOP: Final = "dataproc.Cluster"
_PATHS: Final = {
    _NOTEBOOK: Path("gceSetup.metadata", "idle-timeout-seconds"),
    "colab.RuntimeTemplate": Path("idleShutdownConfig.idleTimeout"),
    _HADOOP: Path("clusterConfig.lifecycleConfig.idleDeleteTtl"),
}
_STOPPED: Final = Path("clusterConfig.lifecycleConfig.idleStopTtl")
_SECONDS: Final = re.compile(r"(\d+)s?")
_LEAST: Final = 600
"""Ten minutes, the least that Google takes: less would stop people while they read."""
_ANY: Final = frozenset({_HADOOP})
"""Types for which it is enough that there is a time."""


def _check(resource: Resource, context: Context) -> Outcome:
    short = short_name(resource.type)
    return _time(_PATHS[short].one(resource), short, context)


def _hadoop(resource: Resource, context: Context) -> Outcome:
    """Judge a cluster of Dataproc, which may be stopped as well as deleted. On Kubernetes it has no machines."""
    if is_virtual(resource):
        return NOT_APPLICABLE
    deleted = _check(resource, context)
    return deleted if deleted is PASS else any_of([deleted, _time(_STOPPED.one(resource), _HADOOP, context)])


def _time(reading: Reading, short: str, context: Context) -> Outcome:
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
        "of Dataproc is deleted or stopped after some time. An empty text and 0 switch it off."
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
        Read(_HADOOP, _PATHS[_HADOOP].text),
        Read.aside(_HADOOP, _STOPPED.text),
        Read.aside(_HADOOP, "virtualClusterConfig"),
    ),
    checks={**dict.fromkeys(_PATHS, _check), _HADOOP: _hadoop},
    settings=("idle_seconds",),
)
