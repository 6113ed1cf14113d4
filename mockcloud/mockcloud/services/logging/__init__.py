"""Cloud Logging: entries, sinks, buckets, views, exclusions, metrics, settings.

Entries are a small local simulation: they are kept in memory, as long as the cloud lives. Sinks, exclusions
and metrics are kept as they are configured, and do nothing. Behaviour as
https://cloud.google.com/logging/docs/reference/v2/rest tells it (2026-11).
"""

from mockcloud.services.logging import buckets, entries, listing, metrics, settings, sinks, tailing
from mockcloud.services.logging.service import SERVICE

__all__ = ["SERVICE", "buckets", "entries", "listing", "metrics", "settings", "sinks", "tailing"]
