"""SUP-06: builds for production need an approval."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import is_true
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, indeterminate
from groundplan_policies.rules.supply.builds import TRIGGER
from groundplan_policies.rules.supply.production import UNCLEAR, has_word, is_production

_APPROVED = is_true("approvalConfig.approvalRequired")
_EVENTS: Final = ("github", "repositoryEventConfig", "developerConnectEventConfig", "bitbucketServerTriggerConfig")
_MARKS: Final = tuple(
    map(
        Path,
        (
            *("name", "tags", "build.tags", "filename"),
            *("gitFileSource.path", "gitFileSource.revision", "sourceToBuild.ref"),
        ),
    )
)
_MAPS: Final = (Path("substitutions"), Path("build.substitutions"))
_PATTERNS: Final = {
    Path(f"{event}.{kind}"): Path(f"{event}.invertRegex")
    for event, kinds in {
        **dict.fromkeys((f"{each}.push" for each in _EVENTS), ("branch", "tag")),
        "triggerTemplate": ("branchName", "tagName"),
    }.items()
    for kind in kinds
}
"""Expressions for the branches and tags that start a build -> what turns them round."""
_NO_BRANCH: Final = "a-name-of-nothing"


def _judge(resource: Resource, context: Context) -> Outcome:
    approved = _APPROVED(resource, context)
    if approved is PASS:
        return PASS
    found = is_production((each for path in _MARKS for each in path.read(resource)), context)
    words = context.parameters.production_words or ()
    others = [*_started(resource, words), *(_says(path.one(resource), words) for path in _MAPS)]
    if found is True or True in others:
        return approved
    unclear = [each for each in (found, *others) if isinstance(each, Outcome)]
    return unclear[0] if unclear else NOT_APPLICABLE


def _says(substitutions: Reading, words: Iterable[str]) -> bool:
    """Whether a substitution is a word of production, such as `_ENV: prod`. Names of projects say nothing."""
    values = substitutions.value.values() if isinstance(substitutions.value, dict) else ()
    return not {each.lower() for each in words}.isdisjoint(str(each).strip().lower() for each in values)


def _started(resource: Resource, words: Iterable[str]) -> Iterator[bool | Outcome]:
    """Say of each expression whether a branch or tag for production starts the build."""
    for path, inverted in _PATTERNS.items():
        reading = path.one(resource)
        if reading.state in {State.ABSENT, State.EMPTY} or inverted.plain(resource.inputs) is True:
            continue
        yield _matches(reading, [*words])


def _matches(reading: Reading, words: list[str]) -> bool | Outcome:
    """Whether an expression has a word of production in it, or is for a branch that has, and not for every branch."""
    if reading.state is not State.KNOWN or not reading.text:
        return indeterminate(UNCLEAR, reading.path)
    if has_word(reading.text, words):
        return True
    try:
        pattern = re.compile(reading.text)
    except re.error:
        return indeterminate(UNCLEAR, reading.path)
    return pattern.search(_NO_BRANCH) is None and any(map(pattern.search, words))


CONTROL = Control(
    id="SUP-06",
    title="Builds for production need an approval",
    why=(
        "A build that deploys runs as an account that may change production, and whoever may push may start it. A "
        "trigger is for production if its name, one of its tags, its file, or the branch or tag that starts it has one "
        "of the words of the settings in it, or a substitution is one. An expression that such a branch meets counts "
        "too; one that every branch meets, or every branch but some, says nothing of production. Approving is one "
        "switch in Cloud Build: that two people must approve, only a rule on the branch can say (SUP-19). A trigger "
        "that is switched off can still be run by hand, so it counts."
    ),
    remedy="Use MlDelivery, or set `approval_config` with `approval_required`.",
    severity=Severity.HIGH,
    objectives=("5.2.b",),
    clauses=(partial("nist-800-53-r5", "CM-3", "Who approves, and changes that are made past the trigger."),),
    reads=(
        _APPROVED.reads(TRIGGER),
        *(Read.aside(TRIGGER, each.text) for each in (*_MARKS, *_MAPS)),
        *(Read.aside(TRIGGER, each.text) for path, inverted in _PATTERNS.items() for each in (path, inverted)),
    ),
    checks={TRIGGER: _judge},
    settings=("production_words",),
)
