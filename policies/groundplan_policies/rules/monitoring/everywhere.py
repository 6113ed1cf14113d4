"""What every project of a deployment must have, be it set up here or from outside of the document."""

from collections.abc import Iterable

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.projects import is_id
from groundplan_policies.engine.verdicts import PASS, Outcome, all_of, declared, fail, indeterminate

SETTING = "monitoring_elsewhere"
"""The parameter that decides of what a document does not set up."""


def lacking(projects: Iterable[str], what: str, context: Context, *, unclear: bool = False) -> Outcome:
    """Say what follows where projects lack something.

    Args:
        projects: The projects that lack it, as `home` gives them.
        what: What they lack, as the end of a sentence: "sends its entries nowhere".
        context: What the check is given.
        unclear: Whether something of the kind is there of which nobody can tell for which project it is.
    """
    found = sorted(projects)
    if not found:
        return PASS
    if context.parameters.monitoring_elsewhere:
        return declared("is set up from outside of this document, as the settings say")
    if context.parameters.monitoring_elsewhere is None:
        return all_of(
            indeterminate(f"{what}, and the settings do not say whether that is set up elsewhere", "", _shown(each))
            for each in found
        )
    if unclear:
        return all_of(indeterminate(f"{what}, as far as can be seen", "", _shown(each)) for each in found)
    return all_of(fail(what, "", _shown(each)) for each in found)


def _shown(project: str) -> str:
    return project if is_id(project) else ""
