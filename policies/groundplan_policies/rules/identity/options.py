"""Options of Dataflow jobs that name an account beside the one that the job's own property names.

A template passes parameters on to the pipeline, and a flexible one takes pipeline options beside them. Beam names the
option `serviceAccount` (Java) or `service_account_email` (Python).
"""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Read
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import is_unknown
from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict, all_of, fail
from groundplan_policies.rules.identity.accounts import judge_account

READ: Final = (
    ("dataflow.Job", "parameters", False),
    ("dataflow.FlexTemplateJob", "parameters", False),
    ("dataflow.FlexTemplateJob", "additionalPipelineOptions", True),
)
"""Type, path, and whether a list of `name=value` stands there and not a map."""

_NAMES: Final = frozenset({"serviceaccount", "serviceaccountemail"})


def checks(type_: str) -> tuple[Check, ...]:
    """Give the checks of a type: that no option names an account which is not dedicated. Absent passes."""
    return tuple(_list(Path(path)) if listed else _map(Path(path)) for each, path, listed in READ if each == type_)


def read(type_: str, path: str) -> Read:
    """Give what these say of missing values, for a control's documentation."""
    return Read(type_, path, absent=Verdict.PASS, empty=Verdict.PASS)


def _map(path: Path) -> Check:
    def check(resource: Resource, context: Context) -> Outcome:
        if path.is_absent(resource.inputs):
            return PASS
        return all_of([_parameters(resource, each, context) for each in path.read(resource)])

    return check


def _list(path: Path) -> Check:
    def check(resource: Resource, context: Context) -> Outcome:
        if path.is_absent(resource.inputs):
            return PASS
        return all_of([_option(resource, entry, context) for each in path.read(resource) for entry in entries(each)])

    return check


def _parameters(resource: Resource, map_: Reading, context: Context) -> Outcome:
    missing = unreadable(map_, absent=PASS)
    if missing is not None:
        return missing
    if not isinstance(map_.value, dict):
        return wrong_type(map_, "a map of parameters")
    named = [key for key in map_.value if _plain(key) in _NAMES]
    found = [each for key in named for each in read_value(map_.value, map_.path, key)]
    return all_of([PASS, *(_judge(resource, each, context) for each in found)])


def _option(resource: Resource, entry: Reading, context: Context) -> Outcome:
    text = entry.value
    if entry.state in {State.KNOWN, State.UNKNOWN} and isinstance(text, str):
        name, _, value = text.partition("=")
        if not is_unknown(name):
            return _judge(resource, read_value(value, entry.path)[0], context) if _plain(name) in _NAMES else PASS
    return unreadable(entry, absent=PASS) or wrong_type(entry, "a text")


def _judge(resource: Resource, reading: Reading, context: Context) -> Outcome:
    return judge_account(
        resource,
        reading,
        context,
        absent=PASS,
        empty=fail("names no account; expected is one of its own", reading.path),
    )


def _plain(name: str) -> str:
    """Give the name of an option in the one spelling that all languages share."""
    return name.strip().replace("-", "").replace("_", "").lower()
