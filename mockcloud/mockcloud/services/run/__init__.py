"""Cloud Run: services with revisions, jobs with executions, worker pools. No container runs.

The first version of the API, in Knative's form, shows the services of the second one; its jobs, worker pools and
instances answer 501.
"""

from mockcloud.services.run import domains, jobs, older, services
from mockcloud.services.run.service import SERVICE

__all__ = ["SERVICE", "domains", "jobs", "older", "services"]
