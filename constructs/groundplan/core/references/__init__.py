"""References: what a construct consumes, made by another construct or there before.

Every producing construct is a reference and has ``from_existing``, so that a consumer cannot tell the difference.
"""

from groundplan.core.references.attachments import ExistingNetworkAttachment, NetworkAttachmentRef
from groundplan.core.references.base import Reference
from groundplan.core.references.endpoints import EndpointRef, ExistingEndpoint
from groundplan.core.references.federations import ExistingFederation, FederationRef
from groundplan.core.references.identities import AccountRef, ExistingAccount
from groundplan.core.references.keys import ExistingKey, ExistingKeyRing, KeyRef, KeyRingRef
from groundplan.core.references.logs import ExistingLogArchive, LogArchiveRef
from groundplan.core.references.networks import ExistingNetwork, NetworkRef
from groundplan.core.references.perimeters import AccessPolicyRef, ExistingAccessPolicy, ExistingPerimeter, PerimeterRef
from groundplan.core.references.service_access import ExistingServiceAccess, ServiceAccessRef
from groundplan.core.references.storage import BucketRef, DatasetRef, ExistingBucket, ExistingDataset

__all__ = [
    "AccessPolicyRef",
    "AccountRef",
    "BucketRef",
    "DatasetRef",
    "EndpointRef",
    "ExistingAccessPolicy",
    "ExistingAccount",
    "ExistingBucket",
    "ExistingDataset",
    "ExistingEndpoint",
    "ExistingFederation",
    "ExistingKey",
    "ExistingKeyRing",
    "ExistingLogArchive",
    "ExistingNetwork",
    "ExistingNetworkAttachment",
    "ExistingPerimeter",
    "ExistingServiceAccess",
    "FederationRef",
    "KeyRef",
    "KeyRingRef",
    "LogArchiveRef",
    "NetworkAttachmentRef",
    "NetworkRef",
    "PerimeterRef",
    "Reference",
    "ServiceAccessRef",
]
