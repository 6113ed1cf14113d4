"""How long a bucket keeps objects, their old versions and what was deleted, by the class of the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi_gcp as gcp

from groundplan.core.data_class import DataClass

DAY_SECONDS: Final = 86_400
_UPLOAD_DAYS: Final = 7
_LEAST_SOFT_DELETE_DAYS: Final = 7  # The provider's documentation: 7 to 90 days, or 0 for none.
_LIFECYCLE_LAG_DAYS: Final = 1  # Cloud Storage acts on lifecycle rules within about a day of their being met.


@dataclass(frozen=True, kw_only=True)
class ObjectLifecycle:
    """What becomes of a bucket's objects over time, in days."""

    kept: int | None
    """Days after which a live object is deleted; None where it is kept."""
    cold: int | None
    """Days after which a live object moves to Nearline; None where it does not."""
    noncurrent: int | None
    """Days for which an old version is kept; None where the bucket has no versions."""
    soft_delete: int
    """Days for which what was deleted can be restored."""

    @classmethod
    def of(cls, data_class: DataClass, *, kept: int | None, versioned: bool, soft_delete_days: int) -> ObjectLifecycle:
        """Return the lifecycle of a class's objects.

        Where the class promises erasure, an object that was deleted first lives on as an old version and then as a
        soft-deleted one: the two together, with the day that Google may take, stay within the promise.
        """
        soft, noncurrent = soft_delete_days, data_class.noncurrent_days
        if data_class.erasure_days is not None:
            soft = max(_LEAST_SOFT_DELETE_DAYS, min(soft, data_class.erasure_days // 2))
            left = data_class.erasure_days - soft - _LIFECYCLE_LAG_DAYS
            noncurrent = min(noncurrent or left, left)
        cold = data_class.cold_after_days
        return cls(
            kept=kept,
            cold=None if cold is not None and kept is not None and kept <= cold else cold,
            noncurrent=noncurrent if versioned else None,
            soft_delete=soft,
        )

    def rules(self) -> list[gcp.storage.BucketLifecycleRuleArgs]:
        """Return the rules of the bucket; parts of uploads that never ended are always removed."""
        rules = [_rule("AbortIncompleteMultipartUpload", age=_UPLOAD_DAYS)]
        if self.cold is not None:
            rules.append(_rule("SetStorageClass", storage_class="NEARLINE", age=self.cold, with_state="LIVE"))
        if self.kept is not None:
            rules.append(_rule("Delete", age=self.kept, with_state="LIVE"))
        if self.noncurrent is not None:
            rules.append(_rule("Delete", noncurrent=self.noncurrent, with_state="ARCHIVED"))
        return rules


def _rule(
    action: str,
    *,
    storage_class: str | None = None,
    age: int | None = None,
    noncurrent: int | None = None,
    with_state: str | None = None,
) -> gcp.storage.BucketLifecycleRuleArgs:
    return gcp.storage.BucketLifecycleRuleArgs(
        action=gcp.storage.BucketLifecycleRuleActionArgs(type=action, storage_class=storage_class),
        condition=gcp.storage.BucketLifecycleRuleConditionArgs(
            age=age, days_since_noncurrent_time=noncurrent, with_state=with_state
        ),
    )
