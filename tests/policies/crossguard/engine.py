"""Stands in for Pulumi's engine: starts the pack as the engine does, and shows it the resources of a document."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from groundplan_policies.engine import Document, Resource
from tests.architecture.sources import ROOT

PACK = ROOT / "policies"


@dataclass(frozen=True)
class Engine:
    """The engine's side of one run."""

    stub: analyzer_pb2_grpc.AnalyzerStub

    def configure(self, *, dry_run: bool = True, levels: Mapping[str, int] | None = None, **entries: str) -> None:
        """Configure the pack as the engine does: with the level of each policy, whoever set it."""
        self.stub.ConfigureStack(analyzer_pb2.AnalyzerStackConfigureRequest(stack="dev", dry_run=dry_run))
        request = analyzer_pb2.ConfigureAnalyzerRequest()
        for policy in self.stub.GetAnalyzerInfo(empty_pb2.Empty()).policies:
            request.policyConfig[policy.name].enforcementLevel = (levels or {}).get(  # type: ignore[assignment]
                policy.name, policy.enforcementLevel
            )
        request.policyConfig["guardrails"].properties.update(entries)
        self.stub.Configure(request)

    def analyze(self, resource: Resource, document: Document) -> analyzer_pb2.AnalyzeResponse:
        """Show a resource before it is made."""
        answer: analyzer_pb2.AnalyzeResponse = self.stub.Analyze(
            analyzer_pb2.AnalyzeRequest(
                urn=resource.urn,
                type=resource.type,
                name=resource.name,
                properties=struct(resource.inputs),
                options=_options(resource),
                provider=_provider(resource, document),
            )
        )
        return answer

    def analyze_stack(
        self, document: Document, outputs: Mapping[str, Mapping[str, Any]] | None = None
    ) -> analyzer_pb2.AnalyzeResponse:
        """Show the whole stack, in no order, as the engine does; outputs are the inputs where nothing else is said."""
        shown = reversed(document.resources)
        answer: analyzer_pb2.AnalyzeResponse = self.stub.AnalyzeStack(
            analyzer_pb2.AnalyzeStackRequest(
                resources=[_in_stack(each, document, (outputs or {}).get(each.urn)) for each in shown]
            )
        )
        return answer

    def run(self, document: Document) -> Answers:
        """Show every resource, then the stack."""
        early = [(each.urn, self.analyze(each, document)) for each in document.resources]
        return Answers(early, self.analyze_stack(document))


@dataclass(frozen=True)
class Answers:
    """What the pack says in one run."""

    early: Sequence[tuple[str, analyzer_pb2.AnalyzeResponse]]
    stack: analyzer_pb2.AnalyzeResponse

    @property
    def violations(self) -> list[tuple[str, str, str]]:
        """Policy, URN and verdict of everything that was told, in no order."""
        told = [(one, urn) for urn, each in self.early for one in each.diagnostics]
        told += [(one, one.urn) for one in self.stack.diagnostics]
        return sorted((one.policyName, urn, verdict(one)) for one, urn in told)

    @property
    def no_pass(self) -> dict[str, str]:
        """Policy -> why it is no pass."""
        return {each.policy_name: each.reason for each in self.stack.not_applicable}


def verdict(diagnostic: analyzer_pb2.AnalyzeDiagnostic) -> str:
    """The verdict in a message: the first word of its second line."""
    return diagnostic.message.splitlines()[1].partition(":")[0].removesuffix("s")


@contextmanager
def start_pack(directory: Path = ROOT) -> Iterator[Engine]:
    """Start the pack, and stop it at the end."""
    command = [sys.executable, "-u", str(PACK / "__main__.py"), "127.0.0.1:1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=directory) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        try:
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield Engine(analyzer_pb2_grpc.AnalyzerStub(channel))
        finally:
            process.send_signal(signal.SIGINT)


def struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """Write property values as the engine does."""
    found = struct_pb2.Struct()
    found.update(values)
    return found


def _options(resource: Resource) -> analyzer_pb2.AnalyzerResourceOptions:
    return analyzer_pb2.AnalyzerResourceOptions(
        protect=resource.protect,
        ignoreChanges=resource.ignore_changes,
        aliases=resource.aliases,
        additionalSecretOutputs=resource.additional_secret_outputs,
        parent=resource.parent,
    )


def _provider(resource: Resource, document: Document) -> analyzer_pb2.AnalyzerProviderResource | None:
    provider = document.get(resource.provider_urn)
    if provider is None:
        return None
    return analyzer_pb2.AnalyzerProviderResource(
        urn=provider.urn, type=provider.type, name=provider.name, properties=struct(provider.inputs)
    )


def _in_stack(
    resource: Resource, document: Document, outputs: Mapping[str, Any] | None
) -> analyzer_pb2.AnalyzerResource:
    shown = outputs if outputs is not None else (resource.inputs if resource.custom else resource.outputs)
    return analyzer_pb2.AnalyzerResource(
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        properties=struct(shown),
        options=_options(resource),
        provider=_provider(resource, document),
        parent=resource.parent,
        dependencies=resource.dependencies,
        propertyDependencies={
            key: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns)
            for key, urns in resource.property_dependencies.items()
        },
    )
