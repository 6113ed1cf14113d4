"""Quotas as Service Usage shows them, and overrides of their limits."""

from typing import Any, Final
from urllib.parse import quote, unquote

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import not_found
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.quotas.table import Metric, metrics
from mockcloud.cloud.store import Body, Record
from mockcloud.services.serviceusage.service import API, SERVICE, operation

_METRICS: Final = "services.consumerQuotaMetrics"
_OVERRIDES: Final = ("adminOverrides", "consumerOverrides")


def _unit(metric: Metric) -> str:
    return "1/{project}/{region}" if metric.regional else "1/{project}"


def _limit_id(metric: Metric) -> str:
    return quote(f"/project/{'region' if metric.regional else 'all'}", safe="")


def _prefix(call: Call) -> str:
    """Give the name of the service, with the project's number: `projects/1/services/compute.googleapis.com`."""
    service = call.name.split("/")[3]
    return f"projects/{call.cloud.projects.number_of(call.project)}/services/{service}"


def shown(call: Call, metric: Metric) -> dict[str, Any]:
    """Give a metric with its limits."""
    name = f"{_prefix(call)}/consumerQuotaMetrics/{quote(metric.name, safe='')}"
    return {
        "name": name,
        "metric": metric.name,
        "displayName": metric.title,
        "unit": "1",
        "consumerQuotaLimits": [_limit(call, metric, name)],
    }


def _limit(call: Call, metric: Metric, name: str) -> dict[str, Any]:
    whole = call.cloud.quotas.limit(call.project, metric)
    buckets: list[dict[str, Any]] = [{"effectiveLimit": str(whole), "defaultLimit": str(metric.limit)}]
    for region in call.cloud.quotas.regions(call.project, metric):
        value = call.cloud.quotas.limit(call.project, metric, region)
        buckets.append(
            {"effectiveLimit": str(value), "defaultLimit": str(metric.limit), "dimensions": {"region": region}}
        )
    return {
        "name": f"{name}/limits/{_limit_id(metric)}",
        "metric": metric.name,
        "unit": _unit(metric),
        "quotaBuckets": buckets,
    }


def _metric(call: Call) -> Metric:
    parts = call.name.split("/consumerQuotaMetrics/", 1)[1]
    name = unquote(parts.split("/limits/")[0])
    found = metrics().get(name)
    if found is None:
        raise not_found(name, what="Quota metric")
    return found


@SERVICE.method(f"{_METRICS}.list")
def list_(call: Call) -> Answer | Body:
    """Give the metrics of a service."""
    api = call.name.split("/")[3].removesuffix(".googleapis.com")
    chosen, token = slice_page(call, call.cloud.quotas.of_service(api))
    found = [shown(call, each) for each in chosen]
    return {**({"metrics": found} if found else {}), **({"nextPageToken": token} if token else {})}


@SERVICE.method(f"{_METRICS}.get")
def get(call: Call) -> Answer | Body:
    """Give a metric."""
    return shown(call, _metric(call))


@SERVICE.method(f"{_METRICS}.limits.get")
def get_limit(call: Call) -> Answer | Body:
    """Give the limit of a metric."""
    metric = _metric(call)
    return _limit(call, metric, f"{_prefix(call)}/consumerQuotaMetrics/{quote(metric.name, safe='')}")


# Overrides
# ---------------------------------------------------------------------------------------------------------------------


def _methods(verb: str) -> tuple[str, ...]:
    return tuple(f"{_METRICS}.limits.{each}.{verb}" for each in _OVERRIDES)


def _hold(call: Call, override: Body) -> None:
    """Let an override count: the limit is what it says."""
    region = override.get("dimensions", {}).get("region", "")
    call.cloud.quotas.set(call.project, _metric(call).name, int(override.get("overrideValue", 0)), region=region)


@SERVICE.method(*_methods("create"))
def create(call: Call) -> Answer | Body:
    """Override a limit."""
    name = f"{call.name}/{call.cloud.ids.hexadecimal('serviceusage/overrides', 12)}"
    body = {**call.body, "name": name, "metric": _metric(call).name, "unit": _unit(_metric(call))}
    record = call.cloud.create(Record(API, name, body))
    _hold(call, record.body)
    return operation(call, record.body, "QuotaOverride")


@SERVICE.method(*_methods("patch"))
def patch(call: Call) -> Answer | Body:
    """Change an override."""
    record = _found(call)
    changed = call.cloud.change(record, {**record.body, **call.body, "name": record.name})
    _hold(call, changed.body)
    return operation(call, changed.body, "QuotaOverride")


@SERVICE.method(*_methods("delete"))
def delete(call: Call) -> Answer | Body:
    """Take an override back."""
    record = _found(call)
    call.cloud.delete(record)
    region = record.body.get("dimensions", {}).get("region", "")
    call.cloud.quotas.clear(call.project, _metric(call).name, region=region)
    return operation(call, {}, "QuotaOverride")


@SERVICE.method(*_methods("list"))
def list_overrides(call: Call) -> Answer | Body:
    """Give the overrides of a limit."""
    chosen, token = slice_page(call, call.cloud.store.page(API, call.name))
    found = [each.body for each in chosen]
    return {**({"overrides": found} if found else {}), **({"nextPageToken": token} if token else {})}


def _found(call: Call) -> Record:
    record = call.cloud.store.get(API, call.name)
    if record is None:
        raise not_found(call.name, what="Override")
    return record
