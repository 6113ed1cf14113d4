"""Whether there is as much of each accelerator in each region as a plan takes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from groundplan_cli.preflight.model import Finding, Kind, Target, Unasked, told
from groundplan_cli.preflight.rehearsal import Made, Rehearsal
from mockcloud.cloud.quotas.table import accelerator
from mockcloud.pulumi.api import Refused

_COUNTS: Final = ("acceleratorCount", "count", "coreCount")
_TIMES: Final = (
    "replicaCount",
    "minReplicaCount",
    "startingReplicaCount",
    "nodeCount",
    "initialNodeCount",
    "targetSize",
)
_ALL_REGIONS: Final = "compute.googleapis.com/gpus_all_regions"
_QUOTAS: Final = "cloudquotas.googleapis.com"
_COMPUTE: Final = "compute.googleapis.com"

Place = tuple[str, str, str]
"""Project, full name of the metric, region; "" for all regions."""


def quotas(plan: Rehearsal, target: Target) -> Iterator[Finding | Unasked]:
    """Compare what the plan takes, with what is used already, with the limits."""
    if "quota" not in target.rules:
        return
    wanted: Counter[Place] = Counter()
    urns: dict[Place, list[str]] = {}
    for made in plan.made:
        for place, amount in _taken(made):
            wanted[place] += amount
            urns.setdefault(place, []).append(made.resource.urn)
    for place, amount in sorted(wanted.items()):
        try:
            found = _exceeded(target, place, amount, tuple(dict.fromkeys(urns[place])))
        except Refused as refused:
            found = Unasked(kind=Kind.QUOTA, about=f"{place[1]} in {place[0]}", reason=told(refused))
        if found is not None:
            yield found


def _taken(made: Made) -> Iterator[tuple[Place, int]]:
    """Give the accelerators that a resource takes."""
    vertex = made.resource.type.startswith("gcp:vertex/")
    region = _region(made)
    for word, amount in _accelerators(made.inputs, 1):
        if vertex:
            yield (made.project, f"aiplatform.googleapis.com/custom_model_training_{word}_gpus", region), amount
        else:
            yield (made.project, f"{_COMPUTE}/{word}_gpus", region), amount
            yield (made.project, _ALL_REGIONS, ""), amount


def _accelerators(value: Any, times: int) -> Iterator[tuple[str, int]]:  # noqa: ANN401 - JSON
    """Find accelerators in a resource's inputs; what has replicas or nodes takes them as often."""
    if isinstance(value, list):
        for each in value:
            yield from _accelerators(each, times)
    elif isinstance(value, Mapping):
        times *= next((_number(value[name]) for name in _TIMES if name in value), 1)
        word = accelerator(str(value.get("acceleratorType") or value.get("type") or ""))
        if word:
            amount = next((_number(value[name]) for name in _COUNTS if name in value), 1)
            yield word, amount * times
        for each in value.values():
            yield from _accelerators(each, times)


def _number(value: object) -> int:
    text = str(value).partition(".")[0]
    return int(text) if text.isdecimal() else 1


def _region(made: Made) -> str:
    place = made.value("region") or made.value("location") or made.value("zone")
    parts = (place or made.settings.zone or made.settings.region).split("-")
    return "-".join(parts[:2])


def _exceeded(target: Target, place: Place, amount: int, urns: tuple[str, ...]) -> Finding | Unasked | None:
    project, metric, region = place
    service = metric.partition("/")[0]
    found = _limit(target, place)
    if found is None:
        return Unasked(kind=Kind.QUOTA, about=f"{metric} in {project}", reason="there is no quota of that name")
    identifier, limit = found
    used = _used(target, place)
    if limit < 0 or used + amount <= limit:
        return None
    where = f" in {region}" if region else ""
    dimension = f" --dimensions=region={region}" if region else ""
    return Finding(
        kind=Kind.QUOTA,
        about=metric,
        problem=f"{amount} are needed{where}, {used} are in use, and {limit} are allowed",
        remedy=f"gcloud beta quotas preferences create --service={service} --project={project} "
        f"--quota-id={identifier} --preferred-value={used + amount}{dimension}",
        project=project,
        resources=urns,
    )


def _limit(target: Target, place: Place) -> tuple[str, int] | None:
    """Give the quota's id and its limit; -1 for none."""
    project, metric, region = place
    service = metric.partition("/")[0]
    path = f"v1/projects/{project}/locations/global/services/{service}/quotaInfos"
    for info in target.pages(_QUOTAS, path, "quotaInfos"):
        if info.get("metric") == metric and ("region" in info.get("dimensions", ())) == bool(region):
            return str(info.get("quotaId", "")), _value(info.get("dimensionsInfos", ()), region)
    return None


def _value(infos: Any, region: str) -> int:  # noqa: ANN401 - JSON
    """Give the limit of a region: its own, else that of all others."""
    usual = 0
    for each in infos:
        value = int(each.get("details", {}).get("value", 0))
        named = each.get("dimensions", {}).get("region")
        if region and (named == region or (named is None and region in each.get("applicableLocations", ()))):
            return value
        if named is None:
            usual = value
    return usual


def _used(target: Target, place: Place) -> int:
    """Give how much of a quota of Compute Engine is in use; other services do not tell."""
    project, metric, region = place
    if not metric.startswith(_COMPUTE):
        return 0
    path = f"compute/v1/projects/{project}" + (f"/regions/{region}" if region else "")
    name = metric.partition("/")[2].upper()
    found = target.get(_COMPUTE, path).get("quotas", ())
    return next((int(each.get("usage", 0)) for each in found if each.get("metric") == name), 0)
