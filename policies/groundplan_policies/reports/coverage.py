"""The framework to which a report is narrowed, and how much of it the deployment meets."""

from collections.abc import Mapping

from groundplan_policies import frameworks
from groundplan_policies.engine.control import Control
from groundplan_policies.engine.results import Evaluation
from groundplan_policies.reports.report import Framework


def framework(identifier: str, evaluation: Evaluation, controls: Mapping[str, Control]) -> Framework:
    """Give how much of a framework is met, or how much evidence there is for it.

    Args:
        identifier: Id of the framework, such as `cis-gcp-5.0`.
        evaluation: What was found, by all controls and not only those of the framework.
        controls: The controls by id.

    Raises:
        frameworks.FrameworkError: There is no such framework.
    """
    found = frameworks.load(identifier)
    rows = frameworks.coverage(found, evaluation, controls)
    return Framework(id=found.id, title=found.heading, claim=found.claim, clauses=rows)
