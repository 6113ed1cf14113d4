"""Attestors: who vouches for images, and which rules ask for them."""

from typing import Final

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.resource import Resource

ATTESTOR: Final = "binaryauthorization.Attestor"
POLICY: Final = "binaryauthorization.Policy"
BY: Final = "requireAttestationsBies"
"""The property of a rule that names attestors."""

_RULES = (Path(f"defaultAdmissionRule.{BY}"), Path(f"clusterAdmissionRules.{BY}"))
_NAME = Path("name")


def required_by_rules(attestor: Resource, graph: Graph) -> bool | None:
    """Say whether a rule of this document requires an attestor; None where it holds no rules."""
    policies = [*graph.of(POLICY)]
    if not policies:
        return None
    named = [
        (policy, each)
        for policy in policies
        for path in _RULES
        for reading in path.read(policy)
        for each in entries(reading)
    ]
    return any(_names(policy, each, attestor, graph) for policy, each in named)


def _names(policy: Resource, reading: Reading, attestor: Resource, graph: Graph) -> bool:
    project, name = graph.effective(attestor, "project"), _NAME.one(attestor)
    if reading.state is State.KNOWN and project.state is name.state is State.KNOWN:
        return reading.text == f"projects/{project.text}/attestors/{name.text}"
    return graph.resolve(policy, reading, ATTESTOR) is attestor
