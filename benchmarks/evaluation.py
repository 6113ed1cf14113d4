"""What it costs to evaluate a document: five hundred resources by every control, and a hundred thousand resources.

Figures of a second or a gigabyte say as much about the machine as about the code. They are reported, beside what is
aimed at; what is judged is the ratio to the least that such work can cost on the same machine.
"""

import gc
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from benchmarks.registry import Benchmark, Measurement

SMALL, LARGE = 500, 100_000
PAIRS_A_SECOND = 1_000_000
LARGE_SECONDS = 20.0
LARGE_GIGABYTES = 1.0
"""What is aimed at on a machine of two cores."""

PAIRS_LIMIT = 30.0
"""How many times the bare loop: half as much again as was measured. What is aimed at is some 8 times."""

LARGE_LIMIT = 18.0
"""How many times parsing the text: half as much again as was measured."""
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
    """Evaluate a small document, and run a loop that does next to nothing as often."""
    from groundplan_policies.engine import Document
    from groundplan_policies.engine.evaluate import evaluate
    from groundplan_policies.settings import read_settings

    # Through text, as every document comes: each resource has values of its own.
    read = Document.read(json.dumps(document(SMALL)))
    settings = read_settings("regulated").filled(**TEAM)
    counts = evaluate(read, settings, as_of=DAY).counts
    pairs = sum(each.evaluated for each in counts.values())
    evaluating = fastest(lambda: evaluate(read, settings, as_of=DAY))
    bare = fastest(lambda: _bare_loop(read, pairs))
    return Measurement(
        seconds=evaluating,
        baseline_seconds=bare,
        details={
            "pairs": pairs,
            "pairs/s": pairs / evaluating,
            "pairs/s aimed at": PAIRS_A_SECOND,
            "pairs/s of the bare loop": pairs / bare,
            "controls": len(counts),
        },
    )


def fastest(work: Callable[[], object]) -> float:
    """Give the least processor time of several rounds: other work has no part in it."""
    taken: list[float] = []
    for _ in range(ROUNDS):
        gc.collect()
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def _look(resource: Any) -> bool:  # noqa: ANN401 - a resource, whose module is not to be imported with this one
    return resource.inputs.get("labels") is not None


def _bare_loop(read: Iterable[Any], pairs: int) -> int:
    """Ask one thing of each resource, again and again: the least that so many pairs can cost in Python."""
    resources = tuple(read)
    return sum(_look(resource) for _ in range(-(-pairs // len(resources))) for resource in resources)


def measure_large() -> Measurement:
    """Read and evaluate a large document in a process of its own, whose memory is then all theirs."""
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.evaluation"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        answer, _ = child.communicate(json.dumps(document(LARGE)))
    figures = json.loads(answer)
    aims = {"seconds aimed at": LARGE_SECONDS, "gigabytes aimed at": LARGE_GIGABYTES}
    return Measurement(
        seconds=figures["seconds to read"] + figures["seconds to evaluate"],
        baseline_seconds=figures["seconds to parse"],
        details=figures | aims,
    )


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
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    pairs, findings = sum(each.evaluated for each in found.counts.values()), len(found.findings)
    # Only now, as it takes memory too; and without the collector, as the document is read.
    del read, found
    gc.disable()
    parsing = time.process_time()
    json.loads(text)
    figures = {
        "seconds to parse": time.process_time() - parsing,
        "seconds to read": between - start,
        "seconds to evaluate": end - between,
        "gigabytes": gigabytes,
        "megabytes of text": len(text) / 1024**2,
        "pairs": pairs,
        "findings": findings,
    }
    print(json.dumps(figures))


PAIRS = Benchmark(
    name="evaluate-pairs",
    judged=f"evaluating {SMALL} resources by every control",
    baseline="a loop that asks one thing of a resource, for as many pairs of control and resource",
    limit=PAIRS_LIMIT,
    measure=measure_pairs,
)

LARGE_DOCUMENT = Benchmark(
    name="evaluate-large",
    judged=f"reading and evaluating {LARGE:,} resources",
    baseline="parsing their JSON",
    limit=LARGE_LIMIT,
    measure=measure_large,
)

if __name__ == "__main__":
    _evaluate_from_input()
