"""Assembles the deployment document: Pulumi's own, with what it has no place for beside it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from mockcloud.doors.embedded.goal import Goal
from mockcloud.doors.embedded.providers import urn_of
from mockcloud.doors.embedded.registry import Registry

if TYPE_CHECKING:
    from mockcloud.pulumi.values import Value

_FEATURES: Final = {"resourceHooks": "hooks", "replaceWith": "replaceWith"}
"""Fields of a resource that make a document one of version 4, and the feature that each stands for."""


def _ordered(goals: Mapping[str, Goal]) -> list[Goal]:
    ordered: dict[str, Goal] = {}
    # The last of the list comes next: the first resource that the program made, at the beginning.
    waiting = sorted((goal for goal in goals.values() if goal.made), key=lambda goal: -goal.made)
    begun: set[str] = set()
    while waiting:
        goal = waiting[-1]
        needs = (goal.parent, urn_of(goal.provider), *goal.dependencies)
        missing = [goals[urn] for urn in needs if urn in goals and urn not in ordered and urn not in begun]
        begun.add(goal.urn)
        waiting += reversed(missing)
        if not missing:
            waiting.pop()
            ordered.setdefault(goal.urn, goal)
    return list({**ordered, **goals}.values())


def assemble(registry: Registry, *, applied: bool = False) -> "dict[str, Value]":
    """Give the document of a run, its resources in the order in which the program made them.

    As in every document of Pulumi's, what a resource needs stands before it: parent, provider, dependencies.
    A program that was applied has the profile *state*: ids and outputs are the mock cloud's.
    The manifest names no time and no engine version, so that the same program gives the same bytes.
    """
    resources: list[Value] = []
    features: set[str] = set()
    ordered = _ordered(registry.goals)
    for goal in ordered:
        state = goal.state()
        features |= {feature for key, feature in _FEATURES.items() if key in state}
        resources.append(state)
    listed: list[Value] = [*sorted(features)]
    versions: dict[str, Value] = {"version": 4, "features": listed} if features else {"version": 3}
    return {
        **versions,
        "deployment": {
            "manifest": {"time": "0001-01-01T00:00:00Z", "magic": "", "version": ""},
            "resources": resources,
            "metadata": {},
        },
        "groundplan": {
            "profile": "state" if applied else "preview",
            "engine": "embedded",
            # In the order of the resources: registrations come in as values become ready, which differs by run.
            "provenance": {
                goal.urn: {path: [*urns] for path, urns in registry.provenance[goal.urn].items()}
                for goal in ordered
                if goal.urn in registry.provenance
            },
            "requests": {goal.urn: registry.requests[goal.urn] for goal in ordered if goal.urn in registry.requests},
        },
    }
