"""The dashboard of a monitored model: anomalies, requests, failures, latency, on one page."""

from __future__ import annotations

import json
from typing import Final

from groundplan.serving.deployment import METRICS

_COLUMNS: Final = 12
_HALF: Final = 6
_HEIGHT: Final = 4


def dashboard_json(title: str, endpoint: str, anomalies: str) -> str:
    """Return a dashboard as the API takes it: of an endpoint's number, and of the metric that counts anomalies."""
    where = f'resource.type="aiplatform.googleapis.com/Endpoint" AND resource.labels.endpoint_id="{endpoint}"'
    charts = (
        ("Anomalies that the monitor found", f'metric.type="{anomalies}"', "ALIGN_DELTA", "REDUCE_SUM"),
        ("Requests a second", f'metric.type="{METRICS}/prediction_count" AND {where}', "ALIGN_RATE", "REDUCE_SUM"),
        ("Failures a second", f'metric.type="{METRICS}/error_count" AND {where}', "ALIGN_RATE", "REDUCE_SUM"),
        (
            "Latency, 95 of 100 requests (ms)",
            f'metric.type="{METRICS}/prediction_latencies" AND {where}',
            "ALIGN_PERCENTILE_95",
            "REDUCE_MAX",
        ),
    )
    tiles = [
        {
            "xPos": index % 2 * _HALF,
            "yPos": index // 2 * _HEIGHT,
            "width": _HALF,
            "height": _HEIGHT,
            "widget": _chart(*chart),
        }
        for index, chart in enumerate(charts)
    ]
    layout = {"displayName": title, "mosaicLayout": {"columns": _COLUMNS, "tiles": tiles}}
    return json.dumps(layout, sort_keys=True, separators=(",", ":"))


def _chart(title: str, counted: str, aligner: str, reducer: str) -> dict[str, object]:
    aggregation = {"alignmentPeriod": "300s", "perSeriesAligner": aligner, "crossSeriesReducer": reducer}
    query = {"timeSeriesFilter": {"filter": counted, "aggregation": aggregation}}
    return {"title": title, "xyChart": {"dataSets": [{"plotType": "LINE", "timeSeriesQuery": query}]}}
