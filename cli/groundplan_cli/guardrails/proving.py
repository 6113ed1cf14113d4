"""From what was asked on the command line to the evidence: one preview, one evaluation."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from groundplan_cli.commands.version import installed
from groundplan_cli.errors import Error
from groundplan_cli.guardrails.checking import Asked
from groundplan_cli.guardrails.revision import commit_of
from groundplan_cli.guardrails.rules import Guardrails, guardrails_for
from groundplan_cli.guardrails.target import Target, find_target, read_target
from groundplan_policies.engine.document import Document, Profile
from groundplan_policies.engine.opened import Opened
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.evidence.comparison import Comparison, read_comparison
from groundplan_policies.evidence.gather import gather
from groundplan_policies.evidence.model import Bundle, Input
from groundplan_policies.evidence.provenance import opened_digest, rules_digest, settings_digest, waivers_digest
from groundplan_policies.reports.report import Report, Subject
from groundplan_policies.reports.safe import count

SDK = ("pulumi", "pulumi-gcp")
"""The packages of which a preview's document is made."""


def make_bundle(asked: Asked, drift: Path | None = None) -> Bundle:
    """Find what is meant, evaluate it once, and gather the evidence.

    Args:
        asked: What was asked.
        drift: The file of a look for drift; None if there is none.

    Raises:
        Error: Wrong use: see `find_target`, `guardrails_for` and `read_target`; or a pipeline's file, which deploys
            nothing.
    """
    target = find_target(asked.target, asked.project)
    guardrails = guardrails_for(target, asked.chosen)
    document, subject = read_target(target, asked.run)
    if document.profile is Profile.PIPELINE:
        raise Error(
            "Evidence is of a deployment",
            given=f"{target.name}, which is a pipeline",
            allowed="a stack, or a document of one",
            remedy="check the pipeline by itself with `groundplan check`, or name the stack that runs it",
        )
    report = Report(
        evaluation=guardrails.judge(document, keep_passes=True),
        controls=all_controls(),
        settings=guardrails.settings,
        subject=subject,
        level=asked.level,
        version=installed("groundplan-policies"),
    )
    comparison = None if drift is None else _comparison(drift, document)
    context = guardrails.context(document)
    inputs = (*_inputs(subject, guardrails, context.opened), *_compared(comparison), *_makers(target, report))
    return gather(report, context, inputs, comparison)


def _comparison(drift: Path, document: Document) -> Comparison:
    try:
        raw = drift.read_bytes()
    except OSError as error:
        raise Error(
            "The drift cannot be read",
            given=f"{drift} ({error.strerror})",
            allowed="the file of groundplan drift --out FILE",
            remedy="check the path and the permissions",
        ) from None
    return read_comparison(raw, str(drift), document)


def _compared(comparison: Comparison | None) -> Iterator[Input]:
    if comparison is not None:
        note = f"{count(comparison.compared, 'resource')} compared with {comparison.cloud}"
        yield Input(id="drift", title="The look for drift", value=comparison.digest, note=note)


def _inputs(subject: Subject, guardrails: Guardrails, opened: Mapping[str, Opened]) -> Iterator[Input]:
    """Give what is judged, and by what."""
    yield Input(
        id="document",
        title="The deployment document",
        value=f"sha256:{subject.digest}",
        note=count(subject.resources, "resource"),
    )
    settings = settings_digest(guardrails.settings)
    yield Input(id="settings", title="The settings, as they hold in the end", value=settings)
    held = count(len(guardrails.waivers), "waiver")
    yield Input(id="waivers", title="The waivers", value=waivers_digest(guardrails.waivers), note=held)
    found = count(len(opened), "document")
    yield Input(id="documents", title="The documents that reviews name", value=opened_digest(opened), note=found)
    rules = count(len(all_controls()), "control")
    yield Input(id="rules", title="The rules, and what evaluates them", value=rules_digest(), note=rules)


def _makers(target: Target, report: Report) -> Iterator[Input]:
    """Give what made the evidence, and what it was made of."""
    yield Input(id="tool", title="The tool", value=f"groundplan {report.version}")
    yield _sdk(target)
    commit = commit_of(target.project.root if target.project is not None else Path.cwd())
    note = "what was not committed is not in it" if commit else ""
    yield Input(id="commit", title="The commit", value=commit or "not in a Git checkout", note=note)


def _sdk(target: Target) -> Input:
    found = ", ".join(f"{package} {version}" for package in SDK if (version := installed(package)))
    own = target.stack is not None
    return Input(
        id="provider-sdk",
        title="The provider’s SDK",
        value=(found or "not installed here") if own else "not known",
        note="" if own else "the document was written elsewhere, and does not say by which",
    )
