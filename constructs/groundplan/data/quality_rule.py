"""What is asked of a column: values that are there, within bounds, of a list, or each only once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pulumi_gcp as gcp

from groundplan.core.validation import Checks

Rule = gcp.dataplex.DatascanDataQualitySpecRuleArgs
# Blocks without a property: the provider's constructors of these have no types of their own.
_not_null: Callable[[], gcp.dataplex.DatascanDataQualitySpecRuleNonNullExpectationArgs] = (
    gcp.dataplex.DatascanDataQualitySpecRuleNonNullExpectationArgs
)
_unique: Callable[[], gcp.dataplex.DatascanDataQualitySpecRuleUniquenessExpectationArgs] = (
    gcp.dataplex.DatascanDataQualitySpecRuleUniquenessExpectationArgs
)
_MOST_VALUES = 1000


@dataclass(frozen=True, kw_only=True)
class QualityRule:
    """One thing that is asked of a column. Exactly one of the four must be said."""

    column: str
    """A column of the table that is not inside of a record."""
    not_null: bool = False
    """There is a value."""
    unique: bool = False
    """No value occurs twice."""
    between: tuple[float | int | None, float | int | None] | None = None
    """The least and the greatest value, both allowed; None for no bound on a side."""
    one_of: tuple[str, ...] = ()
    """The values that are allowed, up to 1,000."""
    share: float = 1.0
    """Share of rows for which it must hold, above 0 and up to 1. A row without a value counts against all but
    ``unique``."""

    def check(self, checks: Checks, where: str) -> None:
        """Record what is wrong with the rule, whatever the table has."""
        asked = [self.not_null, self.unique, self.between is not None, bool(self.one_of)]
        checks.that(
            sum(asked) == 1,
            where,
            "asks for nothing, or for several things at once",
            given=f"{sum(asked)} of not_null, unique, between and one_of",
            allowed="exactly one",
            do="write a rule for each",
        )
        checks.that(
            isinstance(self.share, float | int) and not isinstance(self.share, bool) and 0 < self.share <= 1,
            f"{where}.share",
            "is no share",
            given=self.share,
            allowed="above 0 and up to 1",
            do="write 95 per cent as 0.95",
        )
        checks.unique(f"{where}.one_of", self.one_of, "value")
        checks.that(
            len(self.one_of) <= _MOST_VALUES,
            f"{where}.one_of",
            "are too many",
            given=len(self.one_of),
            allowed=f"at most {_MOST_VALUES}",
            do="ask for bounds instead",
        )
        self._check_bounds(checks, where)

    def _check_bounds(self, checks: Checks, where: str) -> None:
        if self.between is None:
            return
        low, high = self.between
        checks.that(
            (low is not None or high is not None) and (low is None or high is None or low <= high),
            f"{where}.between",
            "leaves no room, or all of it",
            given=str(self.between),
            allowed="a bound on one side at least, the least first",
            do="correct the bounds",
        )

    def build(self) -> Rule:
        """Return the rule as the provider takes it."""
        low, high = self.between or (None, None)
        return Rule(
            column=self.column,
            dimension="COMPLETENESS" if self.not_null else "UNIQUENESS" if self.unique else "VALIDITY",
            threshold=float(self.share),
            non_null_expectation=_not_null() if self.not_null else None,
            uniqueness_expectation=_unique() if self.unique else None,
            range_expectation=gcp.dataplex.DatascanDataQualitySpecRuleRangeExpectationArgs(
                min_value=None if low is None else f"{low}", max_value=None if high is None else f"{high}"
            )
            if self.between is not None
            else None,
            set_expectation=gcp.dataplex.DatascanDataQualitySpecRuleSetExpectationArgs(values=[*self.one_of])
            if self.one_of
            else None,
        )
