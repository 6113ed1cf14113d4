# ruff: noqa: ANN401 - Pulumi's policy SDK types little, and does not export its servicer
"""A document as Pulumi's engine shows it to policy packs, and the servicer of Pulumi's policy SDK, to show it to."""

from collections.abc import Callable, Iterator
from typing import Any

import pulumi_policy
from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy.policy import _PolicyAnalyzerServicer

from benchmarks.evaluation import DAY, TEAM
from groundplan_policies.engine import Document
from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, StackCheck
from groundplan_policies.engine.evaluate import make_context
from groundplan_policies.engine.look import check_for
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.settings import read_settings


class Shown:
    """The messages by which the engine shows a document: each resource, then the stack."""

    def __init__(self, document: Document) -> None:
        self._single: list[analyzer_pb2.AnalyzeRequest] = []
        self._whole = analyzer_pb2.AnalyzeStackRequest()
        for each in document:
            properties = struct_pb2.Struct()
            properties.update(each.inputs)
            options = analyzer_pb2.AnalyzerResourceOptions(protect=each.protect, parent=each.parent)
            shown: dict[str, Any] = {"urn": each.urn, "type": each.type, "name": each.name}
            shown |= {"properties": properties, "options": options}
            self._single.append(analyzer_pb2.AnalyzeRequest(**shown))
            self._whole.resources.append(analyzer_pb2.AnalyzerResource(**shown, parent=each.parent))

    def to(self, servicer: Any) -> None:
        """Show everything to a servicer, without a network in between."""
        for request in self._single:
            servicer.Analyze(request, None)
        servicer.AnalyzeStack(self._whole, None)


def stock_servicer(document: Document) -> Any:
    """Give the servicer of Pulumi's policy SDK, with a policy for each kind of check of each control.

    The policies find what they look at ready made: what is measured is the servicer, and the rules.
    """
    settings = read_settings("regulated").filled(**TEAM)
    context = make_context(document, settings, (), DAY)
    policies = [each for control in all_controls().values() for each in _policies(control, context)]
    return _PolicyAnalyzerServicer("stock", "1.0.0", policies, pulumi_policy.EnforcementLevel.MANDATORY)


def _policies(control: Control, context: Context) -> Iterator[pulumi_policy.Policy]:
    if control.checks:
        yield pulumi_policy.ResourceValidationPolicy(control.id, control.title, _of_resource(control, context))
    if control.stack is not None:
        yield pulumi_policy.StackValidationPolicy(
            f"{control.id}-stack", control.title, _of_stack(control.stack, context)
        )


def _of_resource(control: Control, context: Context) -> Callable[[Any, Any], None]:
    document = context.graph.document
    checks = {each.type: check_for(control, each.type) for each in document if each.custom}

    def validate(args: Any, report: Any) -> None:
        check = checks.get(args.resource_type)
        if check is not None:
            for reason in check(document[args.urn], context).reasons:
                report(reason.message)

    return validate


def _of_stack(stack: StackCheck, context: Context) -> Callable[[Any, Any], None]:
    def validate(_: Any, report: Any) -> None:
        for _where, outcome in stack(context):
            for reason in outcome.reasons:
                report(reason.message)

    return validate
