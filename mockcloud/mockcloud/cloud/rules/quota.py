"""Quotas: what a call would use must be left of its project's limits. Off, there are none."""

from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import ApiError, exhausted, info
from mockcloud.cloud.quotas.demand import OF_METHOD
from mockcloud.cloud.quotas.table import Metric, metrics


def check(call: Call) -> None:
    """Hold a call to the limits of its project.

    Raises:
        ApiError: 429, or by Compute Engine 403.
    """
    count = OF_METHOD.get(call.method.full_id)
    if count is None:
        return
    region = _region(call.location)
    for name, wanted in count(call.body).items():
        metric = metrics().get(name)
        if metric is None or not wanted:
            continue
        where = region if metric.regional else ""
        limit = call.cloud.quotas.limit(call.project, metric, where)
        if limit >= 0 and call.cloud.quotas.used(call.project, metric, where) + wanted > limit:
            raise _refusal(call, metric, limit, where)


def _region(location: str) -> str:
    """Give the region of a zone."""
    front, _, last = location.rpartition("-")
    return front if len(last) == 1 else location


def _refusal(call: Call, metric: Metric, limit: int, region: str) -> ApiError:
    consumer = f"projects/{call.cloud.projects.number_of(call.project)}"
    details = info(
        "RATE_LIMIT_EXCEEDED" if metric.api != "compute" else "QUOTA_EXCEEDED",
        metric.api,
        consumer=consumer,
        quota_metric=metric.name,
        quota_location=region or "global",
        quota_limit_value=str(limit),
    )
    if metric.api == "compute":
        where = f"in region {region}" if region else "globally"
        return ApiError(
            403,
            "RESOURCE_EXHAUSTED",
            f"Quota '{metric.compute}' exceeded.  Limit: {float(limit)} {where}.",
            reason="quotaExceeded",
            details=[details],
        )
    return exhausted(f"The following quota metrics exceed quota limits: {metric.name}", details)
