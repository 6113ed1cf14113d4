"""Log entries of which filters are asked whether they match: what is known of each, and nothing else."""

from collections.abc import Mapping
from typing import Final

from groundplan_policies.rules.monitoring.matching import Entry

AUDIT: Final = "cloudaudit.googleapis.com"
_LOGS: Final = {
    "audit logs": tuple(
        f"{AUDIT}/{each}" for each in ("activity", "data_access", "system_event", "policy", "access_transparency")
    ),
    "logs of predictions": (
        "aiplatform.googleapis.com/prediction_access",
        "aiplatform.googleapis.com/prediction_container",
        "aiplatform.googleapis.com/online_prediction",
    ),
    "logs of firewalls": ("compute.googleapis.com/firewall",),
}
"""What no exclusion may hide -> its logs. Sources: cloud.google.com/logging/docs/audit,
cloud.google.com/vertex-ai/docs/predictions/online-prediction-logging,
cloud.google.com/firewall/docs/using-firewall-rules-logging."""


def protected(project: str) -> Mapping[str, tuple[Entry, ...]]:
    """Give one entry for each log that nothing may hide, under what it is of.

    Args:
        project: Id of the project that writes them; "" where that is not known.
    """
    return {what: tuple(entry(log, project) for log in logs) for what, logs in _LOGS.items()}


def entry(log: str, project: str) -> dict[str, str | Entry]:
    """Give what an entry's log says of it."""
    name = {"logName": f"projects/{project}/logs/{log.replace('/', '%2F')}"} if project else {}
    return {"log_id": log, **name}
