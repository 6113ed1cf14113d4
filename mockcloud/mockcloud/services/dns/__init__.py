"""Cloud DNS: zones, record sets with their changes, policies. No name is resolved by it."""

from mockcloud.services.dns import keys, policies, records, zones
from mockcloud.services.dns.service import SERVICE

__all__ = ["SERVICE", "keys", "policies", "records", "zones"]
