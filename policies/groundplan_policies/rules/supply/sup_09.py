"""SUP-09: steps of builds are pinned, and hold no secrets."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, Verdict, all_of
from groundplan_policies.rules.supply.builds import FILE_READS, TRIGGER, unseen
from groundplan_policies.rules.supply.images import pinned
from groundplan_policies.rules.supply.literals import judge_map, judge_pairs, judge_text

_STEP = Path("build.steps.name")
_MAPS: Final = (Path("substitutions"), Path("build.substitutions"))
_PAIRS: Final = (Path("build.steps.envs"), Path("build.steps.args"), Path("build.options.envs"))
_SCRIPT = Path("build.steps.script")


def _judge(resource: Resource, context: Context) -> Outcome:
    secrets = [*_literals(resource, context)]
    out_of_sight = unseen(resource)
    steps = [out_of_sight] if out_of_sight else map(pinned, _STEP.read(resource))
    return all_of([*steps, *secrets])


def _literals(resource: Resource, context: Context) -> Iterator[Outcome]:
    for path in _MAPS:
        yield from judge_map(path.one(resource), resource, context)
    for path in _PAIRS:
        for reading in path.read(resource):
            yield from judge_pairs(reading, resource, context)
    for reading in _SCRIPT.read(resource):
        yield judge_text("", reading, resource, context)


_CLEAR: Final = {"absent": Verdict.PASS, "empty": Verdict.PASS, "secret": Verdict.FAIL}

CONTROL = Control(
    id="SUP-09",
    title="Steps of builds are pinned, and hold no secrets",
    why=(
        "The image of a step sees the source, the secrets and the credentials of the build, so one that is exchanged "
        "behind its tag takes all of it. A password in a substitution, variable, argument or script can be read by all "
        "who may see the trigger, and stands in every log of it. What the program itself marks as a secret is one. "
        "Names that say so, and forms of tokens, fail; a long hexadecimal number may be a digest: indeterminate. A "
        "build in a file of the repository is not seen here."
    ),
    remedy="Use BuildTrigger, or name images as `name@sha256:...` and take secrets by `available_secrets`.",
    severity=Severity.HIGH,
    objectives=("5.1.d", "5.2.b"),
    clauses=(
        partial("nist-800-53-r5", "SI-7", "What the images hold."),
        partial("nist-800-53-r5", "IA-5", "Secrets that do not look like any."),
    ),
    reads=(
        Read(TRIGGER, _STEP.text),
        *(Read(TRIGGER, each.text, **_CLEAR) for each in (*_MAPS, *_PAIRS, _SCRIPT)),
        *FILE_READS,
    ),
    checks={TRIGGER: _judge},
)
