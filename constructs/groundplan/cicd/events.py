"""What starts a build: a push, a tag, a pull request, a message, a call, a date, or a person."""

from __future__ import annotations

import abc
import re
from dataclasses import dataclass
from typing import ClassVar, Final

from groundplan.cicd.secret_versions import check_version
from groundplan.core.cron import check_cron, check_time_zone
from groundplan.core.validation import Checks

# What RE2, with which Cloud Build matches, has not: looking ahead or behind, and back references.
_NOT_RE2: Final = re.compile(r"\(\?(?:[=!]|<[=!])|\\[1-9]|\(\?P=")
_TOPIC: Final = r"projects/[^/\s]+/topics/[A-Za-z][A-Za-z0-9._~+%-]{2,254}"
_REF: Final = r"refs/(?:heads|tags)/[A-Za-z0-9][A-Za-z0-9._/+-]{0,199}"
_LONGEST_FILTER: Final = 2000
_COMMENTS: Final = {
    "outsiders": "COMMENTS_ENABLED_FOR_EXTERNAL_CONTRIBUTORS_ONLY",
    "everybody": "COMMENTS_ENABLED",
}


class Event(abc.ABC):
    """What starts a build."""

    of_repository: ClassVar[bool] = False
    """Whether the event happens in a repository, so that the trigger needs one."""

    @abc.abstractmethod
    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the values."""


@dataclass(frozen=True, kw_only=True)
class OnPush(Event):
    """A push to a branch."""

    of_repository = True
    branch: str = "^main$"
    """Branches, as a regular expression that says where a name begins and ends; one branch is ``^main$``."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the values."""
        _check_pattern(checks, f"{field}.branch", self.branch, "^main$")


@dataclass(frozen=True, kw_only=True)
class OnTag(Event):
    """A tag that is pushed."""

    of_repository = True
    tag: str
    """Tags, as a regular expression that says where a name begins and ends, such as ``^v[0-9]+\\.[0-9]+$``."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the values."""
        _check_pattern(checks, f"{field}.tag", self.tag, "^v[0-9]+$")


@dataclass(frozen=True, kw_only=True)
class OnPullRequest(Event):
    """A pull request into a branch, opened or changed."""

    of_repository = True
    branch: str = "^main$"
    """Branches that the request is into, as a regular expression that says where a name begins and ends."""
    comment: str = "outsiders"
    """Whose requests are built only when an owner or collaborator comments ``/gcbrun``: ``outsiders`` (everybody who
    cannot push) or ``everybody``. A build runs code of the request, as the trigger's account."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the values."""
        _check_pattern(checks, f"{field}.branch", self.branch, "^main$")
        checks.one_of(f"{field}.comment", self.comment, _COMMENTS)

    @property
    def comment_control(self) -> str:
        """The rule as Cloud Build names it."""
        return _COMMENTS[self.comment]


@dataclass(frozen=True, kw_only=True)
class Started(Event):
    """What starts builds outside a repository: such a build reads the source, where it needs any, at ``ref``."""

    ref: str = "refs/heads/main"
    """Branch or tag that is read, ``refs/heads/…`` or ``refs/tags/…``."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the values."""
        checks.matches(f"{field}.ref", self.ref, _REF, "refs/heads/… or refs/tags/…", "write it as in refs/heads/main")


@dataclass(frozen=True, kw_only=True)
class OnDemand(Started):
    """A person, or an account, who runs the trigger."""


@dataclass(frozen=True, kw_only=True)
class OnMessage(Started):
    """A message on a Pub/Sub topic; who may publish there starts builds."""

    topic: str
    """The topic, ``projects/…/topics/…``."""
    filter: str | None = None
    """Expression (CEL) over the substitutions that must hold, such as ``_KIND == "drift"``."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the values."""
        super().check(checks, field)
        checks.matches(f"{field}.topic", self.topic, _TOPIC, "projects/…/topics/…", "give the topic's full name")
        _check_filter(checks, f"{field}.filter", self.filter)


@dataclass(frozen=True, kw_only=True)
class OnWebhook(Started):
    """A call from outside that carries a secret; who has the secret and an API key of the project starts builds."""

    secret: str
    """Secret version that the caller must know, ``projects/…/secrets/…/versions/…``; never the secret itself."""
    filter: str | None = None
    """Expression (CEL) over the substitutions that must hold."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the values."""
        super().check(checks, field)
        check_version(checks, f"{field}.secret", self.secret)
        _check_filter(checks, f"{field}.filter", self.filter)


@dataclass(frozen=True, kw_only=True)
class OnSchedule(Started):
    """A date that comes again.

    A job of Cloud Scheduler publishes to a topic of the trigger's own, so that no account needs the right to run any
    trigger of the project, which is the only such right that Google has.
    """

    cron: str
    """Schedule in cron's five fields, such as ``0 4 * * MON``."""
    time_zone: str = "Etc/UTC"
    """Time zone of the schedule, such as ``Europe/Amsterdam``."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the values."""
        super().check(checks, field)
        zoned = isinstance(self.cron, str) and "=" in self.cron
        checks.that(
            not zoned,
            f"{field}.cron",
            "names a time zone, which Cloud Scheduler takes apart from the schedule",
            given=self.cron,
            allowed="five fields alone",
            do="move the zone into time_zone",
        )
        if not zoned:
            check_cron(checks, f"{field}.cron", self.cron)
        check_time_zone(checks, f"{field}.time_zone", self.time_zone)


def _check_pattern(checks: Checks, field: str, pattern: object, example: str) -> None:
    good = (
        isinstance(pattern, str)
        and pattern.startswith("^")
        and pattern.endswith("$")
        and not _NOT_RE2.search(pattern)
        and _compiles(pattern)
    )
    checks.that(
        good,
        field,
        "is no regular expression for whole names",
        given=pattern,
        allowed="an expression of RE2 from ^ to $",
        do=f"write it as in {example}: without ^ and $ any name that contains it would match",
    )


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _check_filter(checks: Checks, field: str, text: str | None) -> None:
    if text is not None:
        checks.that(
            isinstance(text, str) and 0 < len(text) <= _LONGEST_FILTER and text.isprintable(),
            field,
            "is no expression",
            given=text,
            allowed=f"a line of 1 to {_LONGEST_FILTER} characters, in CEL",
            do='write it as in _KIND == "drift", or leave it out',
        )
