"""What the steps of a run do with data and models, as far as their roles are known.

An answer is yes, no, or None where nobody can tell: what hangs on a step whose role is not known.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final, TypeAlias

from groundplan_policies.pipelines.model import Constant, Given, Unread
from groundplan_policies.pipelines.roles import Role
from groundplan_policies.pipelines.steps import Origin, Output, Step, Way

Answer: TypeAlias = bool | None

_METRICS: Final = frozenset(
    {
        *("system.Metrics", "system.ClassificationMetrics", "system.SlicedClassificationMetrics"),
        *("system.HTML", "system.Markdown"),
    }
)
"""Types of artifacts that are neither data nor models. What has no type, or another one, counts as data."""

_MODEL: Final = "model"
"""How the titles of types of models end, in lower case: `system.Model`, `google.VertexModel`."""

_MADE_OF: Final = (Role.PREPARATION, Role.VALIDATION)
"""Steps whose outputs are the data that they take, in another form."""


def every(answers: Iterable[Answer]) -> Answer:
    """Whether all are yes."""
    found = list(answers)
    return False if False in found else None if None in found else True


def some(answers: Iterable[Answer]) -> Answer:
    """Whether one is yes."""
    found = list(answers)
    return True if True in found else None if None in found else False


class Lineage:
    """The steps of a run, with their roles.

    Args:
        steps: The steps, each after those that come before it.
        roles: Digest of a component -> its role.
    """

    def __init__(self, steps: Mapping[Way, Step], roles: Mapping[str, str]) -> None:
        self.steps = steps
        self._roles = roles

    def role(self, step: Step) -> Role | None:
        """Give the role of a step, None if nobody says. An importer runs no code: it takes in what is elsewhere."""
        executor = step.component.executor
        if executor is not None and executor.importer:
            return Role.INGESTION
        named = self._roles.get(step.component.digest, "")
        return Role(named) if named in list(Role) else None

    def has_role(self, step: Step, *roles: Role) -> Answer:
        """Whether a step has one of some roles."""
        role = self.role(step)
        return None if role is None else role in roles

    def of(self, *roles: Role) -> Iterator[tuple[Step, bool]]:
        """Give the steps that have one of some roles, or might; with whether that is sure."""
        for step in self.steps.values():
            answer = self.has_role(step, *roles)
            if answer is not False:
                yield step, answer is True

    def before(self, step: Step) -> Iterator[Step]:
        """Give the steps that surely ran and succeeded before a step starts, whichever conditions hold."""
        for way in step.needs:
            other = self.steps[way]
            if other.guards <= step.guards:
                yield other

    def data(self, step: Step) -> tuple[Output, ...]:
        """Give the artifacts that a step takes and that are data."""
        return self._taken(step, data=True)

    def models(self, step: Step) -> tuple[Output, ...]:
        """Give the artifacts that a step takes and that are models."""
        return self._taken(step, data=False)

    def _taken(self, step: Step, *, data: bool) -> tuple[Output, ...]:
        found: dict[Output, None] = {}
        for key, origins in step.artifacts.items():
            title = step.component.artifacts.get(key, "")
            model = title.lower().endswith(_MODEL)
            if model is not data and title not in _METRICS:
                found.update(dict.fromkeys(origins or (Output(step.way, key),)))
        return tuple(found)

    def takes(self, step: Step, artifact: Output) -> bool:
        """Whether a step surely takes an artifact, and not one of several; of an item, the whole list does as well."""
        return any(origins in {(artifact,), (_whole(artifact),)} for origins in step.artifacts.values())

    def released(self, step: Step) -> frozenset[Output]:
        """Give the models that a step releases: of what an upload made, or named, those that the upload took."""
        origins = [each for several in step.parameters.values() for each in several if isinstance(each, Output)]
        named = [each for each in origins if self._upload(each) is not None]
        found: set[Output] = set()
        for each in self.models(step) or named:
            upload = self._upload(each)
            found.update((each,) if upload is None else self.models(upload))
        return frozenset(found)

    def _upload(self, output: Output) -> Step | None:
        """Give the upload of which something is an output, None if it is of none."""
        step = self.steps.get(output.step)
        return step if step is not None and self.has_role(step, Role.UPLOAD) is True else None

    def validated(self, step: Step) -> Answer:
        """Whether all data that a step takes passed a validation that stops it."""
        checkers = [(each, self.has_role(each, Role.VALIDATION)) for each in self.before(step)]
        checkers = [(each, answer) for each, answer in checkers if answer is not False]
        known: dict[Output, Answer] = {}

        def answer_for(artifact: Output) -> Answer:
            if artifact not in known:
                # Only now, since steps come in the order in which they could run.
                known[artifact] = some(self._ways(artifact, step, checkers, known))
            return known[artifact]

        for each in self._upstream(self.data(step)):
            answer_for(each)
        return every(answer_for(each) for each in self.data(step))

    def _ways(
        self, artifact: Output, step: Step, checkers: list[tuple[Step, Answer]], known: Mapping[Output, Answer]
    ) -> Iterator[Answer]:
        """Give the ways in which an artifact can have been checked: by whoever made it, in its place, or before."""
        producer = self.steps.get(artifact.step)
        if producer is not None and producer.way in step.needs:
            yield self.has_role(producer, Role.VALIDATION)
        for checker, answer in checkers:
            if self.takes(checker, artifact):
                yield answer
        if producer is not None:
            data = self.data(producer)
            if data:
                yield _both(self.has_role(producer, Role.PREPARATION), every(known.get(each, False) for each in data))

    def _upstream(self, artifacts: Iterable[Output]) -> list[Output]:
        """Give what artifacts were made of, step by step, the earliest first; themselves too."""
        order = {way: number for number, way in enumerate(self.steps)}
        found: set[Output] = set()
        waiting = list(artifacts)
        while waiting:
            artifact = waiting.pop()
            if artifact not in found:
                found.add(artifact)
                producer = self.steps.get(artifact.step)
                if producer is not None and self.has_role(producer, *_MADE_OF) is not False:
                    waiting += self.data(producer)
        return sorted(found, key=lambda each: (order.get(each.step, -1), each))

    def apart(self, artifact: Output, others: Iterable[Output]) -> Answer:
        """Whether an artifact holds nothing of others: it is none of them, and neither was made of the other.

        Two outputs of one step are apart, as its role says that it splits. What comes of one artifact by way of
        different steps may hold the same, and so may what two equal steps made of equal inputs.
        """
        return every(self._are_apart(artifact, other) for other in others)

    def _are_apart(self, artifact: Output, other: Output) -> Answer:
        if _whole(artifact) in map(_whole, self._upstream((other,))):
            return False
        order = {way: number for number, way in enumerate(self.steps)}
        waiting, seen = [(artifact, other)], set[tuple[Output, Output]]()
        while waiting:
            pair = waiting.pop()
            if pair in seen:
                continue
            seen.add(pair)
            if _whole(pair[0]) == _whole(pair[1]) or self._may_be_same(*pair):
                return None
            if pair[0].step == pair[1].step:
                continue
            earlier, later = sorted(pair, key=lambda each: order.get(each.step, -1))
            producer = self.steps.get(later.step)
            if producer is not None and self.has_role(producer, *_MADE_OF) is not False:
                waiting += [(each, earlier) for each in self.data(producer)]
        return True

    def _may_be_same(self, one: Output, other: Output) -> bool:
        """Whether two steps do the same with the same, so that what comes out may be the same, too."""
        equal = self._equal
        return one.step != other.step and one.step in equal and equal[one.step] == equal.get(other.step)

    @cached_property
    def _equal(self) -> Mapping[Way, Way]:
        """The first of the steps that do the same with the same, by each of them."""
        firsts: dict[object, Way] = {}
        found: dict[Way, Way] = {}
        for way, step in self.steps.items():
            takes = tuple(
                (key, tuple(each._replace(step=found.get(each.step, each.step)) for each in origins))
                for key, origins in sorted(step.artifacts.items())
            )
            given = tuple(
                (key, tuple(_as_text(each, found) for each in origins))
                for key, origins in sorted(step.parameters.items())
            )
            found[way] = firsts.setdefault((step.component.digest, takes, given), way)
        return found

    def training_data(self, model: Output) -> tuple[Output, ...] | None:
        """Give the data that a model, and those that it began with, were made of; None if nobody can tell."""
        found: dict[Output, None] = {}
        seen: set[Output] = set()
        waiting = [model]
        while waiting:
            each = waiting.pop()
            if each in seen:
                continue
            seen.add(each)
            producer = self.steps.get(each.step)
            if producer is None or self.has_role(producer, Role.TRAINING) is not True:
                return None
            found.update(dict.fromkeys(self.data(producer)))
            waiting += self.models(producer)
        return tuple(found) or None


def _whole(artifact: Output) -> Output:
    """Give the list that an artifact is an item of; the artifact itself where it is none."""
    return artifact._replace(loop=())


def _both(one: Answer, other: Answer) -> Answer:
    return every((one, other))


def _as_text(origin: Origin, equal: Mapping[Way, Way]) -> str:
    """Write down where a value comes from: the same for what is, or may be, the same value."""
    match origin:
        case Constant(value, _):
            return f"constant {json.dumps(value, sort_keys=True)}"
        case Output(step, key, _):
            return f"output {equal.get(step, step)} {key}"
        case Given(key):
            return f"given {key}"
        case Unread():
            return "unread"
