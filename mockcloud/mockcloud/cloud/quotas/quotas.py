"""The quotas of one cloud: limits, and what is used of them."""

from collections import Counter
from typing import TYPE_CHECKING, Final

from mockcloud.cloud.quotas.demand import OF_COLLECTION, uses
from mockcloud.cloud.quotas.table import Metric, metrics
from mockcloud.cloud.store import Record
from mockcloud.errors import Error

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

API: Final = "cloudquotas"
"""API whose resources changed limits are, in a collection that no method of it reads."""

_ZONES: Final = "abcdef"
"""Letters of the zones of a region."""


class NoSuchMetric(Error):
    """A quota is named that there is not."""


class Quotas:
    """The quotas of one cloud.

    Args:
        cloud: The cloud.
    """

    def __init__(self, cloud: "Cloud") -> None:
        self._cloud = cloud

    def set(self, project: str, metric: str, value: int, *, region: str = "") -> None:
        """Give a project another limit, as Google does when it grants more.

        Args:
            project: Id of the project.
            metric: Full name of the metric: `aiplatform.googleapis.com/custom_model_training_nvidia_t4_gpus`.
            value: How much it may use; -1 for any amount.
            region: In which region; "" for every region, or for a metric that has none.

        Raises:
            NoSuchMetric: There is no such metric.
        """
        if metric not in metrics():
            raise NoSuchMetric(
                "There is no such quota",
                given=repr(metric),
                allowed="a metric of mockcloud/cloud/quotas/quotas.yaml, such as " + next(iter(metrics())),
                remedy="Name a metric with its service.",
            )
        name = _name(project, metric, region)
        with self._cloud.alone():
            record = self._cloud.store.get(API, name)
            if record is None:
                self._cloud.create(Record(API, name, {"value": value}))
            else:
                self._cloud.change(record, {"value": value})

    def clear(self, project: str, metric: str, *, region: str = "") -> None:
        """Give a project its first limit again."""
        with self._cloud.alone():
            record = self._cloud.store.get(API, _name(project, metric, region))
            if record is not None:
                self._cloud.delete(record)

    def regions(self, project: str, metric: Metric) -> list[str]:
        """Give the regions in which a project has a limit of its own, sorted."""
        start = _name(project, metric.name, "").removesuffix("all").rpartition("/")[2]
        records = self._cloud.store.page(API, f"projects/{project}/limits")
        found = [each.id.removeprefix(start) for each in records if each.id.startswith(start)]
        return [each for each in found if each != "all"]

    def limit(self, project: str, metric: Metric, region: str = "") -> int:
        """Give a limit; -1 for none."""
        for where in (region, "") if region else ("",):
            record = self._cloud.store.get(API, _name(project, metric.name, where))
            if record is not None:
                return int(record.body["value"])
        return metric.limit

    def used(self, project: str, metric: Metric, region: str = "") -> int:
        """Give how much is used, counted from what there is."""
        return self._usage(project, metric.api, region)[metric.name]

    def _usage(self, project: str, api: str, region: str) -> Counter[str]:
        found: Counter[str] = Counter()
        for collection, count in OF_COLLECTION.get(api, {}).items():
            for parent in self._places(project, api, region, collection):
                for record in self._cloud.store.page(api, f"{parent}/{collection}"):
                    if uses(record.body):
                        found += count(record.body)
        return found

    def _places(self, project: str, api: str, region: str, collection: str) -> list[str]:
        """Give the full names of the locations in which a region's resources lie; of all regions for none."""
        word = "zones" if api == "compute" else "locations"
        base = f"projects/{project}/{word}"
        if not region:
            end = f"/{collection}"
            names = self._cloud.store.collections(api)
            return [each.removesuffix(end) for each in names if each.startswith(f"{base}/") and each.endswith(end)]
        zones = [f"{base}/{region}-{letter}" for letter in _ZONES]
        return zones if api == "compute" else [f"{base}/{region}", *zones]

    def of_service(self, api: str) -> list[Metric]:
        """Give the metrics of an API."""
        return [each for each in metrics().values() if each.api == api]

    def of_region(self, project: str, region: str) -> list[dict[str, object]]:
        """Give Compute Engine's quotas as the resource of a region shows them; for "" those of the project."""
        used = self._usage(project, "compute", region)
        return [
            {
                "metric": each.compute,
                "limit": float(self.limit(project, each, region)),
                "usage": float(used[each.name]),
            }
            for each in self.of_service("compute")
            if each.regional == bool(region)
        ]


def _name(project: str, metric: str, region: str) -> str:
    service, _, identifier = metric.partition("/")
    return f"projects/{project}/limits/{service}:{identifier}:{region or 'all'}"
