"""Alerts that go out as soon as anything is counted."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_gcp as gcp

from groundplan.core.component import Component

_CLOSED_AFTER = "1800s"
"""The least that Google allows. While an incident is open, the next change would open none, and tell nobody."""


def alert_policy(
    component: Component, use: str, counted: str, text: str, channels: Sequence[pulumi.Input[str]]
) -> gcp.monitoring.AlertPolicyArgs:
    """Return a policy that alerts as soon as anything is counted.

    ``counted`` is the filter of the time series, ``text`` what is said to who is told.
    """
    each_minute = gcp.monitoring.AlertPolicyConditionConditionThresholdAggregationArgs(
        alignment_period="60s", per_series_aligner="ALIGN_DELTA", cross_series_reducer="REDUCE_SUM"
    )
    above_none = gcp.monitoring.AlertPolicyConditionConditionThresholdArgs(
        filter=counted, comparison="COMPARISON_GT", threshold_value=0, duration="0s", aggregations=[each_minute]
    )
    return gcp.monitoring.AlertPolicyArgs(
        project=component.project.id,
        display_name=component.cloud_name("alert_policy", use),
        combiner="OR",
        severity="ERROR",
        conditions=[gcp.monitoring.AlertPolicyConditionArgs(display_name=use, condition_threshold=above_none)],
        notification_channels=[*channels],
        alert_strategy=gcp.monitoring.AlertPolicyAlertStrategyArgs(auto_close=_CLOSED_AFTER),
        documentation=gcp.monitoring.AlertPolicyDocumentationArgs(mime_type="text/markdown", content=text),
        user_labels=component.labels(),
    )
