"""Google's own accounts in a project: service agents, and default accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockcloud.cloud.projects import API as RESOURCE_MANAGER
from mockcloud.discovery.tables import read_table

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud


@dataclass(frozen=True, slots=True)
class Agent:
    """An account that Google keeps in each project.

    Attributes:
        address: Its address, with `NUMBER` for the project's number.
        role: What it gets on the project; "" for nothing.
        keys: Whether it encrypts with customer-managed keys.
        name: What people call it; "" for a service agent.
    """

    address: str
    role: str = ""
    keys: bool = False
    name: str = ""

    def email(self, cloud: "Cloud", project: str) -> str:
        """Give its address in a project."""
        return self.address.replace("NUMBER", cloud.projects.number_of(project))


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    table: dict[str, Any] = read_table(Path(__file__).parent / "service_agents.yaml")
    return table


@lru_cache(maxsize=256)
def agents_of(api: str) -> Mapping[str, Agent]:
    """Give the service agents of an API by name; none for one without."""
    return {name: Agent(**raw) for name, raw in _data()["agents"].get(api, {}).items()}


@lru_cache(maxsize=256)
def default_account(api: str) -> Agent | None:
    """Give the default account that comes with an API; None for none."""
    raw = _data()["defaults"].get(api)
    return Agent(**raw) if raw is not None else None


@lru_cache(maxsize=256)
def key_user(api: str) -> Agent | None:
    """Give the agent that encrypts for an API with customer-managed keys; None where none does."""
    agents = agents_of(_data()["keys_of"].get(api, api))
    return next((each for each in agents.values() if each.keys), None)


def settle(cloud: "Cloud", project: str, api: str, *, grant_default: bool) -> None:
    """Let Google's accounts of an API appear in a project, each with its role on the project.

    Args:
        cloud: The cloud.
        project: Id of the project.
        api: The API.
        grant_default: Whether its default account gets its role too.
    """
    for agent in agents_of(api).values():
        if agent.role:
            grant(cloud, project, agent.role, f"serviceAccount:{agent.email(cloud, project)}")
    default = default_account(api)
    if default is not None:
        cloud.accounts.add(project, default.email(cloud, project), default.name)
        if grant_default:
            grant(cloud, project, default.role, f"serviceAccount:{default.email(cloud, project)}")


def grant(cloud: "Cloud", project: str, role: str, member: str) -> None:
    """Give a member a role on a project, as Google does by itself."""
    from mockcloud.cloud.policies import granted

    granted(cloud, RESOURCE_MANAGER, f"projects/{project}", role, member)
