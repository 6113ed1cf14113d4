"""Types of resources that were reviewed, and why no rule looks at them."""

from groundplan_policies.types.reviewed import Reviewed, reviewed_types

__all__ = ["Reviewed", "reviewed_types"]
