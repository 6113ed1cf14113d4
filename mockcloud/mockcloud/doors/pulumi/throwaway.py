"""A cloud for one deployment whose document is all that is wanted of it."""

import json
from collections.abc import Iterable, Iterator

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.embedded.preview import Diagnostic
from mockcloud.doors.environment import DEFAULT_PROJECT
from mockcloud.doors.pulumi.applier import Applier
from mockcloud.doors.pulumi.transport import InProcess
from mockcloud.simulator import new_cloud


def throwaway(config: Iterable[str] = ()) -> Applier:
    """Give what makes a program's resources on a new cloud.

    Projects that the configuration names with their numbers (`{"id": …, "number": …}`) have them, since the addresses
    of service agents hold them.

    References are not held: what a program finds in the real cloud is not in this one. What is refused for another
    reason is taken to be as the program says, and `notes_of` says so.
    """
    cloud = new_cloud(off=("references",), waits="poll")
    ensure_projects(cloud, config)
    return Applier(InProcess(cloud), project=DEFAULT_PROJECT, assuming=True)


def ensure_projects(cloud: Cloud, config: Iterable[str]) -> None:
    """Let a cloud have the projects that values of a configuration name with their numbers."""
    for identifier, number in dict(numbers_in(config)).items():
        cloud.projects.ensure(identifier, number=number)


def numbers_in(config: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Find the projects that values of a configuration name with their numbers: pairs of id and number."""
    for text in config:
        if text[:1] in {"{", "["}:
            try:
                yield from _numbers(json.loads(text))
            except ValueError:
                continue


def _numbers(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        identifier, number = value.get("id"), str(value.get("number", ""))
        if isinstance(identifier, str) and number.isdigit():
            yield identifier, number
        for each in value.values():
            yield from _numbers(each)
    elif isinstance(value, list):
        for each in value:
            yield from _numbers(each)


def notes_of(applier: Applier) -> tuple[Diagnostic, ...]:
    """Say which resources are as the program says, and not as the mock cloud made them."""
    refused = tuple(
        Diagnostic("warning", f"Taken to be as the program says, since the mock cloud would not make it: {why}", urn)
        for urn, why in applier.assumed.items()
    )
    opaque = ", ".join(sorted(applier.opaque))
    kept = f"The mock cloud does not model these, so their resources and answers are as the program says: {opaque}"
    return (*refused, Diagnostic("info", kept)) if opaque else refused
