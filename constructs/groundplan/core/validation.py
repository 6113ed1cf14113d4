"""Checks on structural arguments: every failure is collected, then raised as one error."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from collections.abc import Callable, Collection, Iterable
from typing import Final, TypeVar

import pulumi

from groundplan.core.errors import ArgumentError, Problem, nearest
from groundplan.core.names import LOGICAL_NAME

T = TypeVar("T")

_SHOWN: Final = 120

PROJECT_ID: Final = re.compile(r"^(?:[a-z][a-z0-9.\-]{0,61}:)?[a-z][a-z0-9\-]{4,28}[a-z0-9]$")
PROJECT_NUMBER: Final = re.compile(r"[1-9][0-9]{5,18}")
# Printed in commands that people paste, so nothing that a shell would act on is let through.
_ADDRESS: Final = r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9.-]+"
PRINCIPAL: Final = re.compile(
    rf"(?:user|group|serviceAccount):{_ADDRESS}"
    r"|serviceAccount:[a-z0-9.:-]+\.svc\.id\.goog\[[a-z0-9-]+/[a-z0-9.-]+\]"
    r"|domain:[A-Za-z0-9.-]+"
    r"|principal(?:Set)?://iam\.googleapis\.com/[A-Za-z0-9._~%:/@=+,-]+"
)


EMAIL: Final = r"[^@\s]+@[^@\s]+\.[^@\s]+"
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Checks:
    """Collects what is wrong; ``finish`` raises it, all in one ``ArgumentError``."""

    def __init__(self, where: str) -> None:
        """Take the place that the message names, such as ``Network "core"``."""
        self.where = where
        self.problems: list[Problem] = []

    def that(self, holds: object, field: str, fault: str, *, given: object, allowed: str, do: str) -> bool:
        """Record a problem unless ``holds``; return whether it held."""
        if not holds:
            self.problems.append(Problem(field, fault, shown(given), allowed, do))
        return bool(holds)

    def instance(self, field: str, value: object, kind: type | tuple[type, ...], allowed: str) -> bool:
        """Require an instance of ``kind``; ``allowed`` names it as its users know it."""
        return self.that(
            isinstance(value, kind),
            field,
            "is of the wrong type",
            given=f"{type(value).__name__} {shown(value)}" if isinstance(value, str | int) else type(value).__name__,
            allowed=allowed,
            do=f"pass {allowed}",
        )

    def matches(self, field: str, value: object, pattern: str, allowed: str, do: str) -> bool:
        """Require a string that the regular expression matches whole."""
        holds = isinstance(value, str) and re.fullmatch(pattern, value) is not None
        return self.that(holds, field, "does not have the right form", given=value, allowed=allowed, do=do)

    def one_of(self, field: str, value: object, allowed: Collection[str]) -> bool:
        """Require one of some strings; the message names the nearest."""
        near = nearest(str(value), allowed)
        return self.that(
            value in allowed,
            field,
            "is not one of the allowed values",
            given=value,
            allowed=", ".join(sorted(allowed)),
            do=f"did you mean {near}?" if near else "choose one of the allowed values",
        )

    def within(self, field: str, value: object, low: int, high: int, unit: str) -> bool:
        """Require a whole number from ``low`` to ``high``."""
        holds = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return self.that(
            holds,
            field,
            "is out of range",
            given=value,
            allowed=f"a whole number of {unit} from {low} to {high}",
            do=f"choose between {low} and {high}",
        )

    def unique(self, field: str, values: Iterable[str], what: str) -> bool:
        """Require that no value stands twice."""
        listed = list(values)
        twice = sorted({v for v in listed if listed.count(v) > 1})
        return self.that(
            not twice,
            field,
            f"names a {what} twice",
            given=", ".join(twice),
            allowed=f"each {what} once",
            do="remove or rename the repeated one",
        )

    def project_id(self, field: str, value: object) -> bool:
        """Require a project id (Resource Manager: 6 to 30 lower-case letters, digits, hyphens)."""
        return self.that(
            isinstance(value, str) and PROJECT_ID.fullmatch(value),
            field,
            "is no project id",
            given=value,
            allowed="6 to 30 lower-case letters, digits and hyphens, first a letter, last no hyphen",
            do="use the project's id, not its name or number",
        )

    def principal(self, field: str, value: object) -> bool:
        """Require an IAM principal that is neither public, nor a whole pool of federated identities, nor malformed."""
        return self.that(
            isinstance(value, str) and PRINCIPAL.fullmatch(value),
            field,
            "is no IAM principal that can be given access",
            given=value,
            allowed="user:, group:, serviceAccount: or domain: with an address, or "
            "principal(Set)://iam.googleapis.com/… without a wildcard",
            do="write the kind before the address, as in user:alice@acme.test; never the public or a whole pool",
        )

    def email(self, field: str, value: object) -> bool:
        """Require an e-mail address."""
        return self.matches(field, value, EMAIL, "an e-mail address", "write it as ml-oncall@acme.test")

    def person(self, field: str, value: object) -> bool:
        """Require somebody who can be asked: an e-mail address, or a user or group as IAM writes it."""
        return self.matches(
            field,
            value,
            rf"(?:user:|group:)?{_ADDRESS}",
            "an e-mail address, or user: or group: with one",
            "name a person or a group that answers, as in group:ml@acme.test",
        )

    def text(self, field: str, value: object, longest: int, what: str) -> bool:
        """Require text of one to ``longest`` characters that can be printed; ``what`` says what it is to tell."""
        return self.that(
            isinstance(value, str) and 0 < len(value.strip()) <= longest and value.replace("\n", " ").isprintable(),
            field,
            f"does not say {what}",
            given=value,
            allowed=f"text of 1 to {longest} characters",
            do="say it in plain words, so that somebody else can judge it",
        )

    def slug(self, field: str, value: object) -> bool:
        """Require lower-case words joined by hyphens."""
        return self.matches(
            field, value, LOGICAL_NAME, "lower-case words joined by hyphens", "write it as in credit-scoring"
        )

    def day(self, field: str, value: object) -> dt.date | None:
        """Require a day as ISO 8601 writes it, ``2027-03-01``, and return it."""
        try:
            found = dt.date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
        except ValueError:
            found = None
        self.that(
            found,
            field,
            "is no day",
            given=value,
            allowed="year, month and day of a day that there is, as in 2027-03-01",
            do="write it as text, with two digits for month and day",
        )
        return found

    def cidr(self, field: str, value: object, *, shortest: int, longest: int) -> ipaddress.IPv4Network | None:
        """Require a private IPv4 range with its host bits zero and a prefix length within bounds."""
        try:
            network = ipaddress.ip_network(value) if isinstance(value, str) else None
        except ValueError:
            network = None
        good = (
            isinstance(network, ipaddress.IPv4Network)
            and shortest <= network.prefixlen <= longest
            and _is_private(network)
        )
        self.that(
            good,
            field,
            "is no usable range of addresses",
            given=value,
            allowed=f"an IPv4 range in 10/8, 172.16/12, 192.168/16 or 100.64/10 with /{shortest} to /{longest}, "
            "host bits zero",
            do="choose a range such as 10.0.0.0/20 that nothing else uses",
        )
        return network if good and isinstance(network, ipaddress.IPv4Network) else None

    def disjoint(self, ranges: dict[str, ipaddress.IPv4Network]) -> None:
        """Require that no two of the named ranges overlap."""
        fields = sorted(ranges)
        for index, left in enumerate(fields):
            for right in fields[index + 1 :]:
                self.that(
                    not ranges[left].overlaps(ranges[right]),
                    right,
                    f"overlaps {left}",
                    given=f"{right} {ranges[right]}, {left} {ranges[left]}",
                    allowed="ranges that share no address",
                    do=f"move one of the two outside {ranges[left]}",
                )

    def finish(self) -> None:
        """Raise everything recorded, if anything was."""
        if self.problems:
            raise ArgumentError(self.where, self.problems)


_PRIVATE: Final = tuple(
    ipaddress.IPv4Network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)


def _is_private(network: ipaddress.IPv4Network) -> bool:
    return any(network.subnet_of(private) for private in _PRIVATE)


def shown(value: object) -> str:
    """Return a value as an error may print it: short, on one line, an unknown or secret output never opened."""
    if isinstance(value, pulumi.Output):
        return "a value that is known only later"
    text = value if isinstance(value, str) else repr(value)
    text = text.encode("unicode_escape").decode("ascii")
    return f"{text[: _SHOWN - 3]}..." if len(text) > _SHOWN else text or "an empty string"


def checked(value: pulumi.Input[T], check: Callable[[Checks, T], object], where: str) -> pulumi.Output[T]:
    """Return the value as an output that fails with an ``ArgumentError`` as soon as it is known to be wrong."""

    def run(known: T) -> T:
        checks = Checks(where)
        check(checks, known)
        checks.finish()
        return known

    return pulumi.Output.from_input(value).apply(run)
