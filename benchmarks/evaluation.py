"""What it costs to evaluate a document: five hundred resources by every control, and a hundred thousand resources."""

import gc
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

from benchmarks.registry import Benchmark, Measurement

SMALL, LARGE = 500, 100_000
PAIRS_A_SECOND = 1_000_000
LARGE_SECONDS = 20.0
LARGE_GIGABYTES = 1.0
ROUNDS = 15
DAY = date(2026, 1, 1)

STACK = "urn:pulumi:prod::bench::pulumi:pulumi:Stack::bench-prod"
PROJECT, REGION = "acme-ml", "europe-west4"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""How Pulumi writes what is known only after the deployment."""

PROVIDER = f"urn:pulumi:prod::bench::pulumi:providers:gcp::default::{UNKNOWN}"
TEAM = {"allowed_regions": (REGION,), "allowed_domains": ("acme.test",), "key_projects": (PROJECT,)}
LABELS = {"classification": "internal", "owner": "ml-platform"}

PLATFORM: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "storage.Bucket",
        {
            "location": REGION,
            "labels": LABELS,
            "publicAccessPrevention": "enforced",
            "uniformBucketLevelAccess": True,
            "versioning": {"enabled": True},
            "encryption": {"defaultKmsKeyName": UNKNOWN},
            "forceDestroy": False,
            "softDeletePolicy": {"retentionDurationSeconds": 1_209_600},
        },
    ),
    (
        "workbench.Instance",
        {
            "location": f"{REGION}-a",
            "labels": LABELS,
            "instanceOwners": ["user:alice@acme.test"],
            "gceSetup": {
                "disablePublicIp": True,
                "enableIpForwarding": False,
                "networkInterfaces": [{"network": "projects/acme-ml/global/networks/core", "subnet": "core"}],
                "serviceAccounts": [{"email": UNKNOWN}],
                "bootDisk": {"diskEncryption": "CMEK", "kmsKey": UNKNOWN},
                "dataDisks": {"diskEncryption": "CMEK", "kmsKey": UNKNOWN},
                "confidentialInstanceConfig": {"confidentialInstanceType": "SEV"},
                "shieldedInstanceConfig": {"enableSecureBoot": True, "enableVtpm": True},
                "metadata": {"terminal": "false"},
            },
        },
    ),
    (
        "bigquery.Dataset",
        {
            "datasetId": "features",
            "location": REGION,
            "labels": LABELS,
            "defaultEncryptionConfiguration": {"kmsKeyName": UNKNOWN},
            "accesses": [{"role": "OWNER", "userByEmail": UNKNOWN}],
            "deleteContentsOnDestroy": False,
        },
    ),
    (
        "vertex.AiEndpoint",
        {
            "location": REGION,
            "region": REGION,
            "labels": LABELS,
            "encryptionSpec": {"kmsKeyName": UNKNOWN},
            "privateServiceConnectConfig": {
                "enablePrivateServiceConnect": True,
                "enableSecurePrivateServiceConnect": True,
                "projectAllowlists": [PROJECT],
            },
        },
    ),
    (
        "projects.IAMMember",
        {
            "project": PROJECT,
            "role": "roles/bigquery.jobUser",
            "member": UNKNOWN,
        },
    ),
    (
        "storage.BucketIAMMember",
        {
            "bucket": UNKNOWN,
            "role": "roles/storage.objectViewer",
            "member": UNKNOWN,
        },
    ),
    (
        "kms.CryptoKey",
        {
            "keyRing": UNKNOWN,
            "labels": LABELS,
            "purpose": "ENCRYPT_DECRYPT",
            "rotationPeriod": "7776000s",
            "destroyScheduledDuration": "2592000s",
            "versionTemplate": {"algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION", "protectionLevel": "HSM"},
        },
    ),
    (
        "secretmanager.Secret",
        {
            "labels": LABELS,
            "replication": {
                "userManaged": {
                    "replicas": [{"location": REGION, "customerManagedEncryption": {"kmsKeyName": UNKNOWN}}],
                }
            },
        },
    ),
    (
        "pubsub.Topic",
        {
            "labels": LABELS,
            "kmsKeyName": UNKNOWN,
            "messageStoragePolicy": {"allowedPersistenceRegions": [REGION], "enforceInTransit": True},
        },
    ),
    ("serviceaccount.Account", {"project": PROJECT, "accountId": "training"}),
)
"""A part of a platform: ten resources, of which most are of types that many controls read."""

ORIGINS: dict[str, dict[str, str]] = {
    "storage.Bucket": {"encryption.defaultKmsKeyName": "kms.CryptoKey"},
    "workbench.Instance": {
        "gceSetup.bootDisk.kmsKey": "kms.CryptoKey",
        "gceSetup.dataDisks.kmsKey": "kms.CryptoKey",
        "gceSetup.serviceAccounts[0].email": "serviceaccount.Account",
    },
    "bigquery.Dataset": {
        "defaultEncryptionConfiguration.kmsKeyName": "kms.CryptoKey",
        "accesses[0].userByEmail": "serviceaccount.Account",
    },
    "vertex.AiEndpoint": {"encryptionSpec.kmsKeyName": "kms.CryptoKey"},
    "projects.IAMMember": {"member": "serviceaccount.Account"},
    "storage.BucketIAMMember": {"bucket": "storage.Bucket", "member": "serviceaccount.Account"},
    "kms.CryptoKey": {"keyRing": "kms.KeyRing"},
    "secretmanager.Secret": {
        "replication.userManaged.replicas[0].customerManagedEncryption.kmsKeyName": "kms.CryptoKey"
    },
    "pubsub.Topic": {"kmsKeyName": "kms.CryptoKey"},
}
"""Where the unknown values of each type come from: the resource of that type in the same part, or the one key ring."""


def document(count: int) -> dict[str, Any]:
    """Return a preview of so many resources, as the embedded engine writes it."""
    member = {"profile": "preview", "engine": "embedded", "provenance": dict(_provenance(count))}
    return {"version": 3, "deployment": {"resources": list(_records(count))}, "groundplan": member}


def _urn(short: str, name: object) -> str:
    from groundplan_policies.engine.names import token

    return f"urn:pulumi:prod::bench::{token(short)}::{name}"


def _provenance(count: int) -> Iterator[tuple[str, dict[str, list[str]]]]:
    places = {short: place for place, (short, _) in enumerate(PLATFORM)}
    for number in range(count):
        short = PLATFORM[number % len(PLATFORM)][0]
        part = number - number % len(PLATFORM)
        origins = ORIGINS.get(short, {}).items()
        yield (
            _urn(short, number),
            {path: [_urn(of, part + places[of] if of in places else "ring")] for path, of in origins},
        )


def _records(count: int) -> Iterator[dict[str, Any]]:
    inputs = {"project": PROJECT, "region": REGION, "version": "10.2.0"}
    ring = {"location": REGION, "project": PROJECT, "name": "ring"}
    yield {"urn": STACK, "type": "pulumi:pulumi:Stack", "custom": False}
    yield _record("Provider", "default", inputs, provider="")
    yield _record("kms.KeyRing", "ring", ring, provider=PROVIDER)
    for number in range(count):
        short, found = PLATFORM[number % len(PLATFORM)]
        yield _record(short, number, found, provider=PROVIDER)


def _record(short: str, name: object, inputs: dict[str, Any], *, provider: str) -> dict[str, Any]:
    urn = _urn(short, name)
    return {
        "urn": urn,
        "type": urn.split("::")[2],
        "custom": True,
        "parent": STACK,
        "provider": provider,
        "protect": True,
        "inputs": inputs,
        "sourcePosition": "project:///__main__.py#7",
    }


def measure_pairs() -> Measurement:
    """Evaluate a small document several times, and take the fastest. Processor time: other work has no part in it."""
    from groundplan_policies.engine import Document
    from groundplan_policies.engine.evaluate import evaluate
    from groundplan_policies.settings import read_settings

    # Through text, as every document comes: each resource has values of its own.
    read = Document.read(json.dumps(document(SMALL)))
    settings = read_settings("regulated").filled(**TEAM)
    counts = evaluate(read, settings, as_of=DAY).counts
    pairs = sum(each.evaluated for each in counts.values())
    taken: list[float] = []
    for _ in range(ROUNDS):
        gc.collect()
        start = time.process_time()
        evaluate(read, settings, as_of=DAY)
        taken.append(time.process_time() - start)
    return Measurement(
        seconds=min(taken),
        baseline_seconds=pairs / PAIRS_A_SECOND,
        details={"pairs": pairs, "pairs/s": pairs / min(taken), "controls": len(counts)},
    )


def measure_large() -> Measurement:
    """Read and evaluate a large document in a process of its own, whose memory is then all theirs.

    Raises:
        RuntimeError: The process took more memory than it may.
    """
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.evaluation"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        answer, _ = child.communicate(json.dumps(document(LARGE)))
    figures = json.loads(answer)
    if figures["gigabytes"] > LARGE_GIGABYTES:
        message = f"{LARGE:,} resources took {figures['gigabytes']:.2f} GB, and may take {LARGE_GIGABYTES:g}"
        raise RuntimeError(message)
    return Measurement(seconds=figures.pop("seconds"), baseline_seconds=LARGE_SECONDS, details=figures)


def _evaluate_from_input() -> None:
    """Evaluate the document on standard input, and print what that took."""
    from groundplan_policies.engine import Document
    from groundplan_policies.engine.evaluate import evaluate
    from groundplan_policies.engine.registry import all_controls
    from groundplan_policies.settings import read_settings

    settings = read_settings("regulated").filled(**TEAM)
    all_controls()
    text = sys.stdin.read()
    start = time.process_time()
    read = Document.read(text)
    between = time.process_time()
    found = evaluate(read, settings, as_of=DAY)
    end = time.process_time()
    figures = {
        "seconds": end - start,
        "seconds to read": between - start,
        "seconds to evaluate": end - between,
        "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2,
        "megabytes of text": len(text) / 1024**2,
        "pairs": sum(each.evaluated for each in found.counts.values()),
        "findings": len(found.findings),
    }
    print(json.dumps(figures))


PAIRS = Benchmark(
    name="evaluate-pairs",
    judged=f"evaluating {SMALL} resources by every control",
    baseline=f"a second for {PAIRS_A_SECOND:,} pairs of control and resource",
    limit=1.0,
    measure=measure_pairs,
)

LARGE_DOCUMENT = Benchmark(
    name="evaluate-large",
    judged=f"reading and evaluating {LARGE:,} resources, in at most {LARGE_GIGABYTES:g} GB",
    baseline=f"{LARGE_SECONDS:g} seconds",
    limit=1.0,
    measure=measure_large,
)

if __name__ == "__main__":
    _evaluate_from_input()
