"""Where resources name the key that encrypts their data: type and property, a table for each control."""

from collections.abc import Mapping
from typing import Final

BUCKETS: Final = {"storage.Bucket": "encryption.defaultKmsKeyName"}

DATASET_KEY: Final = "defaultEncryptionConfiguration.kmsKeyName"
TABLE_KEY: Final = "encryptionConfiguration.kmsKeyName"

MODELS: Final = dict.fromkeys(
    (
        "vertex.AiEndpoint",
        "vertex.AiDataset",
        "vertex.AiFeatureOnlineStore",
        "vertex.AiFeatureStore",
        "vertex.AiIndex",
        "vertex.AiIndexEndpoint",
        "vertex.AiMetadataStore",
        "vertex.AiTensorboard",
        "vertex.AiPersistentResource",
        "vertex.AiReasoningEngine",
        "vertex.AiRagCorpus",
        "vertex.AiEvaluationMetric",
    ),
    "encryptionSpec.kmsKeyName",
)

NOTEBOOK_DISKS: Final = ("gceSetup.bootDisk", "gceSetup.dataDisks")
RUNTIMES: Final = {"colab.RuntimeTemplate": "encryptionSpec.kmsKeyName"}

MESSAGES: Final = {"pubsub.Topic": "kmsKeyName"}
REPOSITORIES: Final = {"artifactregistry.Repository": "kmsKeyName", "dataform.Repository": "kmsKeyName"}

PROCESSING: Final = {
    "dataflow.Job": "kmsKeyName",
    "dataflow.FlexTemplateJob": "kmsKeyName",
    "dataproc.Cluster": "clusterConfig.encryptionConfig.kmsKeyName",
    "dataproc.Batch": "environmentConfig.executionConfig.kmsKey",
    "dataproc.SessionTemplate": "environmentConfig.executionConfig.kmsKey",
    "dataproc.WorkflowTemplate": "placement.managedCluster.config.encryptionConfig.gcePdKmsKeyName",
    "dataproc.MetastoreService": "encryptionConfig.kmsKey",
    "composer.Environment": "config.encryptionConfig.kmsKeyName",
}

AUTOMATIC_SECRET: Final = "replication.auto.customerManagedEncryption.kmsKeyName"  # noqa: S105 - a property path
REPLICAS: Final = "replication.userManaged.replicas"
REPLICA_KEY: Final = "customerManagedEncryption.kmsKeyName"
REPLICATED_SECRET: Final = f"{REPLICAS}.{REPLICA_KEY}"
REGIONAL_SECRETS: Final = {"secretmanager.RegionalSecret": "customerManagedEncryption.kmsKeyName"}
LOGS: Final = dict.fromkeys(
    (
        "logging.ProjectBucketConfig",
        "logging.FolderBucketConfig",
        "logging.OrganizationBucketConfig",
        "logging.BillingAccountBucketConfig",
    ),
    "cmekSettings.kmsKeyName",
)

CLUSTER_SECRETS: Final = "databaseEncryption.keyName"
NODE_DISK: Final = "nodeConfig.bootDiskKmsKey"

SPANNER_KEYS: Final = ("encryptionConfig.kmsKeyName", "encryptionConfig.kmsKeyNames")
MACHINE_DISK: Final = "bootDisk.kmsKeySelfLink"
DATABASES: Final = {
    "sql.DatabaseInstance": "encryptionKeyName",
    "bigtable.Instance": "clusters.kmsKeyName",
    "alloydb.Cluster": "encryptionConfig.kmsKeyName",
    "firestore.Database": "cmekConfig.kmsKeyName",
    "filestore.Instance": "kmsKeyName",
    "redis.Instance": "customerManagedKey",
    "redis.Cluster": "kmsKey",
    "memorystore.Instance": "kmsKey",
    "cloudrunv2.Service": "template.encryptionKey",
    "cloudrunv2.Job": "template.template.encryptionKey",
    "cloudrunv2.WorkerPool": "template.encryptionKey",
    "cloudfunctions.Function": "kmsKeyName",
    "cloudfunctionsv2.Function": "kmsKeyName",
    "compute.Disk": "diskEncryptionKey.kmsKeySelfLink",
    "compute.RegionDisk": "diskEncryptionKey.kmsKeyName",
    "discoveryengine.DataStore": "kmsKeyName",
    "healthcare.Dataset": "encryptionSpec.kmsKeyName",
    "bigquery.Connection": "kmsKeyName",
    "gkebackup.BackupPlan": "backupConfig.encryptionKey.gcpKmsEncryptionKey",
}
"""Databases, search, serverless computing, and disks of machines."""

SINGLE: Final[Mapping[str, str]] = {
    **BUCKETS,
    "bigquery.Dataset": DATASET_KEY,
    "bigquery.Table": TABLE_KEY,
    **MODELS,
    **RUNTIMES,
    **REPOSITORIES,
    **PROCESSING,
    **REGIONAL_SECRETS,
    **LOGS,
    "container.NodePool": NODE_DISK,
    **DATABASES,
    "compute.Instance": MACHINE_DISK,
}
"""The types that name one key and are in one place; messages are in as many as DAT-04 lets them be."""

SEVERAL: Final[Mapping[str, tuple[str, ...]]] = {
    "workbench.Instance": tuple(f"{disk}.kmsKey" for disk in NOTEBOOK_DISKS),
    "container.Cluster": (CLUSTER_SECRETS, NODE_DISK),
}
"""The types that name several keys and are in one place."""
