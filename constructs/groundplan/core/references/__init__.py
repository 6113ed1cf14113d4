"""References: what a construct consumes, made by another construct or there before.

Every producing construct is a reference and has ``from_existing``, so that a consumer cannot tell the difference.
"""

from groundplan.core.references.attachments import ExistingNetworkAttachment, NetworkAttachmentRef
from groundplan.core.references.attestors import AttestorRef, ExistingAttestor
from groundplan.core.references.base import Reference
from groundplan.core.references.clusters import ClusterRef, ExistingCluster
from groundplan.core.references.delivery import (
    BuildPoolRef,
    BuildTriggerRef,
    ExistingBuildPool,
    ExistingBuildTrigger,
    ExistingImageRepository,
    ImageRepositoryRef,
    RepositoryFormat,
)
from groundplan.core.references.endpoints import EndpointRef, ExistingEndpoint
from groundplan.core.references.features import (
    ExistingFeatureGroup,
    ExistingFeatureView,
    ExistingOnlineStore,
    FeatureGroupRef,
    FeatureViewRef,
    OnlineStoreRef,
)
from groundplan.core.references.federations import ExistingFederation, FederationRef
from groundplan.core.references.governance import (
    AgreementRef,
    AgreementTerms,
    ExistingAgreement,
    ExistingReview,
    ReviewRef,
)
from groundplan.core.references.identities import AccountRef, ExistingAccount
from groundplan.core.references.keys import ExistingKey, ExistingKeyRing, KeyRef, KeyRingRef
from groundplan.core.references.logs import ExistingLogArchive, LogArchiveRef
from groundplan.core.references.networks import ExistingNetwork, NetworkRef
from groundplan.core.references.online_endpoints import ExistingOnlineEndpoint, OnlineEndpointRef
from groundplan.core.references.perimeters import AccessPolicyRef, ExistingAccessPolicy, ExistingPerimeter, PerimeterRef
from groundplan.core.references.pipelines import ExistingPipelineEnvironment, PipelineEnvironmentRef
from groundplan.core.references.repositories import ExistingSourceRepository, SourceConnector, SourceRepositoryRef
from groundplan.core.references.reservations import ExistingReservation, ReservationRef
from groundplan.core.references.service_access import ExistingServiceAccess, ServiceAccessRef
from groundplan.core.references.storage import BucketRef, DatasetRef, ExistingBucket, ExistingDataset
from groundplan.core.references.training import ExistingTrainingPool, TrainingPoolRef

__all__ = [
    "AccessPolicyRef",
    "AccountRef",
    "AgreementRef",
    "AgreementTerms",
    "AttestorRef",
    "BucketRef",
    "BuildPoolRef",
    "BuildTriggerRef",
    "ClusterRef",
    "DatasetRef",
    "EndpointRef",
    "ExistingAccessPolicy",
    "ExistingAccount",
    "ExistingAgreement",
    "ExistingAttestor",
    "ExistingBucket",
    "ExistingBuildPool",
    "ExistingBuildTrigger",
    "ExistingCluster",
    "ExistingDataset",
    "ExistingEndpoint",
    "ExistingFeatureGroup",
    "ExistingFeatureView",
    "ExistingFederation",
    "ExistingImageRepository",
    "ExistingKey",
    "ExistingKeyRing",
    "ExistingLogArchive",
    "ExistingNetwork",
    "ExistingNetworkAttachment",
    "ExistingOnlineEndpoint",
    "ExistingOnlineStore",
    "ExistingPerimeter",
    "ExistingPipelineEnvironment",
    "ExistingReservation",
    "ExistingReview",
    "ExistingServiceAccess",
    "ExistingSourceRepository",
    "ExistingTrainingPool",
    "FeatureGroupRef",
    "FeatureViewRef",
    "FederationRef",
    "ImageRepositoryRef",
    "KeyRef",
    "KeyRingRef",
    "LogArchiveRef",
    "NetworkAttachmentRef",
    "NetworkRef",
    "OnlineEndpointRef",
    "OnlineStoreRef",
    "PerimeterRef",
    "PipelineEnvironmentRef",
    "Reference",
    "RepositoryFormat",
    "ReservationRef",
    "ReviewRef",
    "ServiceAccessRef",
    "SourceConnector",
    "SourceRepositoryRef",
    "TrainingPoolRef",
]
