"""A small deployment with something of everything that evidence speaks of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from groundplan_policies.engine.document import Document
from groundplan_policies.engine.evaluate import evaluate, make_context
from groundplan_policies.engine.opened import Opened
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.evidence.access import access
from groundplan_policies.evidence.gather import gather
from groundplan_policies.evidence.model import Access, Bundle, Input
from groundplan_policies.reports.report import Report, Subject
from groundplan_policies.settings.model import Settings
from groundplan_policies.settings.read import read_settings
from groundplan_policies.waivers import Waiver
from tests.policies.flow.world import TRAINER, account, bucket, dataset, on_bucket, on_project, schedule, table
from tests.policies.reports.sample import DAY
from tests.policies.rules.harness import PROJECT, R, context, document

TEAM = read_settings("team")
REVIEW = "groundplan:governance:ResponsibleAiReview"
DIGEST = "sha256:" + "a" * 64

INPUTS = tuple(
    Input(id=each, title=f"The {each}", value=f"{each}-4711", note=f"about the {each}")
    for each in ("document", "settings", "waivers", "documents", "rules", "tool", "provider-sdk", "commit")
)


def acts_as(whom: str, who: str, name: str = "acts") -> R:
    id_ = f"projects/{PROJECT}/serviceAccounts/{whom}@{PROJECT}.iam.gserviceaccount.com"
    role = "roles/iam.serviceAccountUser"
    return R("serviceaccount.IAMMember", {"serviceAccountId": id_, "role": role, "member": who}, name)


def review(name: str = "credit", **said: Any) -> R:
    content = {
        "owner": "risk@acme.test",
        "reviewer": "audit@acme.test",
        "purposes": ["credit-scoring"],
        "riskClass": "high",
        "oversight": {"who": "loan officers", "canStop": True},
        "modelCard": {"uri": "cards/income.md", "digest": DIGEST},
        **said,
    }
    return R(REVIEW, {"schemaVersion": 1, "digest": DIGEST, "review": content}, name, record={"custom": False})


def resources(name: str = "raw") -> tuple[R, ...]:
    """Give a deployment; `name` is the name of a bucket in it."""
    key = {"defaultKmsKeyName": "projects/acme-keys/locations/eu/keyRings/r/cryptoKeys/main"}
    line = {"sourcePosition": "project:///storage.py#12"}
    return (
        R("storage.Bucket", {**_private(name), "encryption": key}, name, record=line),
        bucket("out"),
        dataset("people", location="EU"),
        table("adults", "people"),
        account("trainer"),
        on_bucket(name, "roles/storage.objectViewer"),
        on_bucket("out", "roles/storage.objectUser", grant="writes"),
        on_project("roles/bigquery.dataViewer", grant="queries"),
        acts_as("trainer", "group:ml@acme.test"),
        schedule(TRAINER),
        R("compute.GlobalForwardingRule", {"loadBalancingScheme": "EXTERNAL_MANAGED", "name": "front"}, "front"),
        R("kms.CryptoKey", {"name": "main"}, "main"),
        review(),
    )


def _private(name: str) -> Mapping[str, Any]:
    return {
        "name": name,
        "project": PROJECT,
        "location": "EU",
        "labels": {"classification": "personal", "owner": "ml"},
        "publicAccessPrevention": "enforced",
        "uniformBucketLevelAccess": True,
    }


def waiver_of(read: Document, control: str, name: str, settings: Settings = TEAM, **changes: Any) -> Waiver:
    """Give a waiver of one finding."""
    found = evaluate(read, settings, as_of=DAY).findings
    (finding,) = (each for each in found if each.control == control and each.urn.endswith(f"::{name}"))
    return Waiver(
        **{
            "control": control,
            "urn": finding.urn,
            "type": finding.type,
            "reason": "Moves next month.",
            "ticket": "SEC-7",
            "owner": "data@acme.test",
            "approver": "ciso@acme.test",
            "issued": DAY - timedelta(days=3),
            "expires": DAY + timedelta(days=10),
            "fingerprints": (finding.fingerprint,),
            "place": "waivers.dev.yaml:3",
            **changes,
        }
    )


def made(
    *found: R,
    waivers: tuple[Waiver, ...] = (),
    settings: Settings = TEAM,
    subject: str = "dev",
    opened: Mapping[str, Opened] | None = None,
    **member: Any,
) -> Bundle:
    """Gather the evidence of some resources, of the small deployment by default."""
    return bundle_of(document(*(found or resources()), **member), waivers, settings, subject, opened)


def bundle_of(
    read: Document,
    waivers: tuple[Waiver, ...] = (),
    settings: Settings = TEAM,
    subject: str = "dev",
    opened: Mapping[str, Opened] | None = None,
) -> Bundle:
    report = Report(
        evaluation=evaluate(read, settings, waivers=waivers, opened=opened, as_of=DAY, keep_passes=True),
        controls=all_controls(),
        settings=settings,
        subject=Subject(name=subject, kind="stack", digest=hashlib.sha256(b"it").hexdigest(), resources=len(read)),
        version="1.2.3",
    )
    return gather(report, make_context(read, settings, waivers, DAY, opened=opened), INPUTS)


def accesses(*found: R) -> tuple[Access, ...]:
    """Give who can do what on which data."""
    return access(context(*found))


def short(each: Access) -> tuple[str, str, str]:
    return each.who, each.can, each.data
