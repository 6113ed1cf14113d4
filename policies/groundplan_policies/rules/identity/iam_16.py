"""IAM-16: privileged access is approved, justified and short."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import is_number, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail, indeterminate
from groundplan_policies.rules.encryption.durations import seconds

_LONGEST_HOURS = 8
_HOUR = 3600
_APPROVALS = is_number("approvalWorkflow.manualApprovals.steps.approvalsNeeded", at_least=1, unit="approval")
_DURATION = Path("maxRequestDuration")
_WRITTEN = Path("requesterJustificationConfig.unstructured")
_WAIVED = Path("requesterJustificationConfig.notMandatory")


def _judge(resource: Resource, context: Context) -> Outcome:
    return all_of([_APPROVALS(resource, context), _short(resource, context), _written(resource), _not_waived(resource)])


def _short(resource: Resource, context: Context) -> Outcome:
    reading = _DURATION.one(resource)
    hours = min(context.parameters.session_hours or _LONGEST_HOURS, _LONGEST_HOURS)
    missing = unreadable(reading, absent=fail(f"is absent; expected is at most {hours * _HOUR}s", reading.path))
    if missing is not None:
        return missing
    duration = seconds(reading.value)
    if duration is None:
        return wrong_type(reading, "a duration in seconds, such as 3600s")
    if 0 < duration <= hours * _HOUR:
        return PASS
    return fail(f"is not at most {hours * _HOUR}s", reading.path, reading.text)


def _written(resource: Resource) -> Outcome:
    """Ask for the block by which a requester has to say why. The block itself is empty."""
    reading = _WRITTEN.one(resource)
    if reading.state is State.EMPTY and not isinstance(reading.value, str) and _WRITTEN.plain(resource.inputs) == {}:
        return PASS
    missing = unreadable(
        reading,
        absent=fail("is absent, so nobody has to say why access is needed", reading.path),
        empty=indeterminate("is not what the provider takes there", reading.path),
    )
    return missing if missing is not None else wrong_type(reading, "an empty block")


def _not_waived(resource: Resource) -> Outcome:
    reading = _WAIVED.one(resource)
    if reading.state is State.ABSENT:
        return PASS
    if reading.state is State.UNKNOWN:
        return indeterminate("is known only after the deployment", reading.path)
    return fail("says that nobody has to say why access is needed", reading.path)


CONTROL = Control(
    id="IAM-16",
    title="Privileged access is approved, justified and short",
    why=(
        "An entitlement lets people take a strong role for a while. Without an approval it is a standing grant with a "
        "button in front; for longer than a working day it outlives the reason. Every step of approval must ask for at "
        "least one person, also where Google's default is not said. The blocks for a justification hold nothing: which "
        "of the two is there decides. Settings may shorten the eight hours, not lengthen them."
    ),
    remedy=(
        "Set `approval_workflow` with `approvals_needed` of 1 or more, `max_request_duration` of at most 28800s, and "
        "`requester_justification_config` with `unstructured`."
    ),
    severity=Severity.MEDIUM,
    objectives=("6.1.a",),
    clauses=(partial("nist-800-53-r5", "AC-6", "Standing grants, which another control judges."),),
    reads=(
        _APPROVALS.reads("privilegedaccessmanager.Entitlement"),
        Read("privilegedaccessmanager.Entitlement", _DURATION.text),
        Read("privilegedaccessmanager.Entitlement", _WRITTEN.text, empty=Verdict.PASS),
        Read(
            "privilegedaccessmanager.Entitlement",
            _WAIVED.text,
            absent=Verdict.PASS,
            wrong=Verdict.FAIL,
            secret=Verdict.FAIL,
        ),
    ),
    checks={"privilegedaccessmanager.Entitlement": _judge},
    settings=("session_hours",),
)
