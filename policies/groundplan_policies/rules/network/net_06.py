"""NET-06: Private Service Connect lets in listed projects only."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, Verdict, all_of
from groundplan_policies.rules.network.projects import judge_projects

_SWITCH, _LIST = "enablePrivateServiceConnect", "projectAllowlists"
_BLOCKS = {
    "vertex.AiEndpoint": "privateServiceConnectConfig",
    "vertex.AiIndexEndpoint": "privateServiceConnectConfig",
    "vertex.AiFeatureOnlineStore": "dedicatedServingEndpoint.privateServiceConnectConfig",
    "vertex.AiEndpointWithModelGardenDeployment": "endpointConfig.privateServiceConnectConfig",
}


def _block(resource: Resource, block: Reading, context: Context) -> Outcome:
    missing = unreadable(block, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    switch = read_value(block.value, block.path, _SWITCH)[0]
    missing = unreadable(switch, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    if not isinstance(switch.value, bool):
        return wrong_type(switch, "a boolean")
    if not switch.value:
        return NOT_APPLICABLE
    return judge_projects(resource, read_value(block.value, block.path, _LIST)[0], context)


def _consumers(path: Path) -> Check:
    def check(resource: Resource, context: Context) -> Outcome:
        blocks = [each for reading in path.read(resource) for each in entries(reading)]
        return all_of([_block(resource, each, context) for each in blocks])

    return check


CONTROL = Control(
    id="NET-06",
    title="Private Service Connect lets in listed projects only",
    why=(
        "The list says which projects may connect to the service attachment. Without it that is left to whatever "
        "Google does by default, so absent and empty fail. An entry must be the id or the number of one project: a "
        "wildcard, a folder or an organisation is none. A project that is made in this run may be unknown. Where "
        "Private Service Connect is off the control does not apply: NET-05, NET-07 and NET-08 speak then."
    ),
    remedy="Use OnlineEndpoint, or list project ids in `project_allowlists`.",
    severity=Severity.HIGH,
    objectives=("4.2.a", "4.2.b"),
    clauses=(
        partial("nist-800-53-r5", "SC-7", "The other boundaries of the system: these are the attachments alone."),
    ),
    reads=tuple(
        read
        for type_, block in _BLOCKS.items()
        for read in (
            Read(type_, f"{block}.{_SWITCH}", absent=Verdict.NOT_APPLICABLE, empty=Verdict.NOT_APPLICABLE),
            Read(type_, f"{block}.{_LIST}"),
        )
    ),
    checks={type_: _consumers(Path(block)) for type_, block in _BLOCKS.items()},
)
