"""How a control judges grants: each by itself, whatever form it has, and the worst counts."""

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Read
from groundplan_policies.engine.expect import unreadable
from groundplan_policies.engine.grants import Grant
from groundplan_policies.engine.paths import Reading, State
from groundplan_policies.engine.principals import Kind
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Verdict, all_of, indeterminate

Judge: TypeAlias = Callable[[Grant, Context], Outcome]
"""Looks at one grant."""

IAM: Final = ("*IamMember", "*IamBinding", "*IamPolicy")
"""Every type that grants by IAM, in any case of letters."""


def iam_types(*owners: str) -> tuple[str, ...]:
    """Give the types that grant by IAM on something, in each form: `iam_types("projects.IAM", "storage.BucketIAM")`."""
    return tuple(f"{owner}{form}" for owner in owners for form in ("Member", "Binding", "Policy"))


WIDE: Final = iam_types("projects.IAM", "folder.IAM", "organizations.IAM")
"""The types that grant on a project or above it."""

ACLS: Final = (
    "storage.BucketACL",
    "storage.DefaultObjectACL",
    "storage.ObjectACL",
    "storage.BucketAccessControl",
    "storage.DefaultObjectAccessControl",
    "storage.ObjectAccessControl",
)
"""The types that grant by access control lists."""


def each_grant(judge: Judge, *, nothing: Outcome = NOT_APPLICABLE) -> Check:
    """Judge every grant that a resource makes.

    Args:
        judge: Looks at one.
        nothing: What to say of a resource that grants nobody anything, such as a role with an empty list of members.
    """

    def check(resource: Resource, context: Context) -> Outcome:
        grants = context.graph.grants_of(resource)
        if not grants:
            return nothing
        if len(grants) == 1:
            return judge(grants[0], context)
        outcomes = [judge(grant, context) for grant in grants]
        return PASS if all(each is PASS for each in outcomes) else all_of(outcomes)

    return check


def unclear(reading: Reading) -> Outcome | None:
    """Say why a role or a condition cannot be judged; None if it can."""
    if reading.state is State.KNOWN:
        return None
    return unreadable(
        reading,
        absent=indeterminate("is absent, so nobody can say what is granted", reading.path),
        empty=indeterminate("is empty, so nobody can say what is granted", reading.path),
    )


def unclear_member(grant: Grant) -> Outcome | None:
    """Say why nobody can tell who gets access; None where at least the kind of the member is known."""
    if grant.principal.kind is not Kind.UNKNOWN:
        return None
    return unclear(grant.member) or indeterminate("is no member that IAM knows", grant.member.path)


def grant_reads(
    types: Iterable[str], *, roles: bool = True, members: bool = True, nothing: Verdict = Verdict.NOT_APPLICABLE
) -> tuple[Read, ...]:
    """Give what a control reads of types that grant by IAM. Nothing that cannot be judged passes.

    Args:
        types: The types, as names or patterns.
        roles: Whether it reads roles.
        members: Whether it reads members.
        nothing: Verdict where nobody is granted anything.
    """
    unsure = Verdict.INDETERMINATE
    found: list[Read] = []
    for type_ in types:
        if type_.endswith("Policy"):
            found.append(Read(type_, "policyData", absent=unsure, empty=unsure))
            continue
        if roles:
            found.append(Read(type_, "role", absent=unsure, empty=unsure))
        if members and type_.endswith("Binding"):
            found.append(Read(type_, "members", absent=unsure, empty=nothing))
        elif members:
            found.append(Read(type_, "member", absent=unsure, empty=unsure))
    return tuple(found)


def acl_reads(nothing: Verdict) -> tuple[Read, ...]:
    """Give what a control reads of access control lists. A list that grants nobody anything has the verdict given."""
    unsure = Verdict.INDETERMINATE
    return (
        Read("storage.BucketACL", "predefinedAcl", absent=Verdict.PASS, empty=unsure),
        Read("storage.BucketACL", "defaultAcl", absent=Verdict.PASS, empty=unsure),
        Read("storage.BucketACL", "roleEntities", absent=nothing, empty=nothing),
        Read("storage.ObjectACL", "predefinedAcl", absent=Verdict.PASS, empty=unsure),
        Read("storage.ObjectACL", "roleEntities", absent=nothing, empty=nothing),
        Read("storage.DefaultObjectACL", "roleEntities", absent=nothing, empty=nothing),
        *(Read(type_, "entity", absent=unsure, empty=unsure) for type_ in ACLS if type_.endswith("AccessControl")),
    )


def access_reads(type_: str, prefix: str = "", **unknown: Verdict) -> tuple[Read, ...]:
    """Give what a control reads of one access to a dataset that names its member by `iamMember`.

    Args:
        type_: The type.
        prefix: What stands before the names of the properties.
        unknown: Verdict for an unknown value, by property, where it is not indeterminate.
    """
    unsure = Verdict.INDETERMINATE
    return (
        Read(type_, f"{prefix}iamMember", absent=unsure, empty=unsure),
        *(
            Read(type_, f"{prefix}{key}", absent=Verdict.PASS, empty=unsure, unknown=unknown.get(key, unsure))
            for key in ("specialGroup", "domain", "userByEmail", "groupByEmail")
        ),
    )
