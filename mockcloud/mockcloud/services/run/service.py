"""The service, and what its resources have in common."""

from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.masks import merged
from mockcloud.discovery.schemas import Violation
from mockcloud.services.creating import now
from mockcloud.services.service import Service

API: Final = "run"
SERVICE: Final = Service(API, modelled=False)
SERVICES: Final = "projects.locations.services"
POOLS: Final = "projects.locations.workerPools"
JOBS: Final = "projects.locations.jobs"


def condition(kind: str, call: Call, state: str = "CONDITION_SUCCEEDED") -> dict[str, str]:
    """Give a condition."""
    return {"type": kind, "state": state, "lastTransitionTime": now(call)}


def stamped(call: Call, kinds: tuple[str, ...]) -> dict[str, Any]:
    """Give what a new resource of Cloud Run says of itself."""
    who = call.caller.email or "owner@mock.test"
    return {
        "generation": "1",
        "observedGeneration": "1",
        "creator": who,
        "lastModifier": who,
        "launchStage": call.body.get("launchStage", "GA"),
        "terminalCondition": condition("Ready", call),
        "conditions": [condition(each, call) for each in kinds],
        "reconciling": False,
    }


def touched(call: Call, old: dict[str, Any]) -> dict[str, Any]:
    """Give what changes with every change."""
    generation = str(int(old["generation"]) + 1)
    who = call.caller.email or "owner@mock.test"
    return {"generation": generation, "observedGeneration": generation, "lastModifier": who}


def task(call: Call, sent: dict[str, Any], usual: dict[str, Any]) -> dict[str, Any]:
    """Complete what describes containers: a revision's or a task's template.

    Raises:
        ApiError: 400, where there is no container or one without an image.
    """
    containers = sent.get("containers", [])
    if not containers or any(not each.get("image") for each in containers):
        raise invalid("Each container needs an image.", Violation("template.containers", "It must hold an image."))
    number = call.cloud.projects.number_of(call.project)
    account = f"{number}-compute@developer.gserviceaccount.com"
    limits = {"resources": {"limits": {"cpu": "1000m", "memory": "512Mi"}}}
    return merged(
        {**usual, "serviceAccount": account, "timeout": usual["timeout"]},
        {**sent, "containers": [merged(limits, each) for each in containers]},
    )
