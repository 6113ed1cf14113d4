"""What the controls on ways around other controls have in common: which fields they read, and who is missing."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Read
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Verdict, indeterminate

EVERY: Final = "*:*"
"""Every type, of whatever package: `*` alone means those of Google's provider."""

PROVIDERS: Final = "pulumi:providers:*"
"""Every provider, explicit or default."""

GOOGLE: Final = "gcp:"
"""How the types of Google's provider begin."""


def option(name: str, *, absent: Verdict = Verdict.PASS, type_: str = EVERY) -> Read:
    """State that a control reads a field of a resource's record beside its properties.

    Such a field is neither secret nor unknown, and a document in which it has another type is refused as a whole.

    Args:
        name: The field: `document:protect`, or `request:transforms` for one that only the registration has.
        absent: Verdict where it is not there.
        type_: The types of which it is read.
    """
    return Read(type_, name, absent=absent, empty=absent)


def absent_providers(graph: Graph) -> int:
    """Count the resources of Google's provider whose own provider the document does not hold.

    `pulumi preview --json` leaves out the default ones.
    """
    return sum(
        1
        for token, resources in graph.by_token.items()
        if token.startswith(GOOGLE)
        for each in resources
        if graph.provider(each) is None
    )


def without_provider(context: Context, what: str) -> Iterator[tuple[Resource | None, Outcome]]:
    """Say once, of the stack as a whole, what nobody can see because providers are missing; nothing if none is.

    Args:
        context: What a check is given.
        what: What providers may do, for the message: `may abandon what is deleted`.
    """
    count = context.graph.once(absent_providers)
    if count:
        yield None, indeterminate(f"the document does not hold the provider of {count} resources, which {what}")
