"""Cloud Quotas: limits with their values by region, and preferences for other ones, which are granted at once.

Behaviour as https://cloud.google.com/docs/quotas/api-overview tells it (2026-11).
"""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import not_found
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.quotas.table import Metric, metrics
from mockcloud.cloud.store import Body, Record
from mockcloud.services.service import Service

API: Final = "cloudquotas"
_PARENTS: Final = ("projects", "folders", "organizations")

SERVICE = Service(API)


def quota_id(metric: Metric) -> str:
    """Give the id of a metric's quota: `NVIDIA-T4-GPUS-per-project-region`."""
    if metric.compute:
        where = "-region" if metric.regional else ""
        return f"{metric.compute.replace('_', '-')}-per-project{where}"
    words = "".join(each[:1].upper() + each[1:] for each in metric.id.split("_"))
    return f"{words}PerProject{'PerRegion' if metric.regional else ''}"


def _shown(call: Call, metric: Metric) -> dict[str, Any]:
    service = f"{metric.api}.googleapis.com"
    name = call.name.partition("/services/")[0]
    return {
        "name": f"{name}/services/{service}/quotaInfos/{quota_id(metric)}",
        "quotaId": quota_id(metric),
        "metric": metric.name,
        "service": service,
        "containerType": "PROJECT",
        "metricDisplayName": metric.title,
        "quotaDisplayName": metric.title,
        "isPrecise": True,
        **({"dimensions": ["region"]} if metric.regional else {}),
        "dimensionsInfos": _values(call, metric),
        "quotaIncreaseEligibility": {"isEligible": True},
    }


def _values(call: Call, metric: Metric) -> list[dict[str, Any]]:
    """Give the limits: those of regions that have their own first, then that of all others."""
    limit = call.cloud.quotas.limit
    found: list[dict[str, Any]] = [
        {
            "dimensions": {"region": region},
            "details": {"value": str(limit(call.project, metric, region))},
            "applicableLocations": [region],
        }
        for region in call.cloud.quotas.regions(call.project, metric)
    ]
    return [*found, {"details": {"value": str(limit(call.project, metric))}, "applicableLocations": ["global"]}]


@SERVICE.method(*(f"{each}.locations.services.quotaInfos.list" for each in _PARENTS))
def list_infos(call: Call) -> Answer | Body:
    """Give the quotas of a service."""
    api = call.name.split("/")[5].removesuffix(".googleapis.com")
    chosen, token = slice_page(call, call.cloud.quotas.of_service(api))
    found = [_shown(call, each) for each in chosen]
    return {**({"quotaInfos": found} if found else {}), **({"nextPageToken": token} if token else {})}


@SERVICE.method(*(f"{each}.locations.services.quotaInfos.get" for each in _PARENTS))
def get_info(call: Call) -> Answer | Body:
    """Give a quota."""
    *_, service, _, identifier = call.name.split("/")
    metric = _metric(service, identifier)
    if metric is None:
        raise not_found(call.name, what="Quota")
    return _shown(call, metric)


def _metric(service: str, identifier: str) -> Metric | None:
    api = service.removesuffix(".googleapis.com")
    return next((each for each in metrics().values() if each.api == api and quota_id(each) == identifier), None)


def _preference_id(call: Call, body: dict[str, Any]) -> str:
    del body
    return call.text("quotaPreferenceId") or call.cloud.ids.uuid("quotaPreferences")


def _preferred(call: Call, name: str, body: dict[str, Any]) -> Body:
    """Grant what is asked for. A preference for a quota that is not in the table is kept, and changes nothing."""
    del name
    config = body.get("quotaConfig", {})
    # A message leaves out a number that is 0.
    preferred = config.get("preferredValue", "0")
    metric = _metric(body.get("service", ""), body.get("quotaId", ""))
    if metric is not None and call.project:
        region = body.get("dimensions", {}).get("region", "")
        call.cloud.quotas.set(call.project, metric.name, int(preferred), region=region)
    return {**body, "quotaConfig": {**config, "grantedValue": preferred}, "reconciling": False}


def _changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    return _preferred(call, record.name, body)


SERVICE.collection(
    *(f"{each}.locations.quotaPreferences" for each in _PARENTS),
    new_id=_preference_id,
    created=_preferred,
    changed=_changed,
    required=("service", "quotaId"),
    state=None,
)
