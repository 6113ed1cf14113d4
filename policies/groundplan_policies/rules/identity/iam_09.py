"""IAM-09: who administers keys or accounts does not use them."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, partial
from groundplan_policies.engine.paths import Reading
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, all_of
from groundplan_policies.rules.identity.duties import Duties, separated
from groundplan_policies.rules.identity.forms import WIDE, grant_reads, iam_types
from groundplan_policies.rules.identity.roles import role_name, uses_keys

_GROUPS: Final = "Members of two groups, and grants that were made outside of this program."


def _administers_accounts(role: Reading) -> bool:
    return role_name(role) == "roles/iam.serviceaccountadmin"


def _uses_accounts(role: Reading) -> bool:
    return role_name(role) == "roles/iam.serviceaccountuser"


def _administers_keys(role: Reading) -> bool:
    return role_name(role) == "roles/cloudkms.admin"


_PAIRS: Final = (
    Duties(
        _administers_accounts, _uses_accounts, ("serviceaccount",), "administers service accounts and also uses them"
    ),
    Duties(_administers_keys, uses_keys, ("kms",), "administers keys and also encrypts or decrypts with them"),
)


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    found: dict[str, tuple[Resource, list[Outcome]]] = {}
    for pair in _PAIRS:
        for resource, outcome in separated(pair, context):
            found.setdefault(resource.urn, (resource, []))[1].append(outcome)
    for resource, outcomes in found.values():
        yield resource, all_of(outcomes)


_TYPES: Final = (*WIDE, *iam_types("serviceaccount.IAM", "kms.CryptoKeyIAM", "kms.KeyRingIAM"))

CONTROL = Control(
    id="IAM-09",
    title="Who administers keys or accounts does not use them",
    why=(
        "Who may both destroy or hand out a key and decrypt with it needs nobody's help, and nobody's knowledge, to "
        "read what it protects; the same goes for making a service account and acting as it. The duties count wherever "
        "in this document they are granted, on one thing or on a project. A group is one principal; that one person is "
        "in two groups cannot be seen. What is judged is the grant of the administration."
    ),
    remedy="Grant the administration to another group: `administrators` of KeyRing, never a workload.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("6.1.a",),
    clauses=(partial("cis-gcp-5.0", "1.9", _GROUPS), partial("cis-gcp-5.0", "1.12", _GROUPS)),
    reads=grant_reads(_TYPES),
    stack=_stack,
)
