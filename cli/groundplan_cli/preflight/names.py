"""Whether names that a plan wants are taken already."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from groundplan_cli.preflight.model import Finding, Kind, Target, Unasked, is_disabled, told
from groundplan_cli.preflight.rehearsal import Made, Rehearsal, provider_on
from mockcloud.doors.pulumi.transport import InProcess
from mockcloud.errors import Error
from mockcloud.pulumi.api import Refused
from mockcloud.pulumi.special import lifecycle_of

_AT_ONCE: Final = 8
_BUCKET: Final = "gcp:storage/bucket:Bucket"
_STORAGE: Final = "storage.googleapis.com"


def names(plan: Rehearsal, target: Target, own: frozenset[str]) -> Iterator[Finding | Unasked]:
    """Look for what is there already and cannot be made once more.

    Args:
        plan: The plan.
        target: The cloud.
        own: Ids of resources that the stack has made before.
    """
    asked = [
        each
        for each in plan.made
        if each.id
        and each.id not in own
        and each.resource.urn not in plan.refused
        and not each.resource.import_id
        and each.project not in plan.creates_projects
        and lifecycle_of(each.resource.type) is not None
    ]
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="preflight") as pool:
        answers = list(pool.map(lambda made: _look(target, made), asked))
    silent: dict[str, int] = {}
    for made, answer in zip(asked, answers, strict=True):
        if answer == "":
            continue
        if answer not in {"there", "taken"}:
            silent[answer] = silent.get(answer, 0) + 1
        elif answer == "taken" or (answer == "there" and _collides(plan, made)):
            yield _finding(made, elsewhere=answer == "taken")
    for reason, number in silent.items():
        yield Unasked(kind=Kind.NAME, about=f"names of {number} resources", reason=reason)


def _look(target: Target, made: Made) -> str:
    """Say whether a resource is there: "" for no, `there`, `taken` by somebody else, or why that is not known."""
    try:
        if made.resource.type == _BUCKET:
            return _bucket(target, made.id)
        provider = provider_on(target.transport, made.settings)
        found = provider.read(made.resource.type, made.id, dict(made.inputs), {})
    except Error as error:
        said = " ".join(error.given.split())
        # What it lies in is not there, or its API is not enabled: neither is it.
        return "" if said.startswith("404") or is_disabled(said) else said.partition(":")[0]
    return "there" if found is not None else ""


def _bucket(target: Target, name: str) -> str:
    """Ask for a bucket: names are of everybody, so it may be one that the caller may not see."""
    try:
        target.get(_STORAGE, f"storage/v1/b/{name}")
    except Refused as refused:
        if refused.status == 404:  # noqa: PLR2004 - HTTP
            return ""
        if is_disabled(refused.message):
            return ""
        return "taken" if refused.status == 403 else told(refused)  # noqa: PLR2004 - HTTP
    return "there"


def _collides(plan: Rehearsal, made: Made) -> bool:
    """Whether making it once more is refused: grants, and what the cloud makes by itself, are taken over instead."""
    try:
        provider_on(InProcess(plan.cloud), made.settings).create(made.resource.type, made.inputs, made.resource.urn)
    except Error as error:
        return "ALREADY_EXISTS" in error.given or "409" in error.given
    return False


def _finding(made: Made, *, elsewhere: bool) -> Finding:
    resource = made.resource
    return Finding(
        kind=Kind.NAME,
        about=made.id,
        problem=f"{made.id} is taken by somebody else" if elsewhere else f"{made.id} is there already",
        remedy="choose another name"
        if elsewhere
        else f"choose another name, or take it over: pulumi import {resource.type} {resource.name} {made.id}",
        project=made.project,
        resources=(resource.urn,),
    )
