"""The caps of the settings on accelerators: which kinds there may be, and how many."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Reading, State
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, fail, indeterminate
from groundplan_policies.rules.cost.accelerators import NOTHING
from groundplan_policies.rules.cost.nodes import LOCATIONS, OF_REGION
from groundplan_policies.rules.data.numbers import number


def allowed(named: Reading, context: Context) -> Outcome:
    """Say whether an accelerator is of a kind that the settings allow."""
    missing = unreadable(named, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    if not isinstance(named.value, str):
        return wrong_type(named, "a text")
    allowed = context.parameters.accelerator_types
    if allowed is None:
        return indeterminate("the settings do not say which accelerators may be used", named.path)
    good = not allowed or _plain(named.text) in {_plain(each) for each in allowed}
    return PASS if good else fail("is none of the accelerators that the settings allow", named.path, named.text)


def _plain(name: str) -> str:
    """Give the name of an accelerator in one form: APIs write NVIDIA_L4 and nvidia-l4 or an address, some say Tesla."""
    return name.rpartition("/")[2].lower().replace("_", "-").replace("nvidia-tesla-", "nvidia-")


def within_cap(factors: list[Reading], path: str, context: Context) -> Outcome:
    """Hold what several numbers make together to the cap. In how many zones nodes are need not be known."""
    cap = context.parameters.accelerator_cap
    if cap is None:
        return indeterminate("the settings do not say how many accelerators there may be", path)
    total, most = 1.0, 1.0
    for each in factors:
        if each.state in NOTHING:
            continue  # one
        if each.state is State.UNKNOWN and each.path == LOCATIONS.text:
            most *= OF_REGION
            continue
        found = number(each.value) if each.state is State.KNOWN else None
        if found is None or found < 0:
            return indeterminate("does not tell how many accelerators there may be", each.path)
        total *= found
    if total > cap:
        return fail(f"may grow to more than {cap} accelerators", path, f"{total:g}")
    if total * most > cap:
        return indeterminate(f"may grow to more than {cap} accelerators, by how many zones there are", path)
    return PASS
