"""PIPE-05: jobs of pipelines run as an account of their own."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, indeterminate
from groundplan_policies.pipelines.found import JOB, SCHEDULE, SPEC, runs_pipeline
from groundplan_policies.rules.identity.accounts import DedicatedAccount

_ACCOUNT = DedicatedAccount(Path(f"{JOB}.serviceAccount"))


def _schedule(resource: Resource, context: Context) -> Outcome:
    return _ACCOUNT(resource, context) if runs_pipeline(resource) else NOT_APPLICABLE


def _alone(resource: Resource, context: Context) -> Outcome:  # noqa: ARG001 - the form of a check
    return indeterminate("a compiled pipeline does not say as whom it runs: that is the job's")


CONTROL = Control(
    id="PIPE-05",
    title="Jobs of pipelines run as an account of their own",
    why=(
        "Without an account, the tasks of a pipeline run as the default account of Compute Engine, which everything "
        "else in the project may use too, and which often may do anything. The account is the job's: a schedule names "
        "it, and absent fails. A compiled pipeline by itself has no such field, so for a file the verdict is always "
        "indeterminate: check the stack whose schedule runs it. This control alone reads the account of scheduled "
        "pipelines; neither IAM-07 nor RAI-21 does."
    ),
    remedy="Use PipelineEnvironment, or set `service_account` of the pipeline job to an account made for it.",
    severity=Severity.HIGH,
    objectives=("5.1.e", "3.2.d"),
    clauses=(partial("nist-800-53-r5", "AC-6", "Which roles the account has: the controls on identities."),),
    reads=(_ACCOUNT.reads(SCHEDULE),),
    checks={SCHEDULE: _schedule, SPEC: _alone},
)
