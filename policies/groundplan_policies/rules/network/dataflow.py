"""Options of Dataflow jobs by which a program undoes the addresses that the job's own property asks for.

A template passes parameters on to the pipeline, and a flexible one takes pipeline options beside them. Beam names the
option `usePublicIps` (Java) or `use_public_ips` (Python); launchers take `ipConfiguration`.
"""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Read
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value, is_unknown
from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict, all_of, fail, indeterminate

PRIVATE = "WORKER_IP_PRIVATE"
_PRIVATE_VALUES = {"usepublicips": "false", "ipconfiguration": PRIVATE.lower()}
"""Option, without dashes and underscores and in lower case -> the value with which workers have no public address."""

_PUBLIC = "gives workers public addresses, whatever the job itself says"


def parameters_private(path: str) -> Check:
    """Ask that a map of parameters gives workers no public address. Absent passes."""
    place = Path(path)

    def check(resource: Resource, _: Context) -> Outcome:
        return all_of([_parameters(each) for each in place.read(resource)])

    return check


def options_private(path: str) -> Check:
    """Ask that a list of `name=value` options gives workers no public address. Absent passes."""
    place = Path(path)

    def check(resource: Resource, _: Context) -> Outcome:
        return all_of([_option(entry) for each in place.read(resource) for entry in entries(each)])

    return check


def read(type_: str, path: str) -> Read:
    """Give what both checks say of missing values, for a control's documentation."""
    return Read(type_, path, absent=Verdict.PASS, empty=Verdict.PASS)


def _parameters(map_: Reading) -> Outcome:
    missing = unreadable(map_, absent=PASS)
    if missing is not None:
        return missing
    if not isinstance(map_.value, dict):
        return wrong_type(map_, "a map of parameters")
    found = [key for key in map_.value if _plain(key) in _PRIVATE_VALUES]
    return all_of([PASS, *(_judge(_plain(key), read_value(map_.value, map_.path, key)[0]) for key in found)])


def _option(entry: Reading) -> Outcome:
    text = entry.value
    if entry.state in {State.KNOWN, State.UNKNOWN} and isinstance(text, str):
        name, _, value = text.partition("=")
        if not is_unknown(name):
            return _judge(_plain(name), _value(entry.path, value)) if _plain(name) in _PRIVATE_VALUES else PASS
    return unreadable(entry, absent=PASS) or wrong_type(entry, "a text")


def _value(path: str, text: Value) -> Reading:
    return Reading(path, State.UNKNOWN if is_unknown(text) else State.KNOWN, text)


def _judge(name: str, value: Reading) -> Outcome:
    missing = unreadable(value, absent=PASS, empty=fail(_PUBLIC, value.path))
    if missing is not None:
        return missing
    if isinstance(value.value, (list, dict)):
        return indeterminate("is no value that an option takes", value.path)
    return PASS if str(value.value).strip().lower() == _PRIVATE_VALUES[name] else fail(_PUBLIC, value.path)


def _plain(name: str) -> str:
    """Give the name of an option in the one spelling that all languages share."""
    return name.strip().replace("-", "").replace("_", "").lower()
