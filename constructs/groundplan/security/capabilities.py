"""What a workload may be able to do in a project: words for the least role that Google has for each."""

from __future__ import annotations

import datetime as dt
import enum

import pulumi
import pulumi_gcp as gcp

from groundplan.core import tables
from groundplan.core.environment import Project
from groundplan.core.grants import Grant, Target, grant
from groundplan.core.principals import identity_of
from groundplan.core.validation import Checks


class Capability(enum.StrEnum):
    """What can be allowed in a project where Google has no narrower place to allow it.

    ``core/data/capabilities.yaml`` states the role of each, and what else the role allows.
    """

    WRITE_LOGS = "write_logs"
    WRITE_METRICS = "write_metrics"
    WRITE_TRACES = "write_traces"
    REPORT_ERRORS = "report_errors"
    WRITE_PROFILES = "write_profiles"
    CALL_APIS = "call_apis"
    RUN_QUERIES = "run_queries"
    STREAM_TABLES = "stream_tables"
    RUN_ML_JOBS = "run_ml_jobs"
    RUN_DLP_JOBS = "run_dlp_jobs"
    RUN_DATAFLOW = "run_dataflow"
    RUN_SPARK = "run_spark"
    READ_IMAGES = "read_images"
    RUN_NODES = "run_nodes"

    @property
    def role(self) -> str:
        """The role, as IAM names it."""
        return str(tables.load("capabilities")["capabilities"][self.value]["role"])

    def role_in(self, project: Project) -> str:
        """Return the role with which a project allows it: Google's, or one of the project's own."""
        return project.runs_ml_jobs if self is Capability.RUN_ML_JOBS else self.role


def grant_capability(
    capability: Capability, principal: object, project: Project, *, until: dt.date | None = None
) -> Grant:
    """Let a principal do something in a whole project; the grant's ``scope`` is ``project``.

    Google does not evaluate a condition on the resource's name for these roles, so that the one condition to be had
    is on time: with ``until`` the grant ends when that day begins (UTC). In a project where grants are not ours to
    make it becomes an entry of ``requests``. Anything but a ``Capability``, and a public principal, raise
    ``ArgumentError``.
    """
    checks = Checks("grant_capability")
    checks.instance("capability", capability, Capability, "a Capability, such as Capability.WRITE_LOGS")
    checks.instance("project", project, Project, "a Project")
    if until is not None:
        checks.instance("until", until, dt.date, "a date")
    checks.finish()
    identity = identity_of(principal, "grant_capability")
    target = Target(
        label=project.id.replace(":", "-") + (f"-until-{until:%Y%m%d}" if until else ""),
        project=project,
        parent=principal if isinstance(principal, pulumi.Resource) else None,
        command=f"gcloud projects add-iam-policy-binding --condition={_condition_of_command(until)}",
        place=project.id,
        scope="project",
    )
    role = capability.role_in(project)
    args = gcp.projects.IAMMemberArgs(
        project=project.id, role=role, member=identity.member, condition=_condition(until)
    )
    return grant(target, role, identity, gcp.projects.IAMMember, args)


def _expression(until: dt.date) -> str:
    return f'request.time < timestamp("{until:%Y-%m-%d}T00:00:00Z")'


def _condition(until: dt.date | None) -> gcp.projects.IAMMemberConditionArgs | None:
    if until is None:
        return None
    return gcp.projects.IAMMemberConditionArgs(title=f"until {until:%Y-%m-%d}", expression=_expression(until))


def _condition_of_command(until: dt.date | None) -> str:
    return "None" if until is None else f"'title=until {until:%Y-%m-%d},expression={_expression(until)}'"
