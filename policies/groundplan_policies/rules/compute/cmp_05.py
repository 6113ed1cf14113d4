"""CMP-05: nobody enters machines past IAM."""

from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Evidence, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
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
from groundplan_policies.rules.compute.metadata import EVERYWHERE, MACHINES, OF_MANY, is_yes, reads_of
from groundplan_policies.rules.encryption.copies import COPIES, taken_over

_PROJECT: Final = "compute.ProjectMetadata"
_ITEM: Final = "compute.ProjectMetadataItem"
_KEY, _VALUE, _ALL = Path("key"), Path("value"), Path("metadata")
_WANTED: Final = ("block-project-ssh-keys", "enable-oslogin")
_UNWANTED: Final = "serial-port-enable"
_KEYS: Final = ("ssh-keys", "sshKeys", "windows-keys")
_NO_LOGIN: Final = frozenset({"tpu.V2Vm"})
"""Types for which OS Login and project keys are a matter of the project alone."""
_NOTHING: Final = (State.ABSENT, State.EMPTY)


class _Machine:
    """Judges the metadata of a machine, with what its project says of all."""

    def __init__(self, path: Path, wanted: tuple[str, ...]) -> None:
        self._path = path
        self._wanted = wanted

    def __call__(self, resource: Resource, context: Context) -> Outcome:
        own = self._path.one(resource)
        if own.state in _NOTHING:
            own = Reading(own.path, State.KNOWN, {})
        missing = unreadable(own, absent=PASS)
        if missing is not None:
            return missing
        if not isinstance(own.value, dict):
            return indeterminate("is no map of texts", own.path)
        return all_of([_serial(own), _no_keys(own), *self._says(own, resource, context)])

    def _says(self, own: Reading, resource: Resource, context: Context) -> Iterator[Outcome]:
        project = _of_project(resource, context) if self._wanted else {}
        for key in self._wanted:
            value = _get(own.value, key)
            yield _yes(value if value is not None else project.get(key), key, own.path)


def _copy(resource: Resource, context: Context) -> Outcome:
    """Judge a machine that takes over the metadata of its template, unless it has some of its own in their place."""
    if _ALL.one(resource).state in _NOTHING:
        return taken_over(resource, context, _ALL.text)
    return _COPIED(resource, context)


_COPIED: Final = _Machine(_ALL, _WANTED)


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
    return fail("holds keys, whose holders no IAM policy knows", own.path) if held else PASS


def _of_project(resource: Resource, context: Context) -> Mapping[str, Value]:
    """Give what the resources of this document that are plainly of the machine's project say for all of its machines.

    Where several say something of one key, a no counts: which of them is the last is not to be seen.
    """
    found: dict[str, Value] = {}
    for key, value, each in _said_of_projects(context):
        if context.graph.same_project(resource, each) and (key not in found or is_yes(found[key])):
            found[key] = value
    return found


def _said_of_projects(context: Context) -> Iterator[tuple[str, Value, Resource]]:
    for each in context.graph.of(_PROJECT):
        said = _ALL.one(each).value
        for key, value in said.items() if isinstance(said, dict) else ():
            yield key, value, each
    for item in context.graph.of(_ITEM):
        key = _KEY.one(item)
        if key.state is State.KNOWN:
            yield key.text, item.inputs.get("value"), item


def _of_many(paths: tuple[Path, ...]) -> Check:
    """Make the check of metadata that are for several machines: what they say may undo nothing."""

    def check(resource: Resource, _context: Context) -> Outcome:
        return all_of(_says(each) for path in paths for each in path.read(resource))

    return check


def _says(said: Reading) -> Outcome:
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
    value = _VALUE.one(resource)
    if value.state is State.KNOWN and not isinstance(value.value, str):
        return wrong_type(value, "a text")
    return _says(Reading(_VALUE.text, State.KNOWN, {key.text: resource.inputs.get("value")}))


_NONE, _UNSURE = Verdict.NOT_APPLICABLE, Verdict.INDETERMINATE

CONTROL = Control(
    id="CMP-05",
    title="Nobody enters machines past IAM",
    why=(
        "A key in metadata, or the console on the serial port, lets in whoever has the key, and no IAM policy, log "
        "or leaver's list knows of it. The serial port is closed, there are no keys in metadata, keys of the project "
        "are blocked and OS Login is on; the project's metadata may say so for all of its machines, as far as this "
        "document makes it. Metadata that a zone, a group or a cluster gives to its machines may not undo that. "
        "Machines for TPUs take the last two from the project alone, and nodes of clusters from Google."
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
        *(Read(type_, _ALL.text, absent=_UNSURE, empty=_UNSURE) for type_ in COPIES),
        *(Read(type_, path, absent=_NONE, empty=_NONE) for type_, (path, *more) in OF_MANY.items() if not more),
        *(
            Read(type_, path, absent=Verdict.PASS, empty=Verdict.PASS)
            for type_, paths in OF_MANY.items()
            if len(paths) > 1
            for path in paths
        ),
        Read(_ITEM, "key", absent=_UNSURE, empty=_UNSURE, wrong=Verdict.PASS),
        Read(_ITEM, "value"),
    ),
    checks={
        **{type_: _Machine(Path(path), () if type_ in _NO_LOGIN else _WANTED) for type_, path in MACHINES.items()},
        **dict.fromkeys(COPIES, _copy),
        **{type_: _of_many(EVERYWHERE[type_]) for type_ in OF_MANY},
        _ITEM: _item,
    },
)
