"""SUP-07: builds run in pools of our own, are verified, and leave logs."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.expect import is_one_of, is_set
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, Verdict, all_of
from groundplan_policies.rules.supply.builds import FILE_READS, TRIGGER, unseen

_POOL = is_set("build.options.workerPool", "cloudbuild.WorkerPool", expected="a private pool")
_VERIFIED = is_one_of("build.options.requestedVerifyOption", "VERIFIED")
_LOGGED = is_one_of(
    "build.options.logging",
    *("CLOUD_LOGGING_ONLY", "GCS_ONLY", "LEGACY", "STACKDRIVER_ONLY", "LOGGING_UNSPECIFIED"),
    absent=Verdict.PASS,
)


def _judge(resource: Resource, context: Context) -> Outcome:
    return unseen(resource) or all_of([each(resource, context) for each in (_POOL, _VERIFIED, _LOGGED)])


CONTROL = Control(
    id="SUP-07",
    title="Builds run in pools of our own, are verified, and leave logs",
    why=(
        "Google's shared pool has a way to the internet that nobody of ours controls; a private pool stands where our "
        "network ends (NET-14). A build that is verified leaves a signed statement of what it was made from, without "
        "which an image's origin is hearsay. Without a log nobody can look what a build did. A build that is written "
        "in a file of the repository is not seen here: indeterminate, whatever it says."
    ),
    remedy="Use BuildTrigger, or set `worker_pool` and `requested_verify_option` in the build's `options`.",
    severity=Severity.MEDIUM,
    objectives=("5.1.d", "5.2.b"),
    clauses=(
        partial(
            "google-ai",
            "CBD-CO-6.1",
            "The organisation policy where this program does not set it, and what exists already.",
        ),
        partial("nist-800-53-r5", "SR-4", "Who looks at the statements."),
    ),
    reads=(*(each.reads(TRIGGER) for each in (_POOL, _VERIFIED, _LOGGED)), *FILE_READS),
    checks={TRIGGER: _judge},
)
