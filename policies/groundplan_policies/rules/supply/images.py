"""Names of container images: where they come from, and whether they are pinned.

A name is `host/path:tag@sha256:digest`; without a host it is Docker Hub's. Only the digest says which image it is.
"""

import re
from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Read
from groundplan_policies.engine.expect import of_verdict, unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import split_unknown, without_unknown
from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict, all_of, fail, indeterminate
from groundplan_policies.rules.supply.repositories import REPOSITORY

DIGEST: Final = re.compile(r"[^@\s]*@sha256:[0-9a-f]{64}")
_PLACE: Final = re.compile(r"([a-z0-9-]+|\?)-docker\.pkg\.dev/([^/?]+|\?)/([^/:@?]+|\?)(?:[/:@].*)?")
"""Location, project and repository of an image, where a question mark stands for a part that is known later."""
_LATER: Final = "is known only after the deployment"
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
        return indeterminate(_LATER, reading.path)
    missing = unreadable(reading, absent=fail("is absent; expected is an image with its digest", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "the name of an image")
    return PASS if DIGEST.fullmatch(reading.value) else fail(_UNPINNED, reading.path)


def from_allowed(resource: Resource, reading: Reading, context: Context) -> Outcome:
    """Say whether an image, or a repository of images, is of this document or of an allowed registry."""
    allowed = context.parameters.allowed_registries
    places = [each.rstrip("/") for each in allowed or ()]
    known = split_unknown(reading.text)[0]
    if any(_below(known, each, whole=known == reading.text) for each in places):
        return PASS
    ours = _is_ours(resource, reading, context)
    if ours:
        return PASS
    if reading.state is State.UNKNOWN and (ours is None or _may_become(known, places)):
        return indeterminate(_LATER, reading.path)
    if allowed is None:
        return indeterminate("cannot be judged: the settings do not say which registries may be used", reading.path)
    if ours is None:
        return indeterminate("may be of a repository of this document, whose project nobody can tell", reading.path)
    return fail(_UNLISTED, reading.path)


def _may_become(known: str, places: list[str]) -> bool:
    """Whether a name may turn out to be at an allowed place, by what is known of its beginning."""
    return "/" not in known or any(each.startswith(known) for each in places)


def _is_ours(resource: Resource, reading: Reading, context: Context) -> bool | None:
    """Whether an image is of a repository that this document makes; None where nobody can tell.

    A name that begins with an unknown part may be of any registry, whatever that part was made of: a repository has
    other outputs than its address.
    """
    place = _PLACE.fullmatch(without_unknown(reading.text))
    if place is None:
        return None if reading.state is State.UNKNOWN and not split_unknown(reading.text)[0] else False
    if _UNSAID in place.groups():
        made = _made_of(resource, reading, context.graph)
        return None if made is None else _is_at(made, place.groups(), context.graph)
    made_here = (each for each in context.graph.of(REPOSITORY) if not each.external)
    answers = [_is_at(each, place.groups(), context.graph) for each in made_here]
    return True if True in answers else None if None in answers else False


_UNSAID: Final = "?"


def _made_of(resource: Resource, reading: Reading, graph: Graph) -> Resource | None:
    """Give the repository of which the unknown parts of a name were made, and of nothing that it was not made of."""
    found = graph.made(resource, reading, REPOSITORY)
    if found is None:
        return None
    of_it = {urn for key in ("project", "location", "repositoryId") for urn in graph.document.origins(found.urn, key)}
    others = {each.urn for each in graph.origins(resource, reading)} - {found.urn}
    return found if others <= of_it else None


def _is_at(repository: Resource, place: tuple[str, ...], graph: Graph) -> bool | None:
    """Whether a repository is at a place, as far as the place says; None where the repository itself does not tell."""
    answers: list[bool | None] = []
    for said, key in zip(place, ("location", "project", "repositoryId"), strict=True):
        own = graph.effective(repository, key)
        known = own.state is State.KNOWN and bool(own.text)
        if said != _UNSAID:
            answers.append(own.text.lower() == said.lower() if known else None)
    return False if False in answers else None if None in answers else True


def _below(name: str, place: str, *, whole: bool) -> bool:
    """Whether an image is at a place or below it: `host/a` holds `host/a/b` and `host/a:tag`, not `host/ab`."""
    return name.startswith((f"{place}/", f"{place}@", f"{place}:")) or (whole and name == place)


def judge_image(resource: Resource, reading: Reading, context: Context) -> Outcome:
    """Say of an image that is named whether it is pinned, and of an allowed registry."""
    outcome = pinned(reading)
    if outcome.verdict is Verdict.INDETERMINATE or not reading.text:
        return outcome
    return all_of([outcome, from_allowed(resource, reading, context)])


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
        return judge_image(resource, reading, context)

    def reads(self, type_: str) -> Read:
        """Give what this says of a missing value, for the control's documentation."""
        return Read(type_, self.path.text, absent=self.absent)
