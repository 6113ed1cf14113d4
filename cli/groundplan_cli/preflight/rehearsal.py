"""What a plan needs: it is made on an empty mock cloud of this process first, and what it calls there is noted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from groundplan_cli.drift.reading import managed
from groundplan_policies.engine import Document, Resource
from mockcloud.cloud.access.permissions import permission_of
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.journal import Called
from mockcloud.discovery.catalogue import description, versions
from mockcloud.discovery.methods import Method
from mockcloud.doors.environment import DEFAULT_PROJECT
from mockcloud.doors.pulumi.settings import settings_of
from mockcloud.doors.pulumi.transport import InProcess
from mockcloud.errors import Error
from mockcloud.pulumi.api import Api, Transport
from mockcloud.pulumi.lifecycle import Partial, Place, Settings
from mockcloud.pulumi.provider import Provider
from mockcloud.pulumi.values import from_document
from mockcloud.simulator import new_cloud

_CONTAINERS = frozenset({"organizations", "folders", "billingAccounts", "accessPolicies"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A call that making a resource takes.

    Attributes:
        resource: The resource.
        method: The method's full id: `pubsub.projects.topics.create`.
        api: The API.
        project: Id of the project on whose account it goes; "" for none.
        container: Where the permission is asked: `projects/acme`, `organizations/1`.
        permission: The permission; "" for none, and where nobody knows.
    """

    resource: Resource
    method: str
    api: str
    project: str
    container: str
    permission: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A resource, as it was made in the rehearsal.

    Attributes:
        resource: The resource.
        id: Its id.
        inputs: What the program sets.
        settings: What the program sets on its provider.
    """

    resource: Resource
    id: str
    inputs: Mapping[str, Any]
    settings: Settings

    def value(self, name: str) -> str:
        """Give a property that is a text: "" for none."""
        found = self.inputs.get(name, self.resource.outputs.get(name))
        return found if isinstance(found, str) else ""

    @property
    def project(self) -> str:
        """Id of its project."""
        return self.value("project") or self.settings.project


@dataclass
class Rehearsal:
    """A plan that was made on a mock cloud.

    Attributes:
        cloud: The mock cloud.
        made: The resources, in the order of the plan.
        needs: The calls that they took.
        refused: URN -> why the mock cloud refused a resource. It may need what is in the real cloud only.
    """

    cloud: Cloud
    made: list[Made] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def projects(self) -> tuple[str, ...]:
        """Ids of the projects that the plan works in, sorted."""
        return tuple(sorted({each.project for each in self.needs if each.project}))

    def of_type(self, *tokens: str) -> Iterator[Made]:
        """Give the resources of some types, without the package: `compute/subnetwork:Subnetwork`."""
        wanted = {f"gcp:{token}" for token in tokens}
        return (each for each in self.made if each.resource.type in wanted)

    @property
    def creates_projects(self) -> frozenset[str]:
        """Ids of the projects that the plan itself makes."""
        return frozenset(each.value("projectId") for each in self.of_type("organizations/project:Project"))


def rehearse(document: Document, cloud: Cloud | None = None) -> Rehearsal:
    """Make what a document holds on a mock cloud.

    Args:
        document: A document as it is applied, or a state.
        cloud: The mock cloud; None for an empty one on which nothing is forbidden.
    """
    found = Rehearsal(cloud or new_cloud(waits="poll", off=["references", "values"]))
    for resource in managed(document):
        provider = document.get(resource.provider_urn)
        settings = settings_of(
            provider.inputs if provider is not None else {}, environment=False, project=DEFAULT_PROJECT
        )
        begun = _last(found.cloud)
        made = _make(found, resource, settings)
        found.made.append(made)
        found.needs += _needs(made, _since(found.cloud, begun))
    return found


def provider_on(transport: Transport, settings: Settings) -> Provider:
    """Give the provider on a cloud."""
    return Provider(Place(Api(transport), settings))


def _make(found: Rehearsal, resource: Resource, settings: Settings) -> Made:
    inputs: dict[str, Any] = {name: from_document(value) for name, value in resource.inputs.items()}  # type: ignore[arg-type] # JSON both
    identifier = resource.id
    try:
        state = provider_on(InProcess(found.cloud), settings).create(resource.type, inputs, resource.urn)
        identifier = state.id
    except Partial as partial:
        identifier = partial.state.id
    except Error as error:
        found.refused[resource.urn] = " ".join(error.given.split())
    return Made(resource=resource, id=identifier, inputs=inputs, settings=settings)


def _last(cloud: Cloud) -> int:
    return cloud.journal.calls[-1].number if cloud.journal.calls else 0


def _since(cloud: Cloud, number: int) -> Iterator[Called]:
    """Give the calls behind a number."""
    fresh = []
    for call in reversed(cloud.journal.calls):
        if call.number <= number:
            break
        fresh.append(call)
    return reversed(fresh)


def _needs(made: Made, calls: Iterable[Called]) -> Iterator[Need]:
    for call in calls:
        api = call.method.partition(".")[0]
        container = "/".join(call.name.split("/")[:2]) if call.name.split("/")[0] in _CONTAINERS else ""
        project = call.project or ("" if container else made.project)
        yield Need(
            resource=made.resource,
            method=call.method,
            api=api,
            project=project,
            container=container or f"projects/{project}",
            permission=permission_for(call.method),
        )


@lru_cache(maxsize=4096)
def permission_for(method: str) -> str:
    """Give the permission that a method asks for, by its full id; "" for none, and where nobody knows."""
    api, _, identifier = method.partition(".")
    for version in versions(api):
        found: Method | None = description(api, version).routes.by_id.get(identifier)
        if found is not None:
            try:
                return permission_of(found) or ""
            except ApiError:
                return ""
    return ""
