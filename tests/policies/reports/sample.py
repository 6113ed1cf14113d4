"""A report with something of everything that a report can hold."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from groundplan_policies.engine import Resource
from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, full, partial
from groundplan_policies.engine.evaluate import evaluate
from groundplan_policies.engine.expect import is_one_of, is_true
from groundplan_policies.engine.levels import Level, Loosening
from groundplan_policies.engine.resource import STACK_TYPE
from groundplan_policies.engine.verdicts import Outcome, Severity, declared, fail
from groundplan_policies.frameworks import ClauseRow, ClauseState
from groundplan_policies.reports.json_report import as_json
from groundplan_policies.reports.junit import as_junit
from groundplan_policies.reports.markdown import as_markdown
from groundplan_policies.reports.report import Framework, Report, Subject
from groundplan_policies.reports.sarif import as_sarif
from groundplan_policies.reports.text import text
from groundplan_policies.settings.model import Settings
from groundplan_policies.waivers import Waiver
from tests.policies.engine.small import by_id
from tests.policies.rules.harness import STACK, R, document, secret

DAY = date(2026, 6, 15)

FORMATS: dict[str, Callable[[Report], str]] = {
    "text": text,
    "every line of text": lambda report: text(report, every=True),
    "ascii": lambda report: text(report, unicode=False),
    "json": as_json,
    "sarif": as_sarif,
    "junit": as_junit,
    "markdown": as_markdown,
}

_PREVENTION = is_one_of("publicAccessPrevention", "enforced")
_UNIFORM = is_true("uniformBucketLevelAccess")


def _stack(_: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    yield None, fail("has no archive")


def _says(_resource: Resource, _context: Context) -> Outcome:
    return declared("says who owns it", "labels.owner")


def _breaks(_resource: Resource, _context: Context) -> Outcome:
    raise ValueError("canary of an exception")


CONTROLS = by_id(
    Control(
        id="TST-01",
        title="Buckets prevent public access",
        why="One grant makes every object readable <b>for years</b>, as `allUsers` is a word. Nobody notices.",
        remedy="Use DataBucket, or set `public_access_prevention` to `enforced`.",
        severity=Severity.CRITICAL,
        objectives=("2.1.e",),
        clauses=(full("own-1", "1.1"), partial("own-1", "1.2", "Grants of the past.")),
        reads=(_PREVENTION.reads("storage.Bucket"),),
        checks={"storage.Bucket": _PREVENTION},
    ),
    Control(
        id="TST-02",
        title="Buckets use uniform access",
        why="Lists of single objects are seen by nobody.",
        remedy="Set `uniform_bucket_level_access`.",
        severity=Severity.MEDIUM,
        reads=(_UNIFORM.reads("storage.Bucket"),),
        checks={"storage.Bucket": _UNIFORM},
    ),
    Control(
        id="TST-03",
        title="There is an archive",
        why="Who did what is kept nowhere else.",
        remedy="Use LogArchive.",
        severity=Severity.HIGH,
        evidence=Evidence.GRAPH,
        stack=_stack,
    ),
    Control(
        id="TST-04",
        title="Datasets name an owner",
        why="Somebody must answer.",
        remedy="Set the label `owner`.",
        severity=Severity.LOW,
        evidence=Evidence.DECLARATION,
        checks={"bigquery.Dataset": _says},
    ),
    Control(
        id="TST-05",
        title="Keys rotate",
        why="Old keys are known.",
        remedy="Use KeyRing.",
        severity=Severity.HIGH,
        checks={"kms.CryptoKey": _breaks},
    ),
    Control(
        id="TST-06",
        title="Nothing is asked",
        why="It is off.",
        remedy="Switch it on.",
        severity=Severity.LOW,
    ),
)

PRIVATE = {"publicAccessPrevention": "enforced", "uniformBucketLevelAccess": True}
PUBLIC = {"publicAccessPrevention": "inherited", "uniformBucketLevelAccess": True}
SETTINGS = Settings(
    name="acme",
    tier="team",
    layers=({"medium": Level.WARN, "low": Level.WARN, "TST-06": Level.OFF},),
    approvers=("ciso@acme.test",),
    loosened=(
        Loosening(what="TST-06", before="block", after="off", controls=("TST-06",), author="ann", reason="not here"),
        Loosening(what="medium", before="block", after="warn", controls=("TST-02",), place="guardrails.yaml:4"),
    ),
)
FRAMEWORK = Framework(
    id="own-1",
    title="Our own framework 1",
    clauses=(
        ClauseRow(clause="1.1", title="Nothing is public", state=ClauseState.NOT_MET, controls=("TST-01",)),
        ClauseRow(
            clause="1.2",
            title="Nothing was public",
            state=ClauseState.PARTLY_MET,
            controls=("TST-01",),
            note="The past.",
        ),
        ClauseRow(clause="1.3", title="People are trained", state=ClauseState.NOT_COVERED, note="No code shows it."),
        ClauseRow(clause="1.4", title="All is well", state=ClauseState.MET, controls=("TST-02",)),
    ),
)


def bucket(name: str, inputs: dict[str, Any], line: int | None = 12) -> R:
    record = {} if line is None else {"sourcePosition": f"project:///storage.py#{line}"}
    return R("storage.Bucket", inputs, name, record=record)


def resources(name: str = "logs") -> tuple[R, ...]:
    """Give a resource for each kind of answer; `name` is in all their names."""
    return (
        bucket(f"{name}-public", PUBLIC),
        bucket(f"{name}-open", {"uniformBucketLevelAccess": False}, 14),
        bucket(f"{name}-hidden", {**PRIVATE, "publicAccessPrevention": secret()}, None),
        bucket(f"{name}-waived", {**PRIVATE, "publicAccessPrevention": "inherited"}, 20),
        bucket(f"{name}-fine", PRIVATE, 22),
        R("bigquery.Dataset", {}, f"{name}-data"),
        R("kms.CryptoKey", {}, f"{name}-key"),
        R("strange:index:Thing", {}, f"{name}-thing"),
    )


def waivers(of: tuple[R, ...], **changes: Any) -> tuple[Waiver, ...]:
    """Give a waiver of the resource whose name ends so, and one that silences nothing."""
    (waived,) = (each for each in of if each.name.endswith("-waived"))
    evaluation = evaluate(document(*of), SETTINGS, controls=CONTROLS, as_of=DAY)
    fingerprints = tuple(each.fingerprint for each in evaluation.findings if each.urn == waived.urn)
    first = Waiver(
        **{
            "control": "TST-01",
            "urn": waived.urn,
            "type": "gcp:storage/bucket:Bucket",
            "reason": "The site is public.",
            "ticket": "SEC-7",
            "owner": "data@acme.test",
            "approver": "ciso@acme.test",
            "issued": DAY - timedelta(days=3),
            "expires": DAY + timedelta(days=10),
            "fingerprints": fingerprints,
            "place": "waivers.dev.yaml:3",
            **changes,
        }
    )
    unused = replace(first, control="TST-02", urn=STACK, type=STACK_TYPE, place="waivers.dev.yaml:14")
    return first, unused


def made(
    *found: R,
    with_waivers: tuple[Waiver, ...] | None = None,
    settings: Settings = SETTINGS,
    subject: str = "dev",
    **changes: Any,
) -> Report:
    """Make a report on some resources, on one for each kind of answer by default."""
    found = found or resources()
    held = waivers(found) if with_waivers is None else with_waivers
    read = document(*found)
    return Report(
        **{
            "evaluation": evaluate(read, settings, controls=CONTROLS, waivers=held, as_of=DAY),
            "controls": CONTROLS,
            "settings": settings,
            "subject": Subject(
                name=subject, kind="stack", digest=hashlib.sha256(b"it").hexdigest(), resources=len(read)
            ),
            "version": "1.2.3",
            **changes,
        }
    )


def clean() -> Report:
    """Make a report without any finding."""
    controls = by_id(CONTROLS["TST-01"], CONTROLS["TST-02"])
    read = document(bucket("fine", PRIVATE))
    return made(
        bucket("fine", PRIVATE),
        with_waivers=(),
        evaluation=evaluate(read, Settings(name="team", tier="team"), controls=controls, as_of=DAY),
        controls=controls,
        settings=Settings(name="team", tier="team"),
    )
