# ruff: noqa: ARG002, N802 - the methods have the names and the parameters of the protocol
"""Answers Pulumi's engine in the protocol of its analyzers (`pulumi/analyzer.proto`)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Final

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, plugin_pb2

from groundplan_policies.crossguard.configuration import configured
from groundplan_policies.crossguard.messages import VERSION, diagnostic, in_stack, information, registered
from groundplan_policies.crossguard.properties import properties
from groundplan_policies.crossguard.session import GUARDRAILS, Session, Violation
from groundplan_policies.engine.errors import Error
from groundplan_policies.engine.levels import Level
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.engine.tally import innermost
from groundplan_policies.engine.verdicts import Severity
from groundplan_policies.reports.safe import plain

_LAXER: Final = frozenset({analyzer_pb2.ADVISORY, analyzer_pb2.DISABLED})


@contextmanager
def _answering(context: grpc.ServicerContext) -> Iterator[None]:
    """Turn an exception into an error of the call. Of one that is not ours the text is not told: it may quote a value.

    The engine ends the deployment at such an error, so nothing passes because of it.
    """
    try:
        yield
    except Error as error:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, plain(str(error), lines=True))
    except Exception as error:  # noqa: BLE001 - as above
        kind, where = type(error).__name__, innermost(error)
        context.abort(grpc.StatusCode.INTERNAL, f"the guardrails have a fault of their own: {kind} at {where}")


class GuardrailsAnalyzer(analyzer_pb2_grpc.AnalyzerServicer):
    """The pack, as the engine sees it. One process serves one run.

    Args:
        today: Gives the day for which waivers are judged, where the configuration names none.
    """

    def __init__(self, today: Callable[[], date]) -> None:
        self._today = today
        self._dry_run = True
        self._session: Session | None = None
        self._overruled: tuple[str, ...] = ()

    def _run(self) -> Session:
        if self._session is None:
            self._session = configured({}, self._today)
        return self._session

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """Say which version this is."""
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetAnalyzerInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> analyzer_pb2.AnalyzerInfo:
        """Say which controls there are."""
        with _answering(context):
            return information(all_controls())

    def Handshake(
        self, request: analyzer_pb2.AnalyzerHandshakeRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzerHandshakeResponse:
        """Greet the engine. The pack asks nothing of it."""
        return analyzer_pb2.AnalyzerHandshakeResponse()

    def ConfigureStack(
        self, request: analyzer_pb2.AnalyzerStackConfigureRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzerStackConfigureResponse:
        """Learn whether this is a preview. Nothing else of the stack's configuration is looked at."""
        self._dry_run = request.dry_run
        return analyzer_pb2.AnalyzerStackConfigureResponse()

    def Configure(
        self, request: analyzer_pb2.ConfigureAnalyzerRequest, context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        """Take the configuration. It holds a level for each policy too, but levels come from the settings."""
        with _answering(context):
            # A map of the protocol makes the entry that is asked for.
            entries = properties(request.policyConfig[GUARDRAILS].properties)
            self._session = configured(entries, self._today)
            self._overruled = _overruled(request.policyConfig)
        return empty_pb2.Empty()

    def Analyze(
        self, request: analyzer_pb2.AnalyzeRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzeResponse:
        """Say what is wrong with a resource, before it is made."""
        with _answering(context):
            return analyzer_pb2.AnalyzeResponse(diagnostics=map(diagnostic, self._run().before(registered(request))))

    def AnalyzeStack(
        self, request: analyzer_pb2.AnalyzeStackRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzeResponse:
        """Say what is wrong with the whole stack: in a preview before anything is made, else after all is."""
        with _answering(context):
            answer = self._run().at_the_end([in_stack(each) for each in request.resources], dry_run=self._dry_run)
            return analyzer_pb2.AnalyzeResponse(
                diagnostics=map(diagnostic, (*answer.violations, *self._about_levels())),
                not_applicable=[
                    analyzer_pb2.PolicyNotApplicable(policy_name=policy, reason=why)
                    for policy, why in answer.no_pass.items()
                ],
            )

    def Remediate(
        self, request: analyzer_pb2.AnalyzeRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.RemediateResponse:
        """Change nothing: the pack says what mends a resource, and leaves it to the program."""
        return analyzer_pb2.RemediateResponse()

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Take note that the run ends. There is nothing to stop: no call takes long."""
        return empty_pb2.Empty()

    def _about_levels(self) -> Iterator[Violation]:
        if self._overruled:
            yield Violation(
                policy=GUARDRAILS,
                title="Levels come from the settings",
                message=(
                    f"the configuration asks for laxer levels, which do not hold: {', '.join(self._overruled)}. "
                    "To do: say them in a settings file, with author and reason, and name the file in `settings`."
                ),
                urn="",
                level=Level.WARN,
                severity=Severity.MEDIUM,
            )


def _overruled(configuration: Mapping[str, analyzer_pb2.PolicyConfig]) -> tuple[str, ...]:
    """Give the controls for which somebody asks a laxer level than the pack has told the engine."""
    laxer = {name for name, each in configuration.items() if each.enforcementLevel in _LAXER}
    return tuple(sorted(laxer & all_controls().keys()))
