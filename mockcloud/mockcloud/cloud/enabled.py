"""Which services are enabled in which project."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mockcloud.cloud.agents import settle
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Record
from mockcloud.discovery.documents import apis
from mockcloud.discovery.tables import read_table

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

API: Final = "serviceusage"
_END: Final = ".googleapis.com"
_GRANTS: Final = "iam.automaticIamGrantsForDefaultServiceAccounts"


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    table: dict[str, Any] = read_table(Path(__file__).parent / "services.yaml")
    return table


@lru_cache(maxsize=1)
def always_on() -> frozenset[str]:
    """Give the APIs that need no enabling."""
    return frozenset(_data()["always"])


@lru_cache(maxsize=1)
def on_by_default() -> frozenset[str]:
    """Give the APIs that are on in a new project."""
    return frozenset(_data()["default"])


@lru_cache(maxsize=1)
def catalogue() -> tuple[str, ...]:
    """Give the services that can be enabled, sorted: `aiplatform.googleapis.com`."""
    return tuple(sorted(f"{each}{_END}" for each in {*apis(), *_data()["further"]}))


def title(service: str) -> str:
    """Give what Google calls a service."""
    api = service.removesuffix(_END)
    return str(_data()["titles"].get(api, f"{api.replace('-', ' ').title()} API"))


@lru_cache(maxsize=1024)
def required_by(service: str) -> tuple[str, ...]:
    """Give the services that a service needs, and those that these need."""
    found: dict[str, None] = {}
    asked = list(_data()["requires"].get(service.removesuffix(_END), ()))
    while asked:
        each = asked.pop(0)
        if each not in found:
            found[each] = None
            asked += _data()["requires"].get(each, ())
    return tuple(f"{each}{_END}" for each in found)


def is_enabled(cloud: "Cloud", project: str, service: str) -> bool:
    """Whether a service is enabled in a project: `aiplatform.googleapis.com`."""
    record = cloud.store.get(API, f"projects/{project}/services/{service}")
    if record is not None:
        return bool(record.body["state"] == "ENABLED")
    return service.removesuffix(_END) in on_by_default()


def enable(cloud: "Cloud", project: str, services: Iterable[str]) -> None:
    """Enable services in a project, and what they need. Where IAM decides, Google's own accounts appear with them.

    Args:
        cloud: The cloud.
        project: Id of the project, which must be there.
        services: Their names: `aiplatform.googleapis.com`.
    """
    for service in dict.fromkeys(each for named in services for each in (named, *required_by(named))):
        if is_enabled(cloud, project, service):
            continue
        _set(cloud, project, service, "ENABLED")
        if cloud.rules.on(Rule.ACCESS):
            settle(cloud, project, service.removesuffix(_END), grant_default=_grants_default(cloud, project))


def _grants_default(cloud: "Cloud", project: str) -> bool:
    from mockcloud.cloud.constraints.policies import is_enforced

    return not (cloud.rules.on(Rule.ORGANISATION) and is_enforced(cloud, f"projects/{project}", _GRANTS))


def disable(cloud: "Cloud", project: str, service: str) -> None:
    """Disable a service in a project."""
    _set(cloud, project, service, "DISABLED")


def dependents(cloud: "Cloud", project: str, service: str) -> list[str]:
    """Give the services that are on in a project and need a service, sorted."""
    return [each for each in catalogue() if service in required_by(each) and is_enabled(cloud, project, each)]


def _set(cloud: "Cloud", project: str, service: str, state: str) -> None:
    name = f"projects/{project}/services/{service}"
    record = cloud.store.get(API, name)
    if record is None:
        cloud.create(Record(API, name, {"state": state}))
    else:
        cloud.change(record, {"state": state})
