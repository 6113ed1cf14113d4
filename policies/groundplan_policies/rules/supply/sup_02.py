"""SUP-02: images are scanned for vulnerabilities."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import is_one_of
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    indeterminate,
)
from groundplan_policies.rules.supply.repositories import FORMAT, MODE, REPOSITORY, keeps_images

_SERVICES: Final = "projects.Service"
_SERVICE = Path("service")
_SCANNER: Final = "containerscanning.googleapis.com"
_CONFIGURED = is_one_of("vulnerabilityScanningConfig.enablementConfig", "INHERITED", absent=Verdict.PASS)


def _repository(resource: Resource, context: Context) -> Outcome:
    if not keeps_images(resource):
        return NOT_APPLICABLE
    return all_of([_CONFIGURED(resource, context), _switched_on(resource, context)])


def _switched_on(resource: Resource, context: Context) -> Outcome:
    scanners = context.graph.once(_scanners)
    if any(context.graph.same_project(each, resource) for each in scanners):
        return PASS
    return indeterminate("is in a project for which this document does not switch on the scanning of images")


def _scanners(graph: Graph) -> tuple[Resource, ...]:
    """Give the resources that switch on scanning, each for a project."""
    return tuple(each for each in graph.of(_SERVICES) if _is_scanner(each) and not each.external)


def _is_scanner(service: Resource) -> bool:
    return _SERVICE.one(service).text == _SCANNER


def _service(resource: Resource, context: Context) -> Outcome:  # noqa: ARG001 - the form of a check
    return PASS if _is_scanner(resource) else NOT_APPLICABLE


_NOTHING: Final = Verdict.NOT_APPLICABLE

CONTROL = Control(
    id="SUP-02",
    title="Images are scanned for vulnerabilities",
    why=(
        "Most of an image is somebody else's code, and what is wrong with it becomes known after it was built. A "
        "repository of images is scanned unless it says otherwise, but only where the scanning service is on in its "
        "project. Where nothing in this document switches it on, it may still be on: indeterminate. Packages are "
        "scanned as an option that repositories of other formats have of their own, and do not apply; a virtual "
        "repository keeps nothing."
    ),
    remedy=(
        "Use ImageRepository with ProjectFoundation, or enable containerscanning.googleapis.com and leave "
        "`enablement_config` at INHERITED."
    ),
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("5.2.b", "6.1.a"),
    clauses=(
        partial("google-ai", "AR-CO-6.2", "Scanners other than Google's."),
        partial("cis-gke-1.6", "5.1.1", "Scanners other than Google's."),
        partial("nist-800-53-r5", "RA-5", "Scanners other than Google's, and what is done with findings."),
    ),
    reads=(
        _CONFIGURED.reads(REPOSITORY),
        Read.aside(REPOSITORY, FORMAT.text),
        Read.aside(REPOSITORY, MODE.text),
        Read(
            _SERVICES,
            _SERVICE.text,
            absent=_NOTHING,
            empty=_NOTHING,
            wrong=_NOTHING,
            secret=_NOTHING,
            unknown=_NOTHING,
        ),
    ),
    checks={REPOSITORY: _repository, _SERVICES: _service},
)
