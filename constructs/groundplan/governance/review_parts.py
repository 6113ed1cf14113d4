"""The parts of a review: attributes and thresholds, oversight, baseline, rollback, retraining, approval, incidents."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass
from typing import Final, Literal

from groundplan.core.validation import Checks

_NAME: Final = r"[A-Za-z][A-Za-z0-9_. -]{0,99}"
_NAME_WORDS: Final = "up to 100 letters, digits, spaces, dots, hyphens and underscores, first a letter"
_LINE: Final = 500
_TEXT: Final = 4000
_MOST_DAYS: Final = 3650


class RiskClass(enum.StrEnum):
    """How risky a use is after Regulation (EU) 2024/1689 (AI Act)."""

    PROHIBITED = "prohibited"
    """Article 5: not to be built; no review allows it."""
    HIGH = "high"
    """Article 6 and Annex III, such as the creditworthiness of people."""
    LIMITED = "limited"
    """Article 50: people must be told that they deal with a machine."""
    MINIMAL = "minimal"
    """None of these."""


@dataclass(frozen=True, kw_only=True)
class ProtectedAttribute:
    """Something about people that a decision should not rest on."""

    name: str
    """Name as columns and features have it, such as ``sex``."""
    proxies: tuple[str, ...] = ()
    """Columns and features from which it can be guessed, such as ``relationship``."""
    reason: str = ""
    """Why it, or a proxy of it, may be a feature all the same; empty where it may not."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong."""
        checks.matches(f"{field}.name", self.name, _NAME, _NAME_WORDS, "name it as the column is named")
        for index, proxy in enumerate(self.proxies):
            checks.matches(f"{field}.proxies[{index}]", proxy, _NAME, _NAME_WORDS, "name it as the column is named")
        checks.unique(f"{field}.proxies", (self.name, *map(str, self.proxies)), "column")
        if self.reason:
            checks.text(f"{field}.reason", self.reason, _TEXT, "why it may be a feature")


@dataclass(frozen=True, kw_only=True)
class FairnessThreshold:
    """What an evaluation has to show for the groups of a protected attribute."""

    attribute: str
    """The protected attribute."""
    metric: str
    """What is measured, by the name that the evaluation reports it under, such as ``selection_rate_ratio``."""
    slice: str
    """Which cases are looked at, such as ``all`` or ``age>=60``."""
    minimum: float | None = None
    """The least that is acceptable."""
    maximum: float | None = None
    """The most that is acceptable."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong."""
        checks.matches(f"{field}.metric", self.metric, _NAME, _NAME_WORDS, "name it as the evaluation reports it")
        checks.text(f"{field}.slice", self.slice, _LINE, "which cases are looked at")
        bounds = [bound for bound in (self.minimum, self.maximum) if bound is not None]
        finite = all(
            isinstance(bound, int | float) and not isinstance(bound, bool) and math.isfinite(bound) for bound in bounds
        )
        checks.that(
            bounds and finite and bounds == sorted(bounds),
            f"{field}.minimum",
            "and maximum bound nothing",
            given=f"minimum {self.minimum}, maximum {self.maximum}",
            allowed="one of the two, or both with the minimum below the maximum",
            do="say from which value on, or up to which, a model is acceptable",
        )


@dataclass(frozen=True, kw_only=True)
class Oversight:
    """Who watches over the decisions, and what they can do."""

    who: str
    """The people, by their role or as a group."""
    how: str
    """What they see, and what they do with it."""
    can_stop: bool
    """Whether they can stop the use, or overrule a decision."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong."""
        checks.text(f"{field}.who", self.who, _LINE, "who watches over the decisions")
        checks.text(f"{field}.how", self.how, _TEXT, "how they watch over the decisions")
        checks.instance(f"{field}.can_stop", self.can_stop, bool, "true or false")


@dataclass(frozen=True, kw_only=True)
class ExplanationDuty:
    """How decisions are explained to those who are concerned."""

    method: str
    """How the parts of the features are found, such as ``sampled-shapley``."""
    audience: str
    """Who is told, such as applicants and the people who decide on appeals."""
    output: str
    """What they get, such as the three features that weighed most."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong."""
        checks.text(f"{field}.method", self.method, _LINE, "how decisions are explained")
        checks.text(f"{field}.audience", self.audience, _LINE, "who is told")
        checks.text(f"{field}.output", self.output, _TEXT, "what they are told")


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """What a model has to be better than, to be worth its risks."""

    kind: Literal["rule", "model", "previous-version"]
    """A rule that people can apply, a simpler model, or the version before."""
    name: str
    """Which one."""
    metric: str
    """What is compared, by the name that the evaluation reports it under."""
    minimum_gain: float
    """By how much the model has to be better, 0 or more."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong."""
        checks.one_of(f"{field}.kind", self.kind, ("rule", "model", "previous-version"))
        checks.text(f"{field}.name", self.name, _LINE, "what the model is compared with")
        checks.matches(f"{field}.metric", self.metric, _NAME, _NAME_WORDS, "name it as the evaluation reports it")
        gain = self.minimum_gain
        checks.that(
            isinstance(gain, int | float) and not isinstance(gain, bool) and math.isfinite(gain) and gain >= 0,
            f"{field}.minimum_gain",
            "is no gain",
            given=gain,
            allowed="a number of at least 0, in the metric's unit",
            do="say by how much the model has to be better",
        )


@dataclass(frozen=True, kw_only=True)
class RollbackPlan:
    """How a version is taken back."""

    kept_versions: int
    """Versions that are kept and can be served again, 1 to 100."""
    strategy: Literal["split", "canary", "blue-green"]
    """How traffic moves to a version, and back."""
    owner: str
    """Who decides, as an address or a principal."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong."""
        checks.within(f"{field}.kept_versions", self.kept_versions, 1, 100, "versions")
        checks.one_of(f"{field}.strategy", self.strategy, ("split", "canary", "blue-green"))
        checks.person(f"{field}.owner", self.owner)


@dataclass(frozen=True, kw_only=True)
class RetrainingPolicy:
    """When a model is trained again."""

    trigger: Literal["schedule", "drift", "manual"]
    """What starts it."""
    data_window_days: int
    """Days of data that it learns from, 1 to 3,650."""
    gate: str
    """What a new version has to pass before it is served."""
    maximum_age_days: int
    """Days after which a version is no longer served, 1 to 3,650."""
    owner: str
    """Who answers for it, as an address or a principal."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong."""
        checks.one_of(f"{field}.trigger", self.trigger, ("schedule", "drift", "manual"))
        checks.within(f"{field}.data_window_days", self.data_window_days, 1, _MOST_DAYS, "days")
        checks.text(f"{field}.gate", self.gate, _TEXT, "what a new version has to pass")
        checks.within(f"{field}.maximum_age_days", self.maximum_age_days, 1, _MOST_DAYS, "days")
        checks.person(f"{field}.owner", self.owner)


@dataclass(frozen=True, kw_only=True)
class Approval:
    """Who lets a version through, and who builds it: never the same."""

    approvers: tuple[str, ...]
    """Principals who approve what is deployed."""
    builders: tuple[str, ...]
    """Principals who build and train it."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong."""
        for name, people in (("approvers", self.approvers), ("builders", self.builders)):
            checks.that(
                people,
                f"{field}.{name}",
                "name nobody",
                given="nothing",
                allowed="at least one principal",
                do="name the group, as in group:ml-approvers@acme.test",
            )
            for index, person in enumerate(people):
                checks.principal(f"{field}.{name}[{index}]", person)
        both = sorted(set(map(str, self.approvers)) & set(map(str, self.builders)))
        checks.that(
            not both,
            f"{field}.approvers",
            "approve what they build themselves",
            given=", ".join(both),
            allowed="approvers of whom none is a builder",
            do="let somebody else approve",
        )


@dataclass(frozen=True, kw_only=True)
class IncidentContact:
    """Who is told when a model does harm, and what is done first."""

    contact: str
    """Whom to write to or to call, as an e-mail address."""
    severity: Literal["critical", "error", "warning"]
    """How grave a failure of the model is, as alerts say it."""
    first_step: str
    """What whoever is on call does first."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong."""
        checks.email(f"{field}.contact", self.contact)
        checks.one_of(f"{field}.severity", self.severity, ("critical", "error", "warning"))
        checks.text(f"{field}.first_step", self.first_step, _TEXT, "what is done first")
