"""SUP-17: start-up scripts come from trusted buckets."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Read, partial
from groundplan_policies.engine.expect import is_absent, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import join_key
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict, all_of, fail
from groundplan_policies.rules.compute.metadata import EVERYWHERE
from groundplan_policies.rules.encryption.copies import COPIES, TEMPLATES
from groundplan_policies.rules.supply.code import judge_object
from groundplan_policies.rules.supply.patches import PATCH_READS, PATCHES, judge_patches

_MOMENT: Final = r"(?:(?:windows-)?(?:startup|shutdown)|sysprep-specialize)-script"
_NAMED: Final = re.compile(rf"{_MOMENT}-url|post-startup-script")
"""Keys of metadata that name a script: of Compute Engine, and of notebooks."""
_INLINE: Final = re.compile(rf"{_MOMENT}(?:-(?:ps1|cmd|bat))?|user-data")
"""Keys that hold one, also for Windows and for cloud-init."""
_WRITTEN: Final = "is written here, so that whoever may change metadata changes what runs as root"

_MACHINES: Final = ("compute.Instance", *TEMPLATES, *COPIES)
_METADATA: Final = EVERYWHERE
_STARTUP = is_absent("metadataStartupScript", "a script that is written here")
_ITEM: Final = "compute.ProjectMetadataItem"
_KEY, _VALUE = Path("key"), Path("value")
_RUNTIME: Final = "colab.RuntimeTemplate"
_ACTIONS: Final[Mapping[str, Path]] = {
    "dataproc.Cluster": Path("clusterConfig.initializationActions.script"),
    "dataproc.WorkflowTemplate": Path("placement.managedCluster.config.initializationActions.executableFile"),
    _RUNTIME: Path("softwareConfig.postStartupScriptConfig.postStartupScriptUrl"),
}
_COLAB = is_absent("softwareConfig.postStartupScriptConfig.postStartupScript", "a script that is written here")


def _entry(key: str, reading: Reading, resource: Resource, context: Context) -> Outcome:
    """Judge one entry of metadata. Upper and lower case of its key count as the same."""
    name = key.strip().lower()
    if _NAMED.fullmatch(name):
        return judge_object(resource, reading, context, pinned=True, absent=PASS)
    if _INLINE.fullmatch(name) and reading.state not in {State.ABSENT, State.EMPTY}:
        return fail(_WRITTEN, reading.path)
    return PASS


def _maps(paths: tuple[Path, ...]) -> Check:
    def check(resource: Resource, context: Context) -> Outcome:
        return all_of(_map(reading, resource, context) for path in paths for reading in path.read(resource))

    return check


def _map(reading: Reading, resource: Resource, context: Context) -> Outcome:
    missing = unreadable(reading, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    if not isinstance(reading.value, dict):
        return wrong_type(reading, "a map")
    return all_of(
        _entry(key, each, resource, context)
        for key, value in reading.value.items()
        for each in read_value(value, join_key(reading.path, key))
    )


def _machine(resource: Resource, context: Context) -> Outcome:
    return all_of([_maps(_METADATA[_MACHINES[0]])(resource, context), _STARTUP(resource, context)])


def _hadoop(metadata: tuple[Path, ...], actions: Path) -> Check:
    """Make the check of machines of Dataproc, which have metadata as well as actions."""
    of_metadata, of_actions = _maps(metadata), _action(actions)

    def check(resource: Resource, context: Context) -> Outcome:
        return all_of([of_metadata(resource, context), of_actions(resource, context)])

    return check


def _item(resource: Resource, context: Context) -> Outcome:
    key = _KEY.one(resource)
    missing = unreadable(key, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    if not isinstance(key.value, str):
        return wrong_type(key, "a text")
    return _entry(key.value, _VALUE.one(resource), resource, context)


def _action(path: Path) -> Check:
    def check(resource: Resource, context: Context) -> Outcome:
        return all_of(_actions(path, resource, context))

    return check


def _actions(path: Path, resource: Resource, context: Context) -> Iterator[Outcome]:
    for reading in path.read(resource):
        yield judge_object(resource, reading, context, pinned=True, absent=NOT_APPLICABLE)


def _runtime(path: Path) -> Check:
    named = _action(path)

    def check(resource: Resource, context: Context) -> Outcome:
        return all_of([named(resource, context), _COLAB(resource, context)])

    return check


_NONE, _PASS = Verdict.NOT_APPLICABLE, Verdict.PASS

CONTROL = Control(
    id="SUP-17",
    title="Start-up scripts come from trusted buckets",
    why=(
        "A start-up script runs as root before anybody signs in. It must be an object of a bucket that the settings "
        "list, and be pinned: by the SHA-256 digest of its content in its name, or by its generation after a `#`; else "
        "whoever can write to the bucket decides what runs at the next start. A script in metadata is changed by "
        "whoever may change metadata, which is far more people than review scripts, so it fails. Scripts of a project, "
        "a zone, a group or a cluster count, as every machine in it runs them; so do those that run when machines are "
        "patched. Google's own public scripts are no exception: copy them."
    ),
    remedy="Use Workbench with a StartupScript, or name `gs://bucket/<digest>.sh` in one of `code_buckets`.",
    severity=Severity.HIGH,
    objectives=("2.2.b", "2.2.c"),
    clauses=(partial("nist-800-53-r5", "CM-7", "What the scripts do, and what runs beside them."),),
    reads=(
        *(
            Read(type_, path.text, absent=nothing, empty=nothing)
            for type_, paths in _METADATA.items()
            for path in paths
            for nothing in [_PASS if type_ in {*_MACHINES, *_ACTIONS} or len(paths) > 1 else _NONE]
        ),
        *(_STARTUP.reads(each) for each in _MACHINES),
        Read(_ITEM, _KEY.text, absent=_NONE, empty=_NONE),
        Read(_ITEM, _VALUE.text, absent=_PASS, empty=_PASS),
        *(Read(type_, path.text, absent=_PASS, empty=_PASS) for type_, path in _ACTIONS.items()),
        _COLAB.reads(_RUNTIME),
        *PATCH_READS,
    ),
    checks={
        **{type_: _maps(paths) for type_, paths in _METADATA.items()},
        **dict.fromkeys(_MACHINES, _machine),
        _ITEM: _item,
        **{type_: _hadoop(_METADATA[type_], _ACTIONS[type_]) for type_ in _ACTIONS if type_ != _RUNTIME},
        _RUNTIME: _runtime(_ACTIONS[_RUNTIME]),
        PATCHES: judge_patches,
    },
    settings=("code_buckets",),
)
