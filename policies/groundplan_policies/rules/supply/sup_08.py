"""SUP-08: outside contributors cannot start builds."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import is_one_of
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, all_of
from groundplan_policies.rules.supply.builds import TRIGGER
from groundplan_policies.rules.supply.secret_versions import SecretVersionName

_EVENTS: Final = ("github", "repositoryEventConfig", "developerConnectEventConfig", "bitbucketServerTriggerConfig")
_REQUESTS = {
    Path(f"{event}.pullRequest"): is_one_of(
        f"{event}.pullRequest.commentControl", "COMMENTS_ENABLED_FOR_EXTERNAL_CONTRIBUTORS_ONLY", "COMMENTS_ENABLED"
    )
    for event in _EVENTS
}
_WEBHOOK = Path("webhookConfig")
_SECRET = SecretVersionName(Path("webhookConfig.secret"))


def _judge(resource: Resource, context: Context) -> Outcome:
    return all_of([NOT_APPLICABLE, *_outcomes(resource, context)])


def _outcomes(resource: Resource, context: Context) -> Iterator[Outcome]:
    """Judge each way of starting the build that others may have a hand in. A block asks for it by being there."""
    for block, commented in _REQUESTS.items():
        if block.one(resource).state is not State.ABSENT:
            yield commented(resource, context)
    if _WEBHOOK.one(resource).state is not State.ABSENT:
        yield _SECRET(resource, context)


CONTROL = Control(
    id="SUP-08",
    title="Outside contributors cannot start builds",
    why=(
        "A pull request brings code that runs in our build, as our build's account, before anybody has read it. "
        "Somebody who may write to the repository must say with a comment that it may run: always, or for those who "
        "may not write. Absent means that nobody must. A webhook is an address that anybody can call, so its secret "
        "must be a version in Secret Manager. What starts by a push, a message or by hand is started by people of ours."
    ),
    remedy="Use BuildTrigger, or set `comment_control` of the `pull_request` to COMMENTS_ENABLED.",
    severity=Severity.HIGH,
    objectives=("5.2.b",),
    clauses=(
        partial(
            "google-ai",
            "CBD-CO-6.2",
            "The organisation policy where this program does not set it, and what exists already.",
        ),
    ),
    reads=(*(each.reads(TRIGGER) for each in _REQUESTS.values()), Read(TRIGGER, _SECRET.path.text)),
    checks={TRIGGER: _judge},
)
