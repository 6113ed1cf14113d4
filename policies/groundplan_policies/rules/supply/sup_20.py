"""SUP-20: serialised code of agents is trusted."""

import re
from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import is_true
from groundplan_policies.engine.grants import Grant, Level
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
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
from groundplan_policies.rules.data.targets import bucket
from groundplan_policies.rules.identity.forms import unclear
from groundplan_policies.rules.identity.roles import WRITING, custom_permissions, is_custom, role_name
from groundplan_policies.rules.supply.builders import judge_builder
from groundplan_policies.rules.supply.code import judge_object

_AGENT: Final = "vertex.AiReasoningEngine"
_PICKLE, _PACKAGES, _REQUIREMENTS = (
    Path(f"spec.packageSpec.{each}") for each in ("pickleObjectGcsUri", "dependencyFilesGcsUri", "requirementsGcsUri")
)
_VERSIONED = is_true("versioning.enabled")
_WRITES: Final = re.compile(
    r"roles/(?:storage\.(?:admin|object(?:admin|creator|user)|folderadmin|legacy(?:bucketwriter|\w+owner))"
    r"|(?:dataflow|dataproc|composer)\.worker|cloudbuild\.builds\.builder)"
)
"""Roles that write objects: those of Cloud Storage, and those for machines that keep their work in buckets."""
_FOLDER: Final = "storage.ManagedFolder"
_CREATE: Final = frozenset({"storage.objects.create", "storage.objects.update", "storage.buckets.setIamPolicy"})
_WIDE: Final = (Level.PROJECT, Level.FOLDER, Level.ORGANIZATION)
_BUCKET = Path("bucket")
_DOES: Final = "writes what agents run as code"


def _judge(resource: Resource, context: Context) -> Outcome:
    named = [path.one(resource) for path in (_PICKLE, _PACKAGES, _REQUIREMENTS)]
    outcomes = [_object(resource, each, context) for each in named]
    if named[-1].state not in {State.ABSENT, State.EMPTY}:
        outcomes.append(
            indeterminate("names packages that are installed when the agent starts, and not seen here", named[-1].path)
        )
    return all_of(outcomes)


def _object(resource: Resource, reading: Reading, context: Context) -> Outcome:
    trusted = judge_object(resource, reading, context, pinned=False, absent=NOT_APPLICABLE)
    if trusted is NOT_APPLICABLE:
        return NOT_APPLICABLE
    return all_of([trusted, _kept(resource, reading, context)])


def _kept(resource: Resource, reading: Reading, context: Context) -> Outcome:
    """Ask of the bucket that earlier versions are kept, and that nothing but builds writes to it."""
    found = bucket(context.graph, resource, reading)
    if found is None or found.external:
        return indeterminate("is in a bucket of which this document does not tell who writes to it", reading.path)
    faults = [_VERSIONED(found, context), *_writers(found, context)]
    return all_of([_at(reading.path, each) for each in faults])


def _writers(found: Resource, context: Context) -> Iterator[Outcome]:
    wide = (each for each in context.graph.grants if each.level in _WIDE and _reaches(each, found, context))
    inside = (each for each in context.graph.grants if each.on == _FOLDER and _is_in(each, found, context))
    for grant in (*context.graph.grants_on(found), *inside, *wide):
        writes = _writes(grant, context)
        if writes is None:
            yield unclear(grant.role) or indeterminate("may be written to under a custom role")
        elif writes:
            yield judge_builder(grant, context, _DOES)


def _is_in(grant: Grant, found: Resource, context: Context) -> bool:
    """Whether a grant is on a managed folder of the bucket: each may hold what the agent runs."""
    named = _BUCKET.one(grant.resource)
    return bucket(context.graph, grant.resource, named) is found


def _reaches(grant: Grant, found: Resource, context: Context) -> bool:
    """Whether a wide grant may be on the bucket's project: one that is known to be on another is not."""
    project = context.graph.effective(found, "project")
    known = grant.level is Level.PROJECT and grant.target.state is project.state is State.KNOWN
    return not known or grant.target.text.removeprefix("projects/") == project.text


def _writes(grant: Grant, context: Context) -> bool | None:
    """Whether a role writes objects; None where nobody can tell."""
    if grant.role.text in {"WRITER", "OWNER"}:  # of an access control list
        return True
    if grant.role.state is not State.KNOWN:
        return None
    name = role_name(grant.role)
    if is_custom(name):
        permissions = custom_permissions(name, context)
        return None if permissions is None else not permissions.isdisjoint(_CREATE)
    return name in WRITING or _WRITES.fullmatch(name) is not None


def _at(path: str, outcome: Outcome) -> Outcome:
    """Say what is wrong with a bucket where the agent names an object of it."""
    if outcome.verdict in {Verdict.PASS, Verdict.NOT_APPLICABLE}:
        return PASS
    make = fail if outcome.verdict is Verdict.FAIL else indeterminate
    return all_of([make(f"is in a bucket of which this holds: {each.message}", path) for each in outcome.reasons])


CONTROL = Control(
    id="SUP-20",
    title="Serialised code of agents is trusted",
    why=(
        "A pickled object is a program: whoever can write it runs code as the agent, with its data and its tools. Its "
        "bucket must be one that the settings list as holding code, keep earlier versions, and be written to by "
        "accounts that build and by nobody else; roles on the project and on managed folders count. A bucket that is "
        "not in this document tells nothing of who writes to it: indeterminate. So are requirements, which name "
        "packages that are installed later: put the agent in a container instead, which a digest pins (SUP-05)."
    ),
    remedy="Deploy the agent as a container, or upload its package from a trigger into one of `code_buckets`.",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("4.1.a", "6.1.a"),
    clauses=(
        partial("nist-800-53-r5", "SI-7", "What the object holds."),
        partial("nist-800-53-r5", "SR-4", "What the object was made from."),
    ),
    reads=(
        Read(_AGENT, _PICKLE.text, absent=Verdict.PASS, empty=Verdict.PASS),
        Read(_AGENT, _PACKAGES.text, absent=Verdict.PASS, empty=Verdict.PASS),
        Read(_AGENT, _REQUIREMENTS.text, absent=Verdict.PASS, empty=Verdict.PASS),
    ),
    checks={_AGENT: _judge},
    settings=("code_buckets", "build_accounts"),
)
