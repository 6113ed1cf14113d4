"""Cloud Monitoring: policies, channels, checks, services, dashboards, metrics.

Time series are a small local simulation: what is written can be read, with the basic ways to align and reduce it. No
check runs and no alert fires. Behaviour as https://cloud.google.com/monitoring/api/ref_v3/rest tells it (2026-11).
"""

from mockcloud.services.monitoring import (
    alerting,
    catalogue,
    dashboards,
    descriptors,
    resources,
    scopes,
    series,
)
from mockcloud.services.monitoring.service import SERVICE

__all__ = ["SERVICE", "alerting", "catalogue", "dashboards", "descriptors", "resources", "scopes", "series"]
