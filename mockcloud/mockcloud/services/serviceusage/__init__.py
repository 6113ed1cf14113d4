"""Service Usage: services of projects, switched on and off; service agents; quotas and what was asked beyond them.

Behaviour as https://cloud.google.com/service-usage/docs tells it (2026-11).
"""

from mockcloud.services.serviceusage import quotas, services
from mockcloud.services.serviceusage.service import SERVICE

__all__ = ["SERVICE", "quotas", "services"]
