"""SUP-06: builds for production need an approval."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import is_true
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity
from groundplan_policies.rules.supply.builds import TRIGGER
from groundplan_policies.rules.supply.production import is_production

_APPROVED = is_true("approvalConfig.approvalRequired")
_EVENTS = ("github", "repositoryEventConfig", "developerConnectEventConfig", "bitbucketServerTriggerConfig")
_MARKS = tuple(
    map(
        Path,
        (
            *("name", "tags", "build.tags", "triggerTemplate.branchName", "triggerTemplate.tagName"),
            *(f"{event}.push.{kind}" for event in _EVENTS for kind in ("branch", "tag")),
        ),
    )
)


def _judge(resource: Resource, context: Context) -> Outcome:
    approved = _APPROVED(resource, context)
    if approved is PASS:
        return PASS
    found = is_production((each for path in _MARKS for each in path.read(resource)), context)
    if isinstance(found, Outcome):
        return found
    return approved if found else NOT_APPLICABLE


CONTROL = Control(
    id="SUP-06",
    title="Builds for production need an approval",
    why=(
        "A build that deploys runs as an account that may change production, and whoever may push may start it. A "
        "trigger is for production if its name, one of its tags, or the branch or tag that starts it has one of the "
        "words of the settings in it. Approving is one switch in Cloud Build: that two people must approve, only a "
        "rule on the branch can say (SUP-19). A trigger that is switched off can still be run by hand, so it counts."
    ),
    remedy="Use MlDelivery, or set `approval_config` with `approval_required`.",
    severity=Severity.HIGH,
    objectives=("5.2.b",),
    clauses=(partial("nist-800-53-r5", "CM-3", "Who approves, and changes that are made past the trigger."),),
    reads=(_APPROVED.reads(TRIGGER), *(Read.aside(TRIGGER, each.text) for each in _MARKS)),
    checks={TRIGGER: _judge},
    settings=("production_words",),
)
