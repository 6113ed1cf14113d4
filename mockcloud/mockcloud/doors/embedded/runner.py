"""Runs one program: sets the SDK up for it, and takes down what happened."""

import asyncio
import contextvars
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pulumi.runtime import config as pulumi_config
from pulumi.runtime import settings as pulumi_settings
from pulumi.runtime.proto import engine_pb2
from pulumi.runtime.rpc_manager import RPCManager

from mockcloud.doors.embedded import sdk
from mockcloud.doors.embedded.applying import Applier
from mockcloud.doors.embedded.capture import Capture, capturing
from mockcloud.doors.embedded.config import Config
from mockcloud.doors.embedded.document import assemble
from mockcloud.doors.embedded.errors import EngineError
from mockcloud.doors.embedded.execution import Outputs, end_pending, quietly, release, run_stack
from mockcloud.doors.embedded.failure import explain
from mockcloud.doors.embedded.invokes import Answers, Invokes
from mockcloud.doors.embedded.loop import ProgramLoop, set_for_thread
from mockcloud.doors.embedded.monitor import FEATURES, RecordingMonitor
from mockcloud.doors.embedded.positions import Positions
from mockcloud.doors.embedded.preview import Diagnostic, Preview, Progress, Seconds
from mockcloud.doors.embedded.providers import ProviderConfig
from mockcloud.doors.embedded.redaction import Redaction, redaction_of
from mockcloud.doors.embedded.registry import Registry
from mockcloud.doors.embedded.stack_references import StackReferences
from mockcloud.doors.embedded.transforms import Callbacks
from mockcloud.doors.embedded.urns import Urns

if TYPE_CHECKING:
    from mockcloud.pulumi.values import Value

T = TypeVar("T")

_SEVERITIES = {engine_pb2.INFO: "info", engine_pb2.WARNING: "warning", engine_pb2.ERROR: "error"}


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that a run needs to know.

    Attributes:
        program: What to run.
        root: The directory that source positions are relative to.
        own: The directory of the program's own code, for tracebacks.
        applier: What makes the resources; None for a preview.
        shown: Whether what the program prints is shown as well as kept.
    """

    program: Callable[[], object]
    project: str
    stack: str
    organization: str
    config: Config
    stack_references: "Mapping[str, Mapping[str, Value]]"
    invokes: Answers
    root: Path
    own: Path
    on_progress: Callable[[Progress], None] | None = None
    applier: Applier | None = None
    shown: bool = False


@dataclass(slots=True)
class _Engine:
    """The engine's other service for programs: messages."""

    redaction: Redaction
    diagnostics: list[tuple[str, str, str]] = field(default_factory=list)

    def Log(self, request: engine_pb2.LogRequest) -> None:  # noqa: N802 - gRPC's name
        """Keep a message, but for the SDK's own debugging."""
        if request.severity in _SEVERITIES:
            self.diagnostics.append((_SEVERITIES[request.severity], request.message, request.urn))

    def RequirePulumiVersion(self, request: engine_pb2.RequirePulumiVersionRequest) -> None:  # noqa: N802 - gRPC's name
        """Accept any range: there is no CLI whose version could be too old."""

    def cleared(self) -> tuple[Diagnostic, ...]:
        """Give the messages without the secrets that are known by now."""
        clear = self.redaction.clear_text
        return tuple(Diagnostic(severity, clear(text), clear(urn)) for severity, text, urn in self.diagnostics)


class _Config(dict[str, str]):
    """The configuration as the SDK looks it up: whatever is not here is not in the process environment either."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> None:
        return None


def run(job: Run) -> Preview:
    """Run a program in a context of its own; nothing of it stays behind in the caller's.

    Raises:
        EngineError: The program failed, in one of the ways that `errors` lists.
    """
    with capturing() as capture:
        result = _isolated(job, capture)
        if isinstance(result, EngineError):
            with quietly():
                release()
            raise result
        return result


def _isolated(job: Run, capture: Capture) -> Preview | EngineError:
    context = contextvars.copy_context()
    if asyncio._get_running_loop() is None:  # noqa: SLF001 - the public one raises, and that would show in tracebacks
        return context.run(_run, job, capture)
    # The caller's own loop runs in this thread, and a second one cannot.
    return _in_thread(lambda: context.run(_run, job, capture))


def _in_thread(call: Callable[[], T]) -> T:
    results: list[T] = []
    errors: list[BaseException] = []

    def target() -> None:
        try:
            results.append(call())
        except BaseException as error:  # noqa: BLE001 - raised again in the calling thread
            errors.append(error)

    thread = threading.Thread(target=target, name="program")
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


def _run(job: Run, capture: Capture) -> Preview | EngineError:
    sdk.install()
    given = job.config.secret_keys - job.config.placeholders
    redaction = redaction_of({key: job.config.values[key] for key in given})
    if job.shown:
        capture.show = redaction.clear_text
    engine = _Engine(redaction)
    for text in job.config.ignored:
        engine.diagnostics.append(("warning", f"{text}.", ""))
    monitor = _monitor(job, redaction, capture)
    began = time.perf_counter()
    failure = _attempt(job, monitor, engine)
    spent = time.perf_counter() - began
    if failure is not None:
        return _cleared(failure, redaction)
    document = redaction.clear_document(assemble(monitor.registry, applied=job.applier is not None))
    if not isinstance(document, dict):
        raise TypeError("a document is an object")
    return Preview(
        document=document,
        outputs=_stack_outputs(document),
        diagnostics=engine.cleared(),
        stdout=redaction.clear_text(capture.stdout.getvalue()),
        stderr=redaction.clear_text(capture.stderr.getvalue()),
        modules=(),
        sources=(),
        seconds=Seconds(capture.imports, spent - capture.imports),
        placeholders=tuple(sorted(job.config.placeholders)),
    )


def _monitor(job: Run, redaction: Redaction, capture: Capture) -> RecordingMonitor:
    def progress(registered: int) -> None:
        if job.on_progress is not None:
            job.on_progress(Progress("imports" if capture.importing else "program", registered))

    registry = Registry(
        Urns(job.stack, job.project),
        Positions(job.root),
        ProviderConfig(job.config.values, frozenset(job.config.secret_keys)),
        progress,
    )
    invokes = Invokes(job.invokes, job.applier.invoke if job.applier else None)
    references = StackReferences(job.organization, job.project, job.stack_references)
    return RecordingMonitor(registry, invokes, references, redaction.add_made, job.applier)


def _attempt(job: Run, monitor: RecordingMonitor, engine: _Engine) -> EngineError | None:
    """Run the program; give why it failed, without the frames in which it did, or None."""
    try:
        _execute(job, monitor, engine)
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001 - SystemExit too is a way in which programs fail
        failure = explain(error, job.own, job.config, monitor.refusals)
        with quietly():
            failure.__cause__ = failure.__context__ = None
            for known in (error, failure):
                known.__traceback__ = None
        return failure
    return None


def _execute(job: Run, monitor: RecordingMonitor, engine: _Engine) -> None:
    """Run the program on a loop of its own, and end what it leaves pending."""
    loop = ProgramLoop()
    # A program that fails leaves futures that nobody awaits; the failure itself is reported, not each of them.
    loop.set_exception_handler(lambda _loop, _context: None)
    with set_for_thread(loop):
        monitor.callbacks = Callbacks(monitor, loop)
        outputs = Outputs(loop)
        _configure(job, monitor, engine, outputs)
        try:
            exported = loop.run_until_complete(run_stack(job.program, outputs))
            if job.applier is not None:
                # The SDK says nothing of an output that is None; whoever asks for it by its name is to find it.
                job.applier.export({name: monitor.exported.get(name) for name in exported})
        finally:
            with quietly():
                end_pending(loop)
            loop.close()


def _configure(job: Run, monitor: RecordingMonitor, engine: _Engine, outputs: Outputs) -> None:
    """Set the SDK up in the current context.

    The settings' own setters also change the default that other contexts see, so their context variables are set
    directly: programs that run at the same time must not see one another.
    """
    values: dict[str, object] = {
        "rpc_manager": RPCManager(),  # type: ignore[no-untyped-call] # the SDK types only a part of itself
        "lock": threading.Lock(),
        "outputs": outputs,
        "monitor": monitor,
        "monitor_features": set(FEATURES),
        "engine": engine,
        "organization": job.organization,
        "project": job.project,
        "root_directory": str(job.root),
        "stack": job.stack,
        "parallel": None,
        "dry_run": job.applier is None,
        "legacy_apply_enabled": False,
        "package_refs": {},
        "base_providers_by_ref": {},
        "callbacks": monitor.callbacks,
    }
    for name, value in values.items():
        vars(pulumi_settings.Settings)[name]._data.set(value)  # noqa: SLF001 - see above
    pulumi_settings.ROOT.set(None)
    pulumi_config.set_all_config({}, sorted(job.config.secret_keys))
    pulumi_config.CONFIG.set(_Config(job.config.values))


def _stack_outputs(document: "dict[str, Value]") -> "Mapping[str, Value]":
    deployment = document["deployment"]
    resources = deployment["resources"] if isinstance(deployment, dict) else []
    for resource in resources if isinstance(resources, list) else []:
        if isinstance(resource, dict) and resource["type"] == "pulumi:pulumi:Stack":
            outputs = resource.get("outputs")
            return outputs if isinstance(outputs, dict) else {}
    return {}


def _cleared(error: EngineError, redaction: Redaction) -> EngineError:
    """Clear an error of secrets, in place."""
    for name in ("what", "given", "allowed", "remedy", "traceback"):
        if hasattr(error, name):
            setattr(error, name, redaction.clear_text(getattr(error, name)))
    error.args = (error.what, error.given, error.allowed, error.remedy)
    return error
