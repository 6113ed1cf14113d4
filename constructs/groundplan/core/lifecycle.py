"""How each resource type is replaced and guarded against deletion, from one table.

Google Cloud names are fixed, so a replacement that creates before it deletes collides with the old resource; and
four mechanisms refuse a deletion, each on some types only: Pulumi's ``protect``, the provider's ``deletion_policy``,
a boolean such as ``deletion_protection``, and a ``force_destroy`` that is not set. ``data/lifecycle.yaml`` states
for each type what holds, and why.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from groundplan.core import tables
from groundplan.core.errors import LookupFailure

Replacement: TypeAlias = Literal["refuse", "delete_first", "new_generation", "create_first"]
"""What happens when a change cannot be made in place; ``data/lifecycle.yaml`` explains the four."""

_TABLE: Final = "lifecycle"


@dataclass(frozen=True, kw_only=True)
class Lifecycle:
    """How one resource type is replaced and guarded."""

    type_token: str
    """Pulumi type token, such as ``gcp:storage/bucket:Bucket``."""
    replacement: Replacement
    """What happens when a change cannot be made in place."""
    reason: str
    """Why, as a sentence."""
    stateful: bool = False
    """Whether something is lost with it that cannot be made again from the program."""
    deletion_policy: str | None = None
    """The provider's default for ``deletion_policy``; None where the type has no such argument."""
    protected_policy: str = "PREVENT"
    """The deletion policy where protection is asked for."""
    unprotected_policy: str = "DELETE"
    """The deletion policy where it is not."""
    deletion_protection: str | None = None
    """Name of the boolean argument that refuses deletion; None where the type has none."""
    force_destroy: str | None = None
    """Name of the boolean argument that deletes the contents too; None where the type has none."""
    never_deleted: bool = False
    """Whether the resource stays in the cloud whatever is asked, so that a second run must adopt it."""

    def arguments(self, protected: bool) -> dict[str, object]:  # noqa: FBT001 - the one thing that is asked
        """Return the resource arguments that guard it, by Python name.

        ``protected`` is the construct's ``deletion_protection``. The booleans are always given; the deletion policy
        only where it differs from the provider's default. A type that may be replaced is not guarded, since its old
        resource must be able to go, but its contents are not deleted with it either.
        """
        found: dict[str, object] = {}
        policy = self._policy(protected)
        if self.deletion_policy is not None and policy != self.deletion_policy:
            found["deletion_policy"] = policy
        if self.deletion_protection is not None:
            found[self.deletion_protection] = self.protect(protected)
        if self.force_destroy is not None:
            found[self.force_destroy] = not protected
        return found

    def protect(self, protected: bool) -> bool:  # noqa: FBT001 - as in `arguments`
        """Whether Pulumi's own ``protect`` is set: on what is not to be replaced, where protection is asked for."""
        return protected and self.replacement == "refuse"

    def _policy(self, protected: bool) -> str:  # noqa: FBT001 - as in `arguments`
        if self.protect(protected) or (protected and self.protected_policy != "PREVENT"):
            return self.protected_policy
        return self.unprotected_policy


def lifecycle_of(type_token: str) -> Lifecycle:
    """Return how a type is replaced and guarded.

    A type that the table does not have raises ``LookupFailure``, which names the nearest: a resource whose
    replacement nobody thought about is not made.
    """
    table = _lifecycles()
    if type_token in table:
        return table[type_token]
    for family in tables.load(_TABLE)["families"].values():
        if re.search(family["pattern"], type_token):
            return _read(type_token, family)
    raise LookupFailure(
        "resource type in the lifecycle table", type_token, table, "add the type to data/lifecycle.yaml"
    )


@functools.cache
def _lifecycles() -> dict[str, Lifecycle]:
    return {token: _read(token, row) for token, row in tables.load(_TABLE)["types"].items()}


def _read(type_token: str, row: Mapping[str, Any]) -> Lifecycle:
    # The schema of the table, which the tests hold it to, has the fields of the class.
    return Lifecycle(type_token=type_token, **{key: value for key, value in row.items() if key != "pattern"})
