"""What stands behind a member: people, or a machine."""

from typing import Final

from groundplan_policies.engine.principals import Kind, Principal

_WORKFORCE: Final = "/workforcePools/"


def is_workforce(who: Principal) -> bool:
    """Whether it is people who sign in through an identity pool for people."""
    return who.kind in {Kind.PRINCIPAL, Kind.PRINCIPAL_SET} and _WORKFORCE in who.name


def is_people(who: Principal) -> bool:
    """Whether people stand behind it. All people of a customer of Google are people too."""
    return who.person or is_workforce(who) or (who.kind is Kind.PRINCIPAL_SET and who.name.startswith("goog/"))


def is_machine(who: Principal) -> bool:
    """Whether a workload of ours stands behind it: a service account, or a federated one; no agent of Google."""
    if who.kind is Kind.SERVICE_ACCOUNT:
        return not who.agent
    return who.kind in {Kind.PRINCIPAL, Kind.PRINCIPAL_SET} and not is_people(who)
