"""Cloud Storage: buckets, objects with their generations, access control.

The contents of objects are a small local simulation: bytes in memory, at most 100 MiB an object.
Behaviour as the JSON API's reference tells it (https://cloud.google.com/storage/docs/json_api, 2026-11).
"""

from mockcloud.services.storage import (
    acls,
    buckets,
    caches,
    composing,
    copying,
    folders,
    hmac_keys,
    listing,
    notifications,
    objects,
    places,
    policies,
    soft_delete,
    uploads,
)
from mockcloud.services.storage.service import SERVICE

__all__ = [
    "SERVICE",
    "acls",
    "buckets",
    "caches",
    "composing",
    "copying",
    "folders",
    "hmac_keys",
    "listing",
    "notifications",
    "objects",
    "places",
    "policies",
    "soft_delete",
    "uploads",
]
