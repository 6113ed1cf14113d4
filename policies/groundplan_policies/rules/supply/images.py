"""Names of container images: where they come from, and whether they are pinned.

A name is `host/path:tag@sha256:digest`; without a host it is Docker Hub's. Only the digest says which image it is.
"""

import re
from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Read
from groundplan_policies.engine.expect import of_verdict, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import split_unknown, without_unknown
from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict, all_of, fail, indeterminate
from groundplan_policies.rules.supply.repositories import REPOSITORY, repositories_by_place

DIGEST: Final = re.compile(r"[^@\s]*@sha256:[0-9a-f]{64}")
_PLACE: Final = re.compile(r"([a-z0-9-]+)-docker\.pkg\.dev/([^/]+(?::[^/]+)?)/([^/:@]+)(?:[/:@].*)?")
_OF_REPOSITORY: Final = re.compile(r"(?:\?|\?-docker\.pkg\.dev/\?/\?)(?:[/@:].*)?")
"""An image of which nothing but the place of its repository is unknown, where a question mark stands for that."""
_UNPINNED: Final = "is not pinned by a digest, so that another image can be put behind the name"
_UNLISTED: Final = "is of a registry that the settings do not allow"


def pinned(reading: Reading) -> Outcome:
    """Say of the name of an image whether a digest pins it. One that is known in part is judged by its end."""
    if reading.state is State.UNKNOWN and isinstance(reading.value, str):
        _, tail = split_unknown(reading.value)
        if DIGEST.fullmatch(tail):
            return PASS
        if tail:
            return fail(_UNPINNED, reading.path)
        return indeterminate("is known only after the deployment", reading.path)
    missing = unreadable(reading, absent=fail("is absent; expected is an image with its digest", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "the name of an image")
    return PASS if DIGEST.fullmatch(reading.value) else fail(_UNPINNED, reading.path)


def from_allowed(resource: Resource, reading: Reading, context: Context) -> Outcome:
    """Say whether an image, or a repository of images, is of this document or of an allowed registry."""
    allowed = context.parameters.allowed_registries
    known = split_unknown(reading.text)[0]
    if any(_below(known, each.rstrip("/"), whole=known == reading.text) for each in allowed or ()):
        return PASS
    if reading.state is State.UNKNOWN:
        made = context.graph.made(resource, reading, REPOSITORY)
        if made is not None and _OF_REPOSITORY.fullmatch(without_unknown(reading.text)):
            return PASS
        if not known:
            return indeterminate("is known only after the deployment", reading.path)
    place = _PLACE.fullmatch(reading.text)
    if place is not None:
        found = context.graph.once(repositories_by_place).get((place[2], place[1], place[3]))
        if found is not None and not found.external:
            return PASS
    if allowed is None:
        return indeterminate("cannot be judged: the settings do not say which registries may be used", reading.path)
    return fail(_UNLISTED, reading.path)


def _below(name: str, place: str, *, whole: bool) -> bool:
    """Whether an image is at a place or below it: `host/a` holds `host/a/b` and `host/a:tag`, not `host/ab`."""
    return name.startswith((f"{place}/", f"{place}@", f"{place}:")) or (whole and name == place)


@dataclass(frozen=True)
class PinnedImage:
    """A check: every image at a path is of an allowed registry, and pinned.

    Attributes:
        path: Where.
        absent: Verdict where nothing is named, so that Google's own image is taken, or none.
    """

    path: Path
    absent: Verdict = Verdict.FAIL

    def __call__(self, resource: Resource, context: Context) -> Outcome:
        """Look at one resource."""
        return all_of([self._look(resource, each, context) for each in self.path.read(resource)])

    def _look(self, resource: Resource, reading: Reading, context: Context) -> Outcome:
        if reading.state is State.ABSENT:
            return of_verdict(self.absent, "is absent; expected is an image with its digest", reading.path)
        outcome = pinned(reading)
        if outcome.verdict is Verdict.INDETERMINATE:
            return outcome
        if not reading.text:
            return outcome
        return all_of([outcome, from_allowed(resource, reading, context)])

    def reads(self, type_: str) -> Read:
        """Give what this says of a missing value, for the control's documentation."""
        return Read(type_, self.path.text, absent=self.absent)
