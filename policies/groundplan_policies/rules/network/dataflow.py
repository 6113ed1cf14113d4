"""Options of Dataflow jobs by which a program undoes what the job's own properties ask for.

A template passes parameters on to the pipeline, and a flexible one takes pipeline options beside them. Beam names an
option `usePublicIps` (Java) or `use_public_ips` (Python); launchers take `ipConfiguration`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Read
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value, is_unknown
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Verdict, all_of, fail, indeterminate
from groundplan_policies.rules.network.named import judge_network

PRIVATE = "WORKER_IP_PRIVATE"

_PUBLIC = "gives workers public addresses, whatever the job itself says"

Judge: TypeAlias = Callable[[Resource, Reading, Context], Outcome]
"""Looks at the value of an option, whose path is that of the entry that holds it."""


@dataclass(frozen=True)
class Options:
    """Judges the options of some names, wherever a program writes them. One that is absent passes.

    Attributes:
        judges: Name without dashes and underscores, in lower case -> looks at its value.
    """

    judges: Mapping[str, Judge]

    def in_map(self, resource: Resource, path: Path, context: Context) -> Outcome:
        """Judge a map of parameters."""
        return all_of([self._map(resource, each, context) for each in path.read(resource)])

    def in_list(self, resource: Resource, path: Path, context: Context) -> Outcome:
        """Judge a list of `name=value` texts."""
        found = [entry for each in path.read(resource) for entry in entries(each)]
        return all_of([self._entry(resource, each, context) for each in found])

    def _map(self, resource: Resource, map_: Reading, context: Context) -> Outcome:
        missing = unreadable(map_, absent=PASS)
        if missing is not None:
            return missing
        if not isinstance(map_.value, dict):
            return wrong_type(map_, "a map of parameters")
        found = [key for key in map_.value if _plain(key) in self.judges]
        values = [(_plain(key), read_value(map_.value, map_.path, key)[0]) for key in found]
        return all_of([PASS, *(self.judges[name](resource, value, context) for name, value in values)])

    def _entry(self, resource: Resource, entry: Reading, context: Context) -> Outcome:
        text = entry.value
        if entry.state in {State.KNOWN, State.UNKNOWN} and isinstance(text, str):
            name, _, value = text.partition("=")
            if not is_unknown(name):
                judge = self.judges.get(_plain(name))
                return PASS if judge is None else judge(resource, _value(entry.path, value), context)
        return unreadable(entry, absent=PASS) or wrong_type(entry, "a text")


def read(type_: str, path: str) -> Read:
    """Give what is said of missing options, for a control's documentation."""
    return Read(type_, path, absent=Verdict.PASS, empty=Verdict.PASS)


def _private(good: str) -> Judge:
    """Ask that an option has the one value with which workers have no public address."""

    def judge(_: Resource, value: Reading, __: Context) -> Outcome:
        missing = unreadable(value, absent=PASS, empty=fail(_PUBLIC, value.path))
        if missing is not None:
            return missing
        if isinstance(value.value, (list, dict)):
            return indeterminate("is no value that an option takes", value.path)
        return PASS if str(value.value).strip().lower() == good else fail(_PUBLIC, value.path)

    return judge


def _network(resource: Resource, value: Reading, context: Context) -> Outcome:
    outcome = judge_network(resource, value, context)
    if outcome is not NOT_APPLICABLE:
        return outcome
    return PASS if value.state is State.ABSENT else indeterminate("names no network, whatever the job says", value.path)


WORKERS = Options(
    {
        "usepublicips": _private("false"),
        "ipconfiguration": _private(PRIVATE.lower()),
        "subnetwork": _network,
        "network": _network,
    }
)
"""What says where workers stand, and by which addresses they are reached."""


def _value(path: str, text: Value) -> Reading:
    if text == "":
        return Reading(path, State.EMPTY)
    return Reading(path, State.UNKNOWN if is_unknown(text) else State.KNOWN, text)


def _plain(name: str) -> str:
    """Give the name of an option in the one spelling that all languages share."""
    return name.strip().replace("-", "").replace("_", "").lower()
