"""MON-01: access to data is audited."""

from collections.abc import Iterator

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, full, partial
from groundplan_policies.engine.expect import is_absent, unreadable, wrong_type
from groundplan_policies.engine.projects import home, homes
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, all_of, fail
from groundplan_policies.rules.monitoring.above import reaches
from groundplan_policies.rules.monitoring.audit import ALL, CONFIGS, KINDS, PROJECT, WIDE, kinds, service_of
from groundplan_policies.rules.monitoring.everywhere import SETTING, lacking

_TYPES = (PROJECT, *WIDE)
_NOBODY_EXEMPT = is_absent("auditLogConfigs.exemptedMembers", "somebody whose access is not logged")
_POLICY = "projects.IAMPolicy"


def _config(resource: Resource, context: Context) -> Outcome:
    service = service_of(resource)
    missing = unreadable(service, absent=fail("is absent; expected is a service, or allServices", service.path))
    if missing is not None or not service.text:
        return missing or wrong_type(service, "a text")
    asked = kinds(resource, KINDS) if service.text == ALL else NOT_APPLICABLE
    return all_of([asked, _NOBODY_EXEMPT(resource, context)])


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    graph = context.graph
    projects = graph.once(homes)
    if not projects:
        return
    wide = [each for each in graph.of(*WIDE) if _is_of_all(each)]
    above = {each: reaches(graph, wide, each) for each in projects}
    there = {home(graph, each) for each in graph.of(PROJECT) if _is_of_all(each)}
    policies = {home(graph, each) for each in graph.of(_POLICY)}
    left = {each for each in projects if each not in there and above[each] is not True}
    message = "audits not all services: a service that is not named logs nobody's access to its data"
    unclear = {each for each in left if each in policies or above[each] is None}
    said = [
        lacking(left - unclear, message, context, unclear="" in there),
        lacking(unclear, f"{message}, unless its policy or a folder above it says so", context, unclear=True),
        lacking(
            projects.keys() & there & policies,
            "has a policy beside its audit configuration, and whichever is written last undoes the other",
            context,
            unclear=True,
        ),
    ]
    yield None, all_of(said)


def _is_of_all(resource: Resource) -> bool:
    return service_of(resource).text == ALL


CONTROL = Control(
    id="MON-01",
    title="Access to data is audited",
    why=(
        "Without audit logs of data nobody can say who read the training data, nor who did not. Google logs changes "
        "by itself, and who reads or writes data only where it is asked to. Every project in which this deployment "
        "runs asks for it for all services, or its folder or organisation does: a list of services leaves out the one "
        "that somebody uses tomorrow. A configuration of one service beside it may add kinds, and exempts nobody "
        "either. Configurations inside of whole IAM policies are not read, and a policy and a configuration of one "
        "project undo each other. A folder is above those projects of which this document says so; others may be in "
        "it."
    ),
    remedy="Use ProjectFoundation, or an `IAMAuditConfig` for `allServices` with all three log types, in each project.",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("6.1.a",),
    clauses=(
        full("cis-gcp-5.0", "2.1"),
        full("google-ai", "COM-CO-7.2"),
        partial("google-ai", "COM-CO-7.3", "Projects that this program does not make."),
        partial("nist-800-53-r5", "AU-12", "What applications write."),
    ),
    reads=tuple(
        read
        for type_ in _TYPES
        for read in (
            Read(type_, f"{CONFIGS.text}.logType"),
            _NOBODY_EXEMPT.reads(type_),
            Read(type_, "service"),
        )
    ),
    checks=dict.fromkeys(_TYPES, _config),
    stack=_stack,
    settings=(SETTING,),
)
