"""Service accounts that workloads run as: is a value the name of one that was made for it, and which one is it?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Read
from groundplan_policies.engine.expect import of_verdict, unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.principals import Principals, is_agent, is_default
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import UNKNOWN, is_unknown, split_unknown, without_unknown
from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict, all_of, fail, indeterminate

ACCOUNT: Final = "serviceaccount.Account"

_DEFAULT_WORD: Final = "default"
"""How Compute Engine, and what stands on it, names a project's default account."""

_MADE: Final = re.compile(r"[a-z0-9][a-z0-9-]*@[a-z0-9.-]+\.iam\.gserviceaccount\.com")
"""Addresses of accounts that somebody made. Those of Google's own in the same domain are told apart before."""

_OF_ANOTHER: Final = re.compile(r"(?:projects/[^/]+/serviceAccounts/)?\?(?:@[^@/]+\.iam\.gserviceaccount\.com)?")
"""A value that holds nothing but the name of another resource, where a question mark stands for what is unknown."""

_RESERVED: Final = "is an account that Google makes in every project, and that everything else in it may use too"
_AGENT: Final = "is one of Google's service agents, and no account of the workload's own"


def bare_name(text: str) -> str:
    """Give the address or id of an account, in lower case, of any form that a property takes."""
    return text.strip().rpartition("/")[2].lower()


@lru_cache(maxsize=16384)
def judge_name(text: str) -> str:
    """Say why a known text names no dedicated account: "" where it does, "?" where nobody can tell."""
    name = bare_name(text)
    if name == _DEFAULT_WORD or is_default(name):
        return _RESERVED
    if is_agent(name):
        return _AGENT
    return "" if _MADE.fullmatch(name) else "?"


def judge_account(
    resource: Resource, reading: Reading, context: Context, *, absent: Outcome, empty: Outcome
) -> Outcome:
    """Say of one value whether it names a dedicated service account.

    An unknown one passes where it is the name of an account of this document, and fails where its known end is that
    of a default account.
    """
    if reading.state is State.UNKNOWN:
        return _judge_unknown(resource, reading, context)
    missing = unreadable(reading, absent=absent, empty=empty)
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "the address of a service account")
    fault = judge_name(reading.value)
    if fault == "?":
        return indeterminate("is no address of a service account", reading.path)
    return fail(fault, reading.path) if fault else PASS


def _judge_unknown(resource: Resource, reading: Reading, context: Context) -> Outcome:
    account = context.graph.resolve(resource, reading, ACCOUNT)
    if reading.text == UNKNOWN and account is not None and not account.external:
        return PASS  # the usual case at once
    head, tail = split_unknown(reading.text)
    fault = judge_name(f"{head}0{tail}") if "@" in tail else ""
    if fault not in {"", "?"}:
        return fail(fault, reading.path)
    if account is not None and _OF_ANOTHER.fullmatch(without_unknown(reading.text)):
        return _judge_read(account, reading.path) if account.external else PASS
    return indeterminate("is known only after the deployment", reading.path)


def _judge_read(account: Resource, path: str) -> Outcome:
    """Judge an account that the program only reads by its id: it may be one that Google makes."""
    fault = judge_name(account.id)
    if fault == "?":
        return indeterminate("is an account that is only read, and whose address is not known", path)
    return fail(fault, path) if fault else PASS


def identity(resource: Resource, reading: Reading, graph: Graph) -> str:
    """Give what is the same for the same account wherever it is named; "" if nobody can tell which it is."""
    if reading.state is State.KNOWN and reading.text:
        member = Reading(reading.path, State.KNOWN, f"serviceAccount:{bare_name(reading.text)}")
        return graph.once(Principals).read(resource, member).identity
    account = graph.resolve(resource, reading, ACCOUNT) if reading.state is State.UNKNOWN else None
    if account is None:
        return ""
    member = Reading(reading.path, State.KNOWN, f"serviceAccount:{bare_name(account.id)}")
    return graph.once(Principals).read(resource, member).identity if account.external else account.urn


@dataclass(frozen=True)
class DedicatedAccount:
    """A check: every value at a path names a service account that was made for a workload.

    Attributes:
        path: Where.
        absent: Verdict where nothing is there. Most of Google's products take a default account then.
        empty: Verdict for an empty block, list or text.
    """

    path: Path
    absent: Verdict = Verdict.FAIL
    empty: Verdict = Verdict.FAIL

    def __call__(self, resource: Resource, context: Context) -> Outcome:
        """Look at one resource."""
        value = self.path.plain(resource.inputs)
        if isinstance(value, str) and not is_unknown(value) and judge_name(value) == "":
            return PASS
        return all_of([self._look(resource, each, context) for each in self.path.read(resource)])

    def _look(self, resource: Resource, reading: Reading, context: Context) -> Outcome:
        if reading.state is State.UNKNOWN:
            return _judge_unknown(resource, reading, context)
        return judge_account(
            resource,
            reading,
            context,
            absent=of_verdict(
                self.absent, "is absent, so a default account is taken; expected is one of its own", reading.path
            ),
            empty=of_verdict(self.empty, "is empty; expected is a service account of its own", reading.path),
        )

    def reads(self, type_: str) -> Read:
        """Give what this says of a missing value, for the control's documentation."""
        return Read(type_, self.path.text, absent=self.absent, empty=self.empty)
