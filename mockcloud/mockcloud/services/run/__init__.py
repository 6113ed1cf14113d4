"""Cloud Run: services with revisions, jobs with executions, worker pools. No container runs.

The older form of the API (`namespaces`, as Knative has it) answers 501, but for access to services.
"""

from mockcloud.services.run import jobs, services
from mockcloud.services.run.service import SERVICE

__all__ = ["SERVICE", "jobs", "services"]
