"""CMP-05: nobody enters machines past IAM."""

from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules.compute.metadata import MACHINES, is_yes, reads_of

_PROJECT: Final = "compute.ProjectMetadata"
_ITEM: Final = "compute.ProjectMetadataItem"
_KEY, _VALUE, _ALL = Path("key"), Path("value"), Path("metadata")
_WANTED: Final = ("block-project-ssh-keys", "enable-oslogin")
_UNWANTED: Final = "serial-port-enable"
_KEYS: Final = ("ssh-keys", "sshKeys")
_NO_LOGIN: Final = frozenset({"tpu.V2Vm"})
"""Types for which OS Login and project keys are a matter of the project alone."""


class _Machine:
    """Judges the metadata of a machine, with what its project says of all."""

    def __init__(self, type_: str) -> None:
        self._path = Path(MACHINES[type_])
        self._wanted = () if type_ in _NO_LOGIN else _WANTED

    def __call__(self, resource: Resource, context: Context) -> Outcome:
        own = self._path.one(resource)
        if own.state in {State.ABSENT, State.EMPTY}:
            own = Reading(own.path, State.KNOWN, {})
        missing = unreadable(own, absent=PASS)
        if missing is not None:
            return missing
        if not isinstance(own.value, dict):
            return indeterminate("is no map of texts", own.path)
        return all_of([_serial(own), _no_keys(own), *self._says(own, resource, context)])

    def _says(self, own: Reading, resource: Resource, context: Context) -> Iterator[Outcome]:
        project = _of_project(resource, context)
        for key in self._wanted:
            value = _get(own.value, key)
            yield _yes(value if value is not None else project.get(key), key, own.path)


def _get(value: Value, key: str) -> Value:
    return value.get(key) if isinstance(value, dict) else None


def _yes(value: Value, key: str, path: str) -> Outcome:
    reading = read_value(value, path)[0]
    missing = unreadable(reading, absent=fail(f"does not say yes to {key}, and neither does the project", path))
    if missing is not None:
        return missing
    return PASS if is_yes(reading.value) else fail(f"says no to {key}", path)


def _serial(own: Reading) -> Outcome:
    reading = read_value(_get(own.value, _UNWANTED), own.path)[0]
    missing = unreadable(reading, absent=PASS, empty=PASS)
    if missing is not None:
        return missing
    return fail("opens the serial port to whoever has a key", own.path) if is_yes(reading.value) else PASS


def _no_keys(own: Reading) -> Outcome:
    held = [key for key in _KEYS if _get(own.value, key) not in (None, "")]
    return fail("holds SSH keys, whose holders no IAM policy knows", own.path) if held else PASS


def _of_project(resource: Resource, context: Context) -> Mapping[str, Value]:
    everywhere = context.graph.once(_projects)
    project = context.graph.effective(resource, "project").text
    return {**everywhere.get("", {}), **everywhere.get(project, {})} if project else {}


def _projects(graph: Graph) -> Mapping[str, Mapping[str, Value]]:
    """Metadata of each project, by its id."""
    found: dict[str, dict[str, Value]] = {}
    for resource in graph.of(_PROJECT):
        project, said = graph.effective(resource, "project").text, _ALL.one(resource)
        if project and isinstance(said.value, dict):
            found.setdefault(project, {}).update(said.value)
    for item in graph.of(_ITEM):
        project, key = graph.effective(item, "project").text, _KEY.one(item)
        if project and key.state is State.KNOWN:
            found.setdefault(project, {})[key.text] = item.inputs.get("value")
    return found


def _project(resource: Resource, _context: Context) -> Outcome:
    said = _ALL.one(resource)
    missing = unreadable(said, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    if not isinstance(said.value, dict):
        return indeterminate("is no map of texts", said.path)
    wanted = [_yes(said.value[key], key, said.path) for key in _WANTED if key in said.value]
    return all_of([_serial(said), _no_keys(said), *wanted])


def _item(resource: Resource, _context: Context) -> Outcome:
    key = _KEY.one(resource)
    missing = unreadable(key, absent=indeterminate("names no key", key.path))
    if missing is not None:
        return missing
    as_map = Reading(_VALUE.text, State.KNOWN, {key.text: resource.inputs.get("value")})
    value = _VALUE.one(resource)
    if value.state is State.KNOWN and not isinstance(value.value, str):
        return wrong_type(value, "a text")
    wanted = [_yes(resource.inputs.get("value"), key.text, _VALUE.text)] if key.text in _WANTED else []
    return all_of([_serial(as_map), _no_keys(as_map), *wanted])


CONTROL = Control(
    id="CMP-05",
    title="Nobody enters machines past IAM",
    why=(
        "A key in metadata, or the console on the serial port, lets in whoever has the key, and no IAM policy, log "
        "or leaver's list knows of it. The serial port is closed, there are no SSH keys in metadata, keys of the "
        "project are blocked and OS Login is on; the project's metadata may say so for all of its machines, as far "
        "as this document makes it. Machines for TPUs take the last two from the project alone."
    ),
    remedy="Use Workbench, or set `enable-oslogin` and `block-project-ssh-keys` to TRUE, and no `ssh-keys`.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("2.2.b",),
    clauses=(
        partial("cis-gcp-5.0", "4.3", "Machines that this program does not make."),
        partial("cis-gcp-5.0", "4.4", "Machines that this program does not make."),
        partial("cis-gcp-5.0", "4.5", "Machines that this program does not make."),
    ),
    reads=(
        *(reads_of(type_, Verdict.PASS if type_ in _NO_LOGIN else Verdict.FAIL) for type_ in MACHINES),
        Read(_PROJECT, "metadata", absent=Verdict.NOT_APPLICABLE, empty=Verdict.NOT_APPLICABLE),
        Read(_ITEM, "key", absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE, wrong=Verdict.PASS),
        Read(_ITEM, "value"),
    ),
    checks={**{type_: _Machine(type_) for type_ in MACHINES}, _PROJECT: _project, _ITEM: _item},
)
