"""groundplan: typed Pulumi constructs for machine-learning platforms on Google Cloud, secure by default.

Everything public is here, loaded when it is first named, so that a program pays for the parts that it uses.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from groundplan.cicd.build_file import Builders as Builders
    from groundplan.cicd.build_file import BuildFile as BuildFile
    from groundplan.cicd.build_pool import BuildPool as BuildPool
    from groundplan.cicd.build_pool import BuildPoolArgs as BuildPoolArgs
    from groundplan.cicd.build_trigger import BuildTrigger as BuildTrigger
    from groundplan.cicd.delivery_arguments import MlDeliveryArgs as MlDeliveryArgs
    from groundplan.cicd.delivery_parts import BranchReview as BranchReview
    from groundplan.cicd.delivery_parts import Commands as Commands
    from groundplan.cicd.delivery_parts import Infrastructure as Infrastructure
    from groundplan.cicd.duties import Duties as Duties
    from groundplan.cicd.events import OnDemand as OnDemand
    from groundplan.cicd.events import OnMessage as OnMessage
    from groundplan.cicd.events import OnPullRequest as OnPullRequest
    from groundplan.cicd.events import OnPush as OnPush
    from groundplan.cicd.events import OnSchedule as OnSchedule
    from groundplan.cicd.events import OnTag as OnTag
    from groundplan.cicd.events import OnWebhook as OnWebhook
    from groundplan.cicd.image_attestor import ImageAttestor as ImageAttestor
    from groundplan.cicd.image_attestor import ImageAttestorArgs as ImageAttestorArgs
    from groundplan.cicd.image_repository import ImageRepository as ImageRepository
    from groundplan.cicd.image_repository import ImageRepositoryArgs as ImageRepositoryArgs
    from groundplan.cicd.ml_delivery import MlDelivery as MlDelivery
    from groundplan.cicd.repository_modes import Hosted as Hosted
    from groundplan.cicd.repository_modes import Remote as Remote
    from groundplan.cicd.repository_modes import Upstream as Upstream
    from groundplan.cicd.repository_modes import Virtual as Virtual
    from groundplan.cicd.trigger_arguments import BuildTriggerArgs as BuildTriggerArgs
    from groundplan.cicd.triggers_file import triggers_file as triggers_file
    from groundplan.core.data_class import DataClass as DataClass
    from groundplan.core.environment import Environment as Environment
    from groundplan.core.environment import Project as Project
    from groundplan.core.environment import Projects as Projects
    from groundplan.core.errors import ArgumentError as ArgumentError
    from groundplan.core.errors import Error as Error
    from groundplan.core.exports import Exports as Exports
    from groundplan.core.exports import publish as publish
    from groundplan.core.grants import Grant as Grant
    from groundplan.core.grants import requests as requests
    from groundplan.core.references import AccessPolicyRef as AccessPolicyRef
    from groundplan.core.references import AccountRef as AccountRef
    from groundplan.core.references import AgreementRef as AgreementRef
    from groundplan.core.references import AgreementTerms as AgreementTerms
    from groundplan.core.references import AttestorRef as AttestorRef
    from groundplan.core.references import BucketRef as BucketRef
    from groundplan.core.references import BuildPoolRef as BuildPoolRef
    from groundplan.core.references import BuildTriggerRef as BuildTriggerRef
    from groundplan.core.references import ClusterRef as ClusterRef
    from groundplan.core.references import DatasetRef as DatasetRef
    from groundplan.core.references import EndpointRef as EndpointRef
    from groundplan.core.references import FeatureGroupRef as FeatureGroupRef
    from groundplan.core.references import FeatureViewRef as FeatureViewRef
    from groundplan.core.references import FederationRef as FederationRef
    from groundplan.core.references import ImageRepositoryRef as ImageRepositoryRef
    from groundplan.core.references import KeyRef as KeyRef
    from groundplan.core.references import KeyRingRef as KeyRingRef
    from groundplan.core.references import LogArchiveRef as LogArchiveRef
    from groundplan.core.references import NetworkAttachmentRef as NetworkAttachmentRef
    from groundplan.core.references import NetworkRef as NetworkRef
    from groundplan.core.references import OnlineEndpointRef as OnlineEndpointRef
    from groundplan.core.references import OnlineStoreRef as OnlineStoreRef
    from groundplan.core.references import PerimeterRef as PerimeterRef
    from groundplan.core.references import PipelineEnvironmentRef as PipelineEnvironmentRef
    from groundplan.core.references import RepositoryFormat as RepositoryFormat
    from groundplan.core.references import ReservationRef as ReservationRef
    from groundplan.core.references import ReviewRef as ReviewRef
    from groundplan.core.references import ServiceAccessRef as ServiceAccessRef
    from groundplan.core.references import SourceConnector as SourceConnector
    from groundplan.core.references import SourceRepositoryRef as SourceRepositoryRef
    from groundplan.core.references import TrainingPoolRef as TrainingPoolRef
    from groundplan.core.tiers import Tier as Tier
    from groundplan.data.columns import Column as Column
    from groundplan.data.columns import Personal as Personal
    from groundplan.data.data_bucket import DataBucket as DataBucket
    from groundplan.data.data_bucket import DataBucketArgs as DataBucketArgs
    from groundplan.data.quality_rule import QualityRule as QualityRule
    from groundplan.data.quality_scan import QualityScan as QualityScan
    from groundplan.data.quality_scan import QualityScanArgs as QualityScanArgs
    from groundplan.data.scan_targets import BucketScan as BucketScan
    from groundplan.data.scan_targets import RiskAnalysis as RiskAnalysis
    from groundplan.data.scan_targets import TableScan as TableScan
    from groundplan.data.sensitive_data_discovery import SensitiveDataDiscovery as SensitiveDataDiscovery
    from groundplan.data.sensitive_data_discovery import SensitiveDataDiscoveryArgs as SensitiveDataDiscoveryArgs
    from groundplan.data.sensitive_data_scan import SensitiveDataScan as SensitiveDataScan
    from groundplan.data.sensitive_data_scan import SensitiveDataScanArgs as SensitiveDataScanArgs
    from groundplan.data.table import RowPolicy as RowPolicy
    from groundplan.data.table import Table as Table
    from groundplan.data.table import View as View
    from groundplan.data.warehouse import Warehouse as Warehouse
    from groundplan.data.warehouse import WarehouseArgs as WarehouseArgs
    from groundplan.features.feature_group import Feature as Feature
    from groundplan.features.feature_group import FeatureGroup as FeatureGroup
    from groundplan.features.feature_group import FeatureGroupArgs as FeatureGroupArgs
    from groundplan.features.feature_view import FeatureView as FeatureView
    from groundplan.features.feature_view import FeatureViewArgs as FeatureViewArgs
    from groundplan.features.feature_view import GroupFeatures as GroupFeatures
    from groundplan.features.online_store import BigtableServing as BigtableServing
    from groundplan.features.online_store import OnlineStore as OnlineStore
    from groundplan.features.online_store import OnlineStoreArgs as OnlineStoreArgs
    from groundplan.features.online_store import OptimizedServing as OptimizedServing
    from groundplan.features.source import FeatureSource as FeatureSource
    from groundplan.features.vector_search import VectorSearch as VectorSearch
    from groundplan.foundation.apis import Purpose as Purpose
    from groundplan.foundation.organization_policies import OrganizationPolicies as OrganizationPolicies
    from groundplan.foundation.organization_policies import OrganizationPoliciesArgs as OrganizationPoliciesArgs
    from groundplan.foundation.project_foundation import ProjectFoundation as ProjectFoundation
    from groundplan.foundation.project_foundation import ProjectFoundationArgs as ProjectFoundationArgs
    from groundplan.governance.data_use_agreement import DataUseAgreement as DataUseAgreement
    from groundplan.governance.data_use_agreement import DataUseAgreementArgs as DataUseAgreementArgs
    from groundplan.governance.data_use_agreement import LawfulBasis as LawfulBasis
    from groundplan.governance.data_use_agreement import PersonalData as PersonalData
    from groundplan.governance.documents import DocumentReference as DocumentReference
    from groundplan.governance.responsible_ai_review import ResponsibleAiReview as ResponsibleAiReview
    from groundplan.governance.responsible_ai_review import ResponsibleAiReviewArgs as ResponsibleAiReviewArgs
    from groundplan.governance.review_parts import Approval as Approval
    from groundplan.governance.review_parts import Baseline as Baseline
    from groundplan.governance.review_parts import ExplanationDuty as ExplanationDuty
    from groundplan.governance.review_parts import FairnessThreshold as FairnessThreshold
    from groundplan.governance.review_parts import IncidentContact as IncidentContact
    from groundplan.governance.review_parts import Oversight as Oversight
    from groundplan.governance.review_parts import ProtectedAttribute as ProtectedAttribute
    from groundplan.governance.review_parts import RetrainingPolicy as RetrainingPolicy
    from groundplan.governance.review_parts import RiskClass as RiskClass
    from groundplan.governance.review_parts import RollbackPlan as RollbackPlan
    from groundplan.monitoring.baselines import BaselineFiles as BaselineFiles
    from groundplan.monitoring.baselines import BaselineTable as BaselineTable
    from groundplan.monitoring.model_monitoring import ModelMonitoring as ModelMonitoring
    from groundplan.monitoring.model_monitoring import ModelMonitoringArgs as ModelMonitoringArgs
    from groundplan.monitoring.security_alerts import SecurityAlerts as SecurityAlerts
    from groundplan.monitoring.security_alerts import SecurityAlertsArgs as SecurityAlertsArgs
    from groundplan.network.arguments import NetworkArgs as NetworkArgs
    from groundplan.network.firewall import FirewallRule as FirewallRule
    from groundplan.network.network import Network as Network
    from groundplan.network.network_attachment import NetworkAttachment as NetworkAttachment
    from groundplan.network.network_attachment import NetworkAttachmentArgs as NetworkAttachmentArgs
    from groundplan.network.perimeter_rules import PerimeterEgress as PerimeterEgress
    from groundplan.network.perimeter_rules import PerimeterIngress as PerimeterIngress
    from groundplan.network.private_service_access import PrivateServiceAccess as PrivateServiceAccess
    from groundplan.network.private_service_access import PrivateServiceAccessArgs as PrivateServiceAccessArgs
    from groundplan.network.private_service_connect import GoogleApis as GoogleApis
    from groundplan.network.private_service_connect import PrivateServiceConnect as PrivateServiceConnect
    from groundplan.network.private_service_connect import PrivateServiceConnectArgs as PrivateServiceConnectArgs
    from groundplan.network.published_service import PublishedService as PublishedService
    from groundplan.network.service_perimeter import ServicePerimeter as ServicePerimeter
    from groundplan.network.service_perimeter import ServicePerimeterArgs as ServicePerimeterArgs
    from groundplan.pipelines.arguments import PipelineEnvironmentArgs as PipelineEnvironmentArgs
    from groundplan.pipelines.pipeline_environment import PipelineEnvironment as PipelineEnvironment
    from groundplan.pipelines.pipeline_schedule import PipelineSchedule as PipelineSchedule
    from groundplan.security.capabilities import Capability as Capability
    from groundplan.security.capabilities import grant_capability as grant_capability
    from groundplan.security.issuers import Aws as Aws
    from groundplan.security.issuers import Azure as Azure
    from groundplan.security.issuers import GitHub as GitHub
    from groundplan.security.issuers import GitLab as GitLab
    from groundplan.security.issuers import Issuer as Issuer
    from groundplan.security.issuers import Jenkins as Jenkins
    from groundplan.security.issuers import Oidc as Oidc
    from groundplan.security.key_ring import KeyRing as KeyRing
    from groundplan.security.key_ring import KeyRingArgs as KeyRingArgs
    from groundplan.security.log_archive import LogArchive as LogArchive
    from groundplan.security.log_archive import LogArchiveArgs as LogArchiveArgs
    from groundplan.security.log_routing import LogRouting as LogRouting
    from groundplan.security.log_routing import LogRoutingArgs as LogRoutingArgs
    from groundplan.security.service_identity import ServiceIdentity as ServiceIdentity
    from groundplan.security.service_identity import ServiceIdentityArgs as ServiceIdentityArgs
    from groundplan.security.workload_identity import WorkloadIdentity as WorkloadIdentity
    from groundplan.security.workload_identity import WorkloadIdentityArgs as WorkloadIdentityArgs
    from groundplan.serving.access import PrivateConnect as PrivateConnect
    from groundplan.serving.access import PublicDedicated as PublicDedicated
    from groundplan.serving.access import ServiceAccess as ServiceAccess
    from groundplan.serving.arguments import OnlineEndpointArgs as OnlineEndpointArgs
    from groundplan.serving.arguments import RequestLog as RequestLog
    from groundplan.serving.deploy_contract import DeployContract as DeployContract
    from groundplan.serving.deploy_contract import DeployedModel as DeployedModel
    from groundplan.serving.deployment import ModelDeployment as ModelDeployment
    from groundplan.serving.deployment import Rollout as Rollout
    from groundplan.serving.deployment import ServingMachine as ServingMachine
    from groundplan.serving.endpoint_alerts import EndpointAlerts as EndpointAlerts
    from groundplan.serving.model_watch import Explanation as Explanation
    from groundplan.serving.model_watch import MonitoringPlan as MonitoringPlan
    from groundplan.serving.online_endpoint import OnlineEndpoint as OnlineEndpoint
    from groundplan.training.accelerator_reservation import AcceleratorReservation as AcceleratorReservation
    from groundplan.training.accelerator_reservation import AcceleratorReservationArgs as AcceleratorReservationArgs
    from groundplan.training.capacity import Quota as Quota
    from groundplan.training.cluster_arguments import TrainingClusterArgs as TrainingClusterArgs
    from groundplan.training.job_defaults import JobDefaults as JobDefaults
    from groundplan.training.node_pool import NodePool as NodePool
    from groundplan.training.persistent_pool import PersistentPool as PersistentPool
    from groundplan.training.persistent_pool import ResourcePool as ResourcePool
    from groundplan.training.pool_arguments import TrainingPoolArgs as TrainingPoolArgs
    from groundplan.training.tpu_arguments import TpuSliceArgs as TpuSliceArgs
    from groundplan.training.tpu_reference import TpuSliceRef as TpuSliceRef
    from groundplan.training.tpu_slice import TpuSlice as TpuSlice
    from groundplan.training.training_cluster import TrainingCluster as TrainingCluster
    from groundplan.training.training_pool import TrainingPool as TrainingPool
    from groundplan.workbench.colab_runtime import ColabRuntime as ColabRuntime
    from groundplan.workbench.colab_runtime import ColabRuntimeArgs as ColabRuntimeArgs
    from groundplan.workbench.image import ContainerImage as ContainerImage
    from groundplan.workbench.image import StockImage as StockImage
    from groundplan.workbench.reference import WorkbenchRef as WorkbenchRef
    from groundplan.workbench.runtime_reference import ColabRuntimeRef as ColabRuntimeRef
    from groundplan.workbench.source_arguments import SourceConnectionArgs as SourceConnectionArgs
    from groundplan.workbench.source_connection import SourceConnection as SourceConnection
    from groundplan.workbench.source_hosts import GitHubSource as GitHubSource
    from groundplan.workbench.source_hosts import GitLabSource as GitLabSource
    from groundplan.workbench.source_hosts import HostedSource as HostedSource
    from groundplan.workbench.source_token import SourceToken as SourceToken
    from groundplan.workbench.startup_script import StartupScript as StartupScript
    from groundplan.workbench.workbench import Workbench as Workbench
    from groundplan.workbench.workbench import WorkbenchArgs as WorkbenchArgs
    from groundplan.workbench.workbench_fleet import Member as Member
    from groundplan.workbench.workbench_fleet import WorkbenchFleet as WorkbenchFleet
    from groundplan.workbench.workbench_fleet import WorkbenchFleetArgs as WorkbenchFleetArgs

_MODULES: Final = {
    "groundplan.cicd.build_file": ("BuildFile", "Builders"),
    "groundplan.cicd.build_pool": ("BuildPool", "BuildPoolArgs"),
    "groundplan.cicd.build_trigger": ("BuildTrigger",),
    "groundplan.cicd.delivery_arguments": ("MlDeliveryArgs",),
    "groundplan.cicd.delivery_parts": ("BranchReview", "Commands", "Infrastructure"),
    "groundplan.cicd.duties": ("Duties",),
    "groundplan.cicd.events": ("OnDemand", "OnMessage", "OnPullRequest", "OnPush", "OnSchedule", "OnTag", "OnWebhook"),
    "groundplan.cicd.image_attestor": ("ImageAttestor", "ImageAttestorArgs"),
    "groundplan.cicd.image_repository": ("ImageRepository", "ImageRepositoryArgs"),
    "groundplan.cicd.ml_delivery": ("MlDelivery",),
    "groundplan.cicd.repository_modes": ("Hosted", "Remote", "Upstream", "Virtual"),
    "groundplan.cicd.trigger_arguments": ("BuildTriggerArgs",),
    "groundplan.cicd.triggers_file": ("triggers_file",),
    "groundplan.core.data_class": ("DataClass",),
    "groundplan.core.environment": ("Environment", "Project", "Projects"),
    "groundplan.core.errors": ("ArgumentError", "Error"),
    "groundplan.core.exports": ("Exports", "publish"),
    "groundplan.core.grants": ("Grant", "requests"),
    "groundplan.core.references": (
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
        "RepositoryFormat",
        "ReservationRef",
        "ReviewRef",
        "ServiceAccessRef",
        "SourceConnector",
        "SourceRepositoryRef",
        "TrainingPoolRef",
    ),
    "groundplan.core.tiers": ("Tier",),
    "groundplan.foundation.apis": ("Purpose",),
    "groundplan.foundation.organization_policies": ("OrganizationPolicies", "OrganizationPoliciesArgs"),
    "groundplan.foundation.project_foundation": ("ProjectFoundation", "ProjectFoundationArgs"),
    "groundplan.governance.data_use_agreement": (
        "DataUseAgreement",
        "DataUseAgreementArgs",
        "LawfulBasis",
        "PersonalData",
    ),
    "groundplan.governance.documents": ("DocumentReference",),
    "groundplan.governance.responsible_ai_review": ("ResponsibleAiReview", "ResponsibleAiReviewArgs"),
    "groundplan.governance.review_parts": (
        "Approval",
        "Baseline",
        "ExplanationDuty",
        "FairnessThreshold",
        "IncidentContact",
        "Oversight",
        "ProtectedAttribute",
        "RetrainingPolicy",
        "RiskClass",
        "RollbackPlan",
    ),
    "groundplan.data.columns": ("Column", "Personal"),
    "groundplan.data.data_bucket": ("DataBucket", "DataBucketArgs"),
    "groundplan.data.quality_rule": ("QualityRule",),
    "groundplan.data.quality_scan": ("QualityScan", "QualityScanArgs"),
    "groundplan.data.sensitive_data_discovery": ("SensitiveDataDiscovery", "SensitiveDataDiscoveryArgs"),
    "groundplan.data.scan_targets": ("BucketScan", "RiskAnalysis", "TableScan"),
    "groundplan.data.sensitive_data_scan": ("SensitiveDataScan", "SensitiveDataScanArgs"),
    "groundplan.data.table": ("RowPolicy", "Table", "View"),
    "groundplan.data.warehouse": ("Warehouse", "WarehouseArgs"),
    "groundplan.monitoring.baselines": ("BaselineFiles", "BaselineTable"),
    "groundplan.monitoring.model_monitoring": ("ModelMonitoring", "ModelMonitoringArgs"),
    "groundplan.monitoring.security_alerts": ("SecurityAlerts", "SecurityAlertsArgs"),
    "groundplan.network.arguments": ("NetworkArgs",),
    "groundplan.network.firewall": ("FirewallRule",),
    "groundplan.network.network": ("Network",),
    "groundplan.network.network_attachment": ("NetworkAttachment", "NetworkAttachmentArgs"),
    "groundplan.network.perimeter_rules": ("PerimeterEgress", "PerimeterIngress"),
    "groundplan.network.private_service_access": ("PrivateServiceAccess", "PrivateServiceAccessArgs"),
    "groundplan.network.private_service_connect": (
        "GoogleApis",
        "PrivateServiceConnect",
        "PrivateServiceConnectArgs",
    ),
    "groundplan.network.published_service": ("PublishedService",),
    "groundplan.network.service_perimeter": ("ServicePerimeter", "ServicePerimeterArgs"),
    "groundplan.security.capabilities": ("Capability", "grant_capability"),
    "groundplan.security.issuers": ("Aws", "Azure", "GitHub", "GitLab", "Issuer", "Jenkins", "Oidc"),
    "groundplan.security.key_ring": ("KeyRing", "KeyRingArgs"),
    "groundplan.security.log_archive": ("LogArchive", "LogArchiveArgs"),
    "groundplan.security.log_routing": ("LogRouting", "LogRoutingArgs"),
    "groundplan.security.service_identity": ("ServiceIdentity", "ServiceIdentityArgs"),
    "groundplan.security.workload_identity": ("WorkloadIdentity", "WorkloadIdentityArgs"),
    "groundplan.serving.access": ("PrivateConnect", "PublicDedicated", "ServiceAccess"),
    "groundplan.serving.arguments": ("OnlineEndpointArgs", "RequestLog"),
    "groundplan.serving.deploy_contract": ("DeployContract", "DeployedModel"),
    "groundplan.serving.deployment": ("ModelDeployment", "Rollout", "ServingMachine"),
    "groundplan.serving.endpoint_alerts": ("EndpointAlerts",),
    "groundplan.serving.model_watch": ("Explanation", "MonitoringPlan"),
    "groundplan.serving.online_endpoint": ("OnlineEndpoint",),
    "groundplan.training.accelerator_reservation": ("AcceleratorReservation", "AcceleratorReservationArgs"),
    "groundplan.training.capacity": ("Quota",),
    "groundplan.training.cluster_arguments": ("TrainingClusterArgs",),
    "groundplan.training.job_defaults": ("JobDefaults",),
    "groundplan.training.node_pool": ("NodePool",),
    "groundplan.training.persistent_pool": ("PersistentPool", "ResourcePool"),
    "groundplan.training.pool_arguments": ("TrainingPoolArgs",),
    "groundplan.training.tpu_arguments": ("TpuSliceArgs",),
    "groundplan.training.tpu_reference": ("TpuSliceRef",),
    "groundplan.training.tpu_slice": ("TpuSlice",),
    "groundplan.training.training_cluster": ("TrainingCluster",),
    "groundplan.training.training_pool": ("TrainingPool",),
    "groundplan.workbench.colab_runtime": ("ColabRuntime", "ColabRuntimeArgs"),
    "groundplan.workbench.image": ("ContainerImage", "StockImage"),
    "groundplan.workbench.reference": ("WorkbenchRef",),
    "groundplan.workbench.runtime_reference": ("ColabRuntimeRef",),
    "groundplan.workbench.source_arguments": ("SourceConnectionArgs",),
    "groundplan.workbench.source_connection": ("SourceConnection",),
    "groundplan.workbench.source_hosts": ("GitHubSource", "GitLabSource", "HostedSource"),
    "groundplan.workbench.source_token": ("SourceToken",),
    "groundplan.workbench.startup_script": ("StartupScript",),
    "groundplan.workbench.workbench": ("Workbench", "WorkbenchArgs"),
    "groundplan.workbench.workbench_fleet": ("Member", "WorkbenchFleet", "WorkbenchFleetArgs"),
    "groundplan.features.feature_group": ("Feature", "FeatureGroup", "FeatureGroupArgs"),
    "groundplan.features.feature_view": ("FeatureView", "FeatureViewArgs", "GroupFeatures"),
    "groundplan.features.online_store": ("BigtableServing", "OnlineStore", "OnlineStoreArgs", "OptimizedServing"),
    "groundplan.features.source": ("FeatureSource",),
    "groundplan.features.vector_search": ("VectorSearch",),
    "groundplan.pipelines.arguments": ("PipelineEnvironmentArgs",),
    "groundplan.pipelines.pipeline_environment": ("PipelineEnvironment",),
    "groundplan.pipelines.pipeline_schedule": ("PipelineSchedule",),
}
_HOMES: Final = {name: module for module, names in _MODULES.items() for name in names}
__all__ = sorted(_HOMES)  # noqa: PLE0605 - a list, built from the one table


def __getattr__(name: str) -> object:
    """Load a public name from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
