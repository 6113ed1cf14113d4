"""Between the engine's messages and the pack's own words."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.metadata import version
from typing import Final

from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2

from groundplan_policies.crossguard.configuration import SCHEMA
from groundplan_policies.crossguard.properties import properties
from groundplan_policies.crossguard.registered import Provider, Registered
from groundplan_policies.crossguard.session import GUARDRAILS, Violation
from groundplan_policies.engine.control import Control
from groundplan_policies.engine.levels import Level
from groundplan_policies.engine.verdicts import Severity
from groundplan_policies.waivers.faults import FAULTS

PACK: Final = "groundplan"
"""Name of the pack."""

VERSION: Final = version("groundplan-policies")

_SEVERITIES: Final[Mapping[Severity, analyzer_pb2.PolicySeverity.ValueType]] = {
    Severity.CRITICAL: analyzer_pb2.POLICY_SEVERITY_CRITICAL,
    Severity.HIGH: analyzer_pb2.POLICY_SEVERITY_HIGH,
    Severity.MEDIUM: analyzer_pb2.POLICY_SEVERITY_MEDIUM,
    Severity.LOW: analyzer_pb2.POLICY_SEVERITY_LOW,
}
_LEVELS: Final[Mapping[Level, analyzer_pb2.EnforcementLevel.ValueType]] = {
    Level.BLOCK: analyzer_pb2.MANDATORY,
    Level.WARN: analyzer_pb2.ADVISORY,
    Level.OFF: analyzer_pb2.DISABLED,
}


def registered(message: analyzer_pb2.AnalyzeRequest | analyzer_pb2.AnalyzerResource) -> Registered:
    """Read a resource as it is about to be made."""
    options = message.options
    provider = None
    if message.HasField("provider"):
        shown = message.provider
        provider = Provider(urn=shown.urn, type=shown.type, inputs=properties(shown.properties))
    return Registered(
        urn=message.urn,
        type=message.type,
        properties=properties(message.properties),
        provider=provider,
        parent=options.parent,
        protect=options.protect,
        ignore_changes=tuple(options.ignoreChanges),
        aliases=tuple(options.aliases),
        additional_secret_outputs=tuple(options.additionalSecretOutputs),
    )


def in_stack(message: analyzer_pb2.AnalyzerResource) -> Registered:
    """Read a resource of the whole stack, which says on what it depends."""
    return replace(
        registered(message),
        parent=message.parent,
        dependencies=tuple(message.dependencies),
        property_dependencies={key: tuple(each.urns) for key, each in message.propertyDependencies.items()},
    )


def diagnostic(violation: Violation) -> analyzer_pb2.AnalyzeDiagnostic:
    """Write what is wrong. The engine shows the message, and the id of the control as the policy's name."""
    return analyzer_pb2.AnalyzeDiagnostic(
        policyName=violation.policy,
        policyPackName=PACK,
        policyPackVersion=VERSION,
        description=violation.title,
        message=f"{violation.title}\n{violation.message}",
        enforcementLevel=_LEVELS[violation.level],
        urn=violation.urn,
        severity=_SEVERITIES[violation.severity],
    )


def information(controls: Mapping[str, Control]) -> analyzer_pb2.AnalyzerInfo:
    """Write what the pack holds.

    Each control is one policy of the stack, also those that look at single resources: only with the whole stack is it
    known whether they pass. The levels come from the settings, whatever is said here.
    """
    return analyzer_pb2.AnalyzerInfo(
        name=PACK,
        displayName="Guardrails of groundplan",
        description="Controls for Google Cloud: network, identity, encryption, data, and ways around them.",
        version=VERSION,
        supportsConfig=True,
        policies=_policies(controls),
    )


def _policies(controls: Mapping[str, Control]) -> Iterator[analyzer_pb2.PolicyInfo]:
    schema = struct_pb2.Struct()
    schema.update({key: dict(each) for key, each in SCHEMA.items()})
    yield analyzer_pb2.PolicyInfo(
        name=GUARDRAILS,
        displayName="What belongs to no control",
        description="Takes the configuration of the pack, and tells of types that nobody has reviewed.",
        enforcementLevel=analyzer_pb2.MANDATORY,
        policy_type=analyzer_pb2.POLICY_TYPE_STACK,
        severity=analyzer_pb2.POLICY_SEVERITY_HIGH,
        configSchema=analyzer_pb2.PolicyConfigSchema(properties=schema),
    )
    for control in controls.values():
        yield analyzer_pb2.PolicyInfo(
            name=control.id,
            displayName=control.title,
            description=control.why,
            enforcementLevel=analyzer_pb2.MANDATORY,
            policy_type=analyzer_pb2.POLICY_TYPE_STACK,
            severity=_SEVERITIES[control.severity],
            remediation_steps=control.remedy,
            tags=[control.family],
        )
    for fault in FAULTS.values():
        yield analyzer_pb2.PolicyInfo(
            name=fault.id,
            displayName=fault.title,
            description=fault.remedy,
            enforcementLevel=analyzer_pb2.MANDATORY,
            policy_type=analyzer_pb2.POLICY_TYPE_STACK,
            severity=_SEVERITIES[fault.severity],
            tags=["WVR"],
        )
