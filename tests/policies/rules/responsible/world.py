"""A model in service with everything that reviewers ask for, as the constructs declare it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.rules.responsible.declarations import AGREEMENT, MONITORING, REVIEW, digest_of
from tests.policies.rules.harness import PROJECT, R

TODAY = date(2026, 11, 26)
SETTINGS = Parameters(
    classifications=("public", "internal", "confidential", "restricted", "personal", "health"),
    personal_classes=("personal", "health"),
    review_max_days=365,
    discovery_elsewhere=False,
)
WORLD: dict[str, Any] = {"parameters": SETTINGS, "as_of": TODAY}

TRAINER = f"trainer@{PROJECT}.iam.gserviceaccount.com"
DEPLOYER = f"deployer@{PROJECT}.iam.gserviceaccount.com"
DIGEST = f"sha256:{'0' * 64}"
SAID: dict[str, Any] = {
    "owner": "group:ml@acme.test",
    "reviewer": "bob@acme.test",
    "contact": "ask@acme.test",
    "reviewed": "2026-10-01",
    "nextReview": "2027-04-01",
    "purposes": ["credit-scoring"],
    "intendedUse": "Sorts applications for a person to look at",
    "riskClass": "high",
    "riskReason": "Annex III, 5 (b)",
    "affectedGroups": ["applicants"],
    "protectedAttributes": [{"name": "sex", "proxies": ["relationship"]}],
    "fairness": [{"attribute": "sex", "metric": "selection_rate_ratio", "slice": "all", "minimum": 0.8}],
    "oversight": {"who": "credit officers", "how": "see each decision", "canStop": True},
    "impactAssessment": {"uri": "documents/impact.md", "digest": DIGEST},
    "modelCard": {"uri": "cards/income.md", "digest": DIGEST},
    "explanation": {"method": "sampled Shapley", "audience": "applicants", "output": "attributions"},
    "baseline": {"kind": "rule", "name": "income alone", "metric": "auc", "minimumGain": 0.02},
    "rollback": {"keptVersions": 3, "strategy": "canary", "owner": "ml@acme.test"},
    "retraining": {
        "trigger": "schedule",
        "dataWindowDays": 365,
        "gate": "auc >= 0.85",
        "maximumAgeDays": 120,
        "owner": "ml@acme.test",
    },
    "approval": {"approvers": ["group:risk@acme.test"], "builders": ["group:ml@acme.test"]},
}
AGREED: dict[str, Any] = {
    "owner": "group:data@acme.test",
    "purposes": ["credit-scoring"],
    "lawfulBasis": "GDPR Article 6 (1) (b)",
    "dataClass": "personal",
    "personalData": ["pii"],
    "retentionDays": 365,
    "residency": ["EU"],
    "consumers": [f"serviceAccount:{TRAINER}"],
    "origin": "the census of 1994",
    "collection": "asked at the door",
    "knownBias": "few people above 75",
    "collected": "1994-03-01",
    "agreed": "2026-01-10",
    "expires": "2027-01-10",
}


def component(type_: str, inputs: dict[str, Any], name: str, **record: Any) -> R:
    return R(type_, inputs, name, record={"custom": False, **record})


def review(name: str = "income", **changes: Any) -> R:
    said = {**SAID, **changes}
    return component(REVIEW, {"schemaVersion": 1, "review": said, "digest": digest_of(said)}, name)


def agreement(name: str = "census", **changes: Any) -> R:
    said = {**AGREED, **changes}
    return component(AGREEMENT, {"schemaVersion": 1, "agreement": said, "digest": digest_of(said)}, name)


REVIEWED = review()
AGREEMENT_ON_DATA = agreement()


def around(
    type_: str = "groundplan:serving:OnlineEndpoint", name: str = "served", outputs: Any = None, **governance: Any
) -> R:
    said = {"review": REVIEWED.urn, "agreements": [AGREEMENT_ON_DATA.urn], "purpose": "credit-scoring"} | governance
    kept = {key: value for key, value in said.items() if value is not None}
    return component(type_, {"governance": kept}, name, outputs=outputs or {})


CONTRACT = {"deployContract": {"explanation": {"method": "shapley"}}}
SERVED = around(outputs=CONTRACT)


def endpoint(parent: R = SERVED, name: str = "endpoint", **inputs: Any) -> R:
    log = {
        "enabled": True,
        "samplingRate": 1,
        "bigqueryDestination": {"outputUri": f"bq://{PROJECT}.requests.income"},
    }
    here = {"project": PROJECT, "location": "europe-west4", "labels": {"classification": "personal"}}
    merged = {**here, "predictRequestResponseLoggingConfig": log, **inputs}
    return R("vertex.AiEndpoint", merged, name, record={"parent": parent.urn})


ENDPOINT = endpoint()


def bucket(name: str, class_: str = "personal", parent: R | None = None, **inputs: Any) -> R:
    rules = [{"action": {"type": "Delete"}, "condition": {"age": 300}}]
    said = {
        "name": name,
        "project": PROJECT,
        "location": "europe-west4",
        "lifecycleRules": rules,
        "labels": {"classification": class_},
    }
    record = {"parent": parent.urn} if parent is not None else {}
    return R("storage.Bucket", {**said, **inputs}, name, record=record)


UNDER = around("groundplan:data:DataBucket", "data", review=None, purpose=None)
RAW = bucket("raw", parent=UNDER)
MODELS = bucket("models", "restricted", versioning={"enabled": True})

ACCOUNT = R(
    "serviceaccount.Account",
    {"accountId": "trainer", "project": PROJECT},
    "trainer",
    record={"id": f"projects/{PROJECT}/serviceAccounts/{TRAINER}"},
)


def on_bucket(name: str, role: str = "roles/storage.objectViewer", email: str = TRAINER) -> R:
    inputs = {"bucket": name, "role": role, "member": f"serviceAccount:{email}"}
    return R("storage.BucketIAMMember", inputs, f"{name}-{role.rpartition('.')[2]}")


TRAINING = around("groundplan:pipelines:PipelineEnvironment", "pipelines", {"accountEmail": TRAINER})


def schedule(parent: R = TRAINING, **inputs: Any) -> R:
    job = {"createPipelineJobRequest": {"pipelineJob": {"serviceAccount": TRAINER}}}
    return R("colab.Schedule", {"project": PROJECT, **job, **inputs}, "weekly", record={"parent": parent.urn})


SCHEDULE = schedule()
WRITES_MODELS = on_bucket("models", "roles/storage.objectUser")

SCAN_JOB: dict[str, Any] = {
    "storageConfig": {"cloudStorageOptions": {"fileSet": {"url": "gs://raw/**"}}},
    "actions": [{"deidentify": {"cloudStorageOutput": "gs://copies/"}}],
}


def scan(**inputs: Any) -> R:
    said = {
        "parent": f"projects/{PROJECT}",
        "status": "HEALTHY",
        "triggers": [{"schedule": {"recurrencePeriodDuration": "86400s"}}],
        "inspectJob": SCAN_JOB,
    }
    return R("dataloss.PreventionJobTrigger", {**said, **inputs}, "scan")


SCAN = scan()
COPIES = bucket("copies")

TAG_NAME = f"projects/{PROJECT}/locations/eu/taxonomies/1/policyTags/2"
TAG = R("datacatalog.PolicyTag", {"displayName": "sensitive"}, "tag", record={"id": TAG_NAME})
LOG_SCHEMA = json.dumps([{"name": "request_payload", "type": "STRING", "policyTags": {"names": [TAG_NAME]}}])
DAY_MS = 86_400_000
REQUESTS = R(
    "bigquery.Dataset",
    {
        "datasetId": "requests",
        "project": PROJECT,
        "location": "europe-west4",
        "defaultTableExpirationMs": 300 * DAY_MS,
        "labels": {"classification": "personal"},
    },
    "requests",
)


def log(**inputs: Any) -> R:
    said = {
        "tableId": "income",
        "datasetId": "requests",
        "project": PROJECT,
        "schema": LOG_SCHEMA,
        "labels": {"classification": "personal"},
    }
    return R("bigquery.Table", {**said, **inputs}, "log")


LOG = log()


def monitor(**changes: Any) -> R:
    said = {
        "endpoint": SERVED.urn,
        "skew": {"age": 0.3},
        "drift": {"age": 0.3},
        "attribution": {"age": 0.2},
        "schedule": "0 3 * * *",
        "samplingRate": 0.5,
        "baselineUrn": RAW.urn,
        **changes,
    }
    return component(MONITORING, {"monitor": {key: value for key, value in said.items() if value is not None}}, "watch")


MONITOR = monitor()
WHOLE = (REVIEWED, AGREEMENT_ON_DATA, SERVED, TRAINING, UNDER)
"""The components that everything else names or stands in."""
