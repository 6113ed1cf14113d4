"""Whether a model may be registered: better than the baseline, no worse than the last one, and found fair."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from census_workloads.errors import GateError
from census_workloads.evaluation import Scores

_TOLERATED_LOSS: Final = 0.002
"""How much worse than the last registered model the next may rank; less is noise of the holdout's size."""


class Check(BaseModel):
    """One thing that was asked of a model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asked: str
    found: float
    limit: float
    passed: bool


class Decision(BaseModel):
    """Everything that was asked of a model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    checks: tuple[Check, ...] = Field(min_length=1)

    @property
    def passed(self) -> bool:
        """Whether the model may be registered."""
        return all(check.passed for check in self.checks)


def decide(
    candidate: Scores, baseline: Scores, champion: Scores | None, fairness: Decision, *, minimum_gain: float
) -> Decision:
    """Compare a model with a baseline, and with the last registered one where both saw the same holdout.

    Args:
        candidate: What the model reached.
        baseline: What a simpler model reached, learned from the same data.
        champion: What the last registered model reached, if there is one.
        fairness: What the fairness check decided of the model.
        minimum_gain: How much better than the baseline the model must rank, in ROC AUC.
    """
    checks = [_at_least("ROC AUC above the baseline's", candidate.roc_auc - baseline.roc_auc, minimum_gain)]
    if champion is not None and champion.holdout_sha256 == candidate.holdout_sha256:
        gain = candidate.roc_auc - champion.roc_auc
        checks.append(_at_least("ROC AUC above the last registered model's", gain, -_TOLERATED_LOSS))
    return Decision(checks=(*checks, *fairness.checks))


def require(decision: Decision) -> None:
    """Raise ``GateError`` with every check that failed."""
    failed = [check for check in decision.checks if not check.passed]
    if failed:
        raise GateError(
            "the model may not be registered",
            given="; ".join(f"{check.asked}: {check.found:.4f}" for check in failed),
            allowed="; ".join(f"{check.asked}: {check.limit:.4f}" for check in failed),
            do="improve the model or its data; a limit is changed by whoever answers for the model, with a reason",
        )


def _at_least(asked: str, found: float, limit: float) -> Check:
    return Check(asked=asked, found=round(found, 6), limit=limit, passed=found >= limit)
