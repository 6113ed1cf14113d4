"""What `groundplan check` costs beside what others do with the same resources: Pulumi's own policy SDK, and checkov."""

import gc
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.evaluation import DAY, SMALL, TEAM, document
from benchmarks.registry import Benchmark, Measurement

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 9
CROSSGUARD_TIMES, CHECKOV_TIMES = 50, 20
"""How many times as fast an evaluation must be."""

TERRAFORM = {
    "storage.Bucket": "google_storage_bucket",
    "workbench.Instance": "google_workbench_instance",
    "bigquery.Dataset": "google_bigquery_dataset",
    "vertex.AiEndpoint": "google_vertex_ai_endpoint",
    "projects.IAMMember": "google_project_iam_member",
    "storage.BucketIAMMember": "google_storage_bucket_iam_member",
    "kms.CryptoKey": "google_kms_crypto_key",
    "kms.KeyRing": "google_kms_key_ring",
    "secretmanager.Secret": "google_secret_manager_secret",
    "pubsub.Topic": "google_pubsub_topic",
    "serviceaccount.Account": "google_service_account",
}
"""The types of the benchmark's document, as Terraform's provider for Google Cloud names them."""

_HUMP = re.compile(r"(?<!^)([A-Z])")
_MAPS = frozenset({"labels", "metadata"})


def _seconds(work: Callable[[], object], rounds: int = 1) -> float:
    """Give the least processor time of several rounds: other work on the machine has no part in it."""
    taken = []
    for _ in range(rounds):
        gc.collect()
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def _evaluation() -> float:
    """Read and evaluate the document, from its text to every finding."""
    from groundplan_policies.engine import Document
    from groundplan_policies.engine.evaluate import evaluate
    from groundplan_policies.settings import read_settings

    text = json.dumps(document(SMALL))
    settings = read_settings("regulated").filled(**TEAM)
    return _seconds(lambda: evaluate(Document.read(text), settings, as_of=DAY), ROUNDS)


def measure_crossguard() -> Measurement:
    """Show the document to the stock servicer once, which takes long, and evaluate it several times."""
    from benchmarks.policy_packs import Shown, stock_servicer
    from groundplan_policies.crossguard.servicer import GuardrailsAnalyzer
    from groundplan_policies.engine import Document

    read = Document.read(json.dumps(document(SMALL)))
    shown, stock, own = Shown(read), stock_servicer(read), GuardrailsAnalyzer(lambda: DAY)
    evaluating, baseline = _evaluation(), _seconds(lambda: shown.to(stock))
    packed = _seconds(lambda: shown.to(own), 3)
    return Measurement(
        seconds=evaluating,
        baseline_seconds=baseline,
        details={
            "times as fast as the stock servicer": baseline / evaluating,
            "times as fast, as a policy pack": baseline / packed,
            "s to read and evaluate": evaluating,
            "s in the stock servicer": baseline,
            "s in our policy pack": packed,
        },
    )


def find_checkov() -> str | None:
    """Find checkov: what `make checkov` has installed, then the PATH. It is no dependency of this project."""
    installed = ROOT / ".tools" / "checkov" / "bin" / "checkov"
    return str(installed) if installed.is_file() else shutil.which("checkov")


def terraform_plan(count: int) -> dict[str, Any]:
    """Give the plan that Terraform would make of the benchmark's document: so many resources, and the key ring."""
    from groundplan_policies.engine.names import short_name

    resources = []
    for number, record in enumerate(document(count)["deployment"]["resources"]):
        kind = TERRAFORM.get(short_name(record["type"]))
        if kind is not None:
            name = f"it_{number}"
            at = {"address": f"{kind}.{name}", "mode": "managed", "type": kind, "name": name}
            resources.append({**at, "provider_name": "google", "values": _blocks(record["inputs"])})
    changes = [
        {key: each[key] for key in ("address", "mode", "type", "name")}
        | {"change": {"actions": ["create"], "before": None, "after": each["values"], "after_unknown": {}}}
        for each in resources
    ]
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": changes,
        "configuration": {"root_module": {}},
    }


def _blocks(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Write properties as a plan has them: names in snake case, and an object as a list of one block."""
    found: dict[str, Any] = {}
    for key, value in inputs.items():
        name = _HUMP.sub(r"_\1", key).lower()
        if isinstance(value, dict) and key not in _MAPS:
            found[name] = [_blocks(value)]
        elif isinstance(value, list):
            found[name] = [_blocks(each) if isinstance(each, dict) else each for each in value]
        else:
            found[name] = value
    return found


def _processor_seconds(command: Sequence[str], directory: str) -> tuple[float, str]:
    """Run a process, and give its processor time and its output."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=directory, env=os.environ, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def measure_checkov() -> Measurement:
    """Let checkov look at the plan, as a process of its own, the better of two runs.

    Raises:
        RuntimeError: checkov does not look at every resource of the plan.
    """
    checkov = find_checkov() or "checkov"
    with tempfile.TemporaryDirectory() as directory:
        here = Path(directory)
        (here / "plan.json").write_text(json.dumps(terraform_plan(SMALL)), encoding="utf-8")
        (here / "document.json").write_text(json.dumps(document(SMALL)), encoding="utf-8")
        command = [checkov, "--file", "plan.json", "--framework", "terraform_plan", "--output", "json", "--compact"]
        runs = [_processor_seconds([*command, "--skip-download"], directory) for _ in range(2)]
        check = [sys.executable, "-m", "groundplan_cli", "check", "document.json", "--format", "json"]
        whole = min(_processor_seconds(check, directory)[0] for _ in range(2))
    summary = json.loads(runs[0][1])["summary"]
    if summary["resource_count"] < SMALL:
        message = f"checkov looked at {summary['resource_count']} resources of {SMALL}"
        raise RuntimeError(message)
    evaluating, baseline = _evaluation(), min(seconds for seconds, _ in runs)
    return Measurement(
        seconds=evaluating,
        baseline_seconds=baseline,
        details={
            "times as fast as checkov": baseline / evaluating,
            "times as fast, as a whole process": baseline / whole,
            "s to read and evaluate": evaluating,
            "s for groundplan check": whole,
            "s for checkov": baseline,
            "checks that checkov made": summary["passed"] + summary["failed"],
        },
    )


def missing_checkov() -> str:
    """Say why checkov cannot be measured, "" if it can."""
    return "" if find_checkov() else "checkov is not at hand: `make checkov` installs it, or put it on the PATH"


CROSSGUARD = Benchmark(
    name="evaluate-crossguard",
    judged=f"reading and evaluating {SMALL} resources by every control",
    baseline="the same rules, a policy each, in the servicer of Pulumi's policy SDK",
    limit=1 / CROSSGUARD_TIMES,
    measure=measure_crossguard,
)

CHECKOV = Benchmark(
    name="evaluate-checkov",
    judged=f"reading and evaluating {SMALL} resources by every control",
    baseline="checkov on an equivalent Terraform plan, as a whole process",
    limit=1 / CHECKOV_TIMES,
    measure=measure_checkov,
    missing=missing_checkov,
)
