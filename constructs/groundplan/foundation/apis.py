"""Which APIs each project needs, and in what order Google wants them enabled."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping

from groundplan.core import tables
from groundplan.core.environment import Project, Projects
from groundplan.core.tiers import TierDefaults


class Purpose(enum.StrEnum):
    """Something that a platform is for, and so a set of APIs; ``core/data/apis.yaml`` says which, in which projects."""

    PLATFORM = "platform"
    NETWORK = "network"
    PROXY = "proxy"
    KEYS = "keys"
    STORAGE = "storage"
    WAREHOUSE = "warehouse"
    DATA_GOVERNANCE = "data_governance"
    NOTEBOOKS = "notebooks"
    MACHINE_LEARNING = "machine_learning"
    SECRETS = "secrets"
    MESSAGES = "messages"
    SCHEDULES = "schedules"
    IMAGES = "images"
    BUILDS = "builds"
    DELIVERY = "delivery"
    SERVICES = "services"
    PROCESSING = "processing"
    SPARK = "spark"
    KUBERNETES = "kubernetes"
    TPU = "tpu"
    DATABASES = "databases"
    WORKFLOWS_ON_AIRFLOW = "workflows_on_airflow"
    SOURCE_HOSTING = "source_hosting"
    PRETRAINED_MODELS = "pretrained_models"

    @classmethod
    def usual(cls) -> tuple[Purpose, ...]:
        """Return what a platform is for unless the program says otherwise."""
        return tuple(c for c in cls if tables.load("apis")["purposes"][c.value]["default"])


def with_tier(purposes: Iterable[Purpose], defaults: TierDefaults) -> tuple[Purpose, ...]:
    """Return the purposes and what the tier itself makes necessary: a proxy where that is the way out."""
    needed = [Purpose.PROXY] if defaults.secure_web_proxy else []
    return tuple(dict.fromkeys([*purposes, *needed]))


def roles_of(projects: Projects) -> dict[str, list[str]]:
    """Return the roles of each project by its id; the first is the project's short name in the names of resources."""
    roles: dict[str, list[str]] = {}
    for role, project in projects.roles().items():
        roles.setdefault(project.id, []).append(role)
    return roles


def apis_of(
    project: Project, projects: Projects, purposes: Iterable[Purpose], implied: Iterable[str] = ()
) -> dict[str, tuple[str, ...]]:
    """Return the APIs of a project, in the order of enabling, each with those that come before it.

    ``implied`` names rows of the table that follow from other arguments: ``budget``, ``contacts``, ``policies``.
    """
    table = tables.load("apis")
    rows = [table["purposes"][Purpose.PLATFORM.value]]
    rows += [table["purposes"][purpose.value] for purpose in purposes]
    rows += [table["implied"][name] for name in implied]
    roles = roles_of(projects)[project.id]
    wanted = sorted({api for row in rows for role in roles for api in row["apis"].get(role, ())})
    ordered: dict[str, tuple[str, ...]] = {}
    for index, api in enumerate(table["base"]):
        ordered[api] = tuple(table["base"][max(index - 1, 0) : index])
    for api in wanted:
        _add(api, table["base"][-1], table["after"], ordered)
    return ordered


def _add(api: str, base: str, after: Mapping[str, list[str]], ordered: dict[str, tuple[str, ...]]) -> None:
    """Add an API behind those that it needs, which are added first."""
    if api in ordered:
        return
    needs = after.get(api, [])
    for need in needs:
        _add(need, base, after, ordered)
    ordered[api] = (base, *needs)
