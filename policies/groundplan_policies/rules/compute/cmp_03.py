"""CMP-03: notebooks have a single owner."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.document import Profile
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, fail, indeterminate

_NOTEBOOK: Final = "workbench.Instance"
_OWNERS: Final = Path("instanceOwners")
_PROXY: Final = Path("disableProxyAccess")
_ROBOT: Final = "gserviceaccount.com"


def _check(resource: Resource, context: Context) -> Outcome:
    if _PROXY.plain(resource.inputs) is True:
        return NOT_APPLICABLE  # nobody opens it in a browser
    owners = _OWNERS.one(resource)
    missing = unreadable(owners, absent=_absent(resource, context, owners), empty=fail("names nobody", owners.path))
    if missing is not None:
        return missing
    named = entries(owners)
    if len(named) > 1:
        return fail("names several, so that each sees what the others leave on it", owners.path)
    return _person(named[0])


def _absent(resource: Resource, context: Context, owners: Reading) -> Outcome:
    """The owner is only ever sent: what was imported, or made by others, does not tell it."""
    told = context.graph.document.profile is Profile.STATE and (resource.import_id or resource.external)
    if told:
        return indeterminate("is not told of a notebook that was there before", owners.path)
    return fail("is absent: whoever may act as its account may open it", owners.path)


def _person(owner: Reading) -> Outcome:
    missing = unreadable(owner, absent=fail("names nobody", owner.path))
    if missing is not None:
        return missing
    if not isinstance(owner.value, str) or "@" not in owner.value:
        return wrong_type(owner, "an address")
    robot = owner.value.strip().lower().endswith(_ROBOT)
    return fail("is an account of a program, and not a person", owner.path) if robot else PASS


CONTROL = Control(
    id="CMP-03",
    title="Notebooks have a single owner",
    why=(
        "On a notebook that several people open, each acts as the same account and reads what the others left. It "
        "has one owner, a person; without one, everybody who may act as its account may open it. Google never tells "
        "the owner again: of a notebook that was imported it is not known, hence indeterminate. A notebook that "
        "nobody can open in a browser is not judged."
    ),
    remedy="Use Workbench with `owner`, or set `instance_owners` to one address.",
    severity=Severity.MEDIUM,
    objectives=("2.2.b",),
    clauses=(partial("google-ai", "VAI-CO-4.1", "Notebooks made by others: an organisation policy."),),
    reads=(Read(_NOTEBOOK, "instanceOwners"), Read.aside(_NOTEBOOK, "disableProxyAccess")),
    checks={_NOTEBOOK: _check},
)
