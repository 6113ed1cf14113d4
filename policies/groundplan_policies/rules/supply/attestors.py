"""Attestors: who vouches for images, and which rules ask for them."""

import re
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
_FULL: Final = re.compile(r"projects/([^/]+)/attestors/([^/]+)")


def required_by_rules(attestor: Resource, graph: Graph) -> bool | None:
    """Say whether a rule of this document requires an attestor; None where nobody can tell, or it holds no rules."""
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
    answers = [_names(policy, each, attestor, graph) for policy, each in named]
    return True if True in answers else None if None in answers else False


def _names(policy: Resource, reading: Reading, attestor: Resource, graph: Graph) -> bool | None:
    """Whether a rule names an attestor. One that it names by the number of a project may be this one."""
    project, name = graph.effective(attestor, "project"), _NAME.one(attestor)
    if reading.state is State.KNOWN and project.state is name.state is State.KNOWN:
        found = _FULL.fullmatch(reading.text)
        if found is None or found[2] != name.text:
            return False
        return found[1] == project.text or (None if found[1].isdecimal() else False)
    return graph.resolve(policy, reading, ATTESTOR) is attestor
