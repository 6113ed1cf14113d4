"""References: what a construct consumes, made by another construct or there before.

Every producing construct is a reference and has ``from_existing``, so that a consumer cannot tell the difference.
"""

from groundplan.core.references.base import Reference
from groundplan.core.references.identities import AccountRef, ExistingAccount
from groundplan.core.references.keys import ExistingKey, ExistingKeyRing, KeyRef, KeyRingRef
from groundplan.core.references.logs import ExistingLogArchive, LogArchiveRef
from groundplan.core.references.networks import ExistingNetwork, NetworkRef
from groundplan.core.references.storage import BucketRef, DatasetRef, ExistingBucket, ExistingDataset

__all__ = [
    "AccountRef",
    "BucketRef",
    "DatasetRef",
    "ExistingAccount",
    "ExistingBucket",
    "ExistingDataset",
    "ExistingKey",
    "ExistingKeyRing",
    "ExistingLogArchive",
    "ExistingNetwork",
    "KeyRef",
    "KeyRingRef",
    "LogArchiveRef",
    "NetworkRef",
    "Reference",
]
