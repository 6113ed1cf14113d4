"""Alerts on models: by what they look at, and by what they are a part of."""

import re
from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.projects import home
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import UNKNOWN, without_unknown
from groundplan_policies.rules.monitoring.filters import FilterError, parse
from groundplan_policies.rules.monitoring.matching import pinned
from groundplan_policies.rules.monitoring.watching import FILTER, METRIC
from groundplan_policies.rules.responsible.declarations import MONITORING

QUERIES: Final = tuple(
    Path(f"conditions.{each}")
    for each in (
        "conditionThreshold.filter",
        "conditionAbsent.filter",
        "conditionMatchedLog.filter",
        "conditionMonitoringQueryLanguage.query",
        "conditionPrometheusQueryLanguage.query",
        "conditionSql.query",
    )
)
"""What the conditions of an alert ask for."""

_AROUND: Final = frozenset({MONITORING, "groundplan:serving:OnlineEndpoint"})
_MODELS: Final = re.compile(r"aiplatform[._]", re.IGNORECASE)
"""How queries name what Vertex AI measures and logs: `aiplatform.googleapis.com/…`, `aiplatform_googleapis_com:…`."""
_USER: Final = "logging.googleapis.com/user/"


def is_on_models(alert: Resource, graph: Graph) -> bool | None:
    """Whether an alert is on a model; None if nobody can tell.

    It is if a condition looks at what Vertex AI measures or logs, be it by a metric of this document that counts log
    entries; or if it is a part of ModelMonitoring or OnlineEndpoint.
    """
    readings = [each for path in QUERIES for each in path.read(alert)]
    counted = [FILTER.one(metric) for each in readings for metric in _metrics(alert, each, graph)]
    found = [*readings, *counted]
    if _is_part(alert, graph) or any(_MODELS.search(each.text) for each in found):
        return True
    return None if any(map(_is_unclear, found)) else False


def _metrics(alert: Resource, reading: Reading, graph: Graph) -> Iterator[Resource]:
    """Give the metrics of this document by which a condition counts log entries."""
    yield from (each for each in graph.origins(alert, reading) if short_name(each.type) == METRIC)
    try:
        types = pinned(parse(without_unknown(reading.text)), ("metric", "type")) if reading.text else ()
    except FilterError:
        return
    names = {each.removeprefix(_USER) for each in types if each.startswith(_USER)}
    for metric in graph.of(METRIC) if names else ():
        if metric.inputs.get("name") in names and home(graph, metric) == home(graph, alert):
            yield metric


def _is_unclear(reading: Reading) -> bool:
    """Whether what an alert looks at cannot be read. Where only a part of it is unknown, the rest tells."""
    odd = reading.state is State.KNOWN and not isinstance(reading.value, str)
    return odd or reading.state in {State.SECRET, State.WRONG} or reading.value == UNKNOWN


def _is_part(alert: Resource, graph: Graph) -> bool:
    here = graph.parent(alert)
    while here is not None and here.type not in _AROUND:
        here = graph.parent(here)
    return here is not None
