"""Which property says what a workload runs as, for each type of workload. The paths are those of the provider."""

from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.paths import Path
from groundplan_policies.rules.identity.accounts import DedicatedAccount

ACCOUNTS: Final[Mapping[str, tuple[DedicatedAccount, ...]]] = {
    type_: tuple(DedicatedAccount(Path(path)) for path in paths)
    for type_, paths in {
        "workbench.Instance": ("gceSetup.serviceAccounts.email",),
        "dataflow.Job": ("serviceAccountEmail",),
        "dataflow.FlexTemplateJob": ("serviceAccountEmail",),
        "cloudbuild.Trigger": ("serviceAccount",),
        "dataflow.Pipeline": (
            "workload.dataflowFlexTemplateRequest.launchParameter.environment.serviceAccountEmail",
            "workload.dataflowLaunchTemplateRequest.launchParameters.environment.serviceAccountEmail",
            "schedulerServiceAccountEmail",
        ),
        "dataproc.Batch": ("environmentConfig.executionConfig.serviceAccount",),
        "dataproc.SessionTemplate": ("environmentConfig.executionConfig.serviceAccount",),
        "dataproc.WorkflowTemplate": ("placement.managedCluster.config.gceClusterConfig.serviceAccount",),
        "container.NodePool": ("nodeConfig.serviceAccount",),
        "tpu.V2Vm": ("serviceAccount.email",),
        "cloudrun.Service": ("template.spec.serviceAccountName",),
        "cloudrunv2.Service": ("template.serviceAccount",),
        "cloudrunv2.Job": ("template.template.serviceAccount",),
        "cloudrunv2.WorkerPool": ("template.serviceAccount",),
        "cloudfunctions.Function": ("serviceAccountEmail",),
        "cloudfunctionsv2.Function": ("serviceConfig.serviceAccountEmail", "buildConfig.serviceAccount"),
        "composer.Environment": ("config.nodeConfig.serviceAccount",),
        "compute.Instance": ("serviceAccount.email",),
        "compute.InstanceTemplate": ("serviceAccount.email",),
        "compute.RegionInstanceTemplate": ("serviceAccount.email",),
        "colab.NotebookExecution": ("serviceAccount",),
    }.items()
}
"""Short name of the type -> where it names the account that it runs as. Types with a second way to say it are apart."""

MACHINES: Final = DedicatedAccount(Path("clusterConfig.gceClusterConfig.serviceAccount"))
"""What the machines of a Dataproc cluster run as."""

AGENT: Final = DedicatedAccount(Path("spec.serviceAccount"))
AGENT_KIND: Final = Path("spec.identityType")
OWN_IDENTITY: Final = "AGENT_IDENTITY"
"""The kind of identity that an agent has for itself: Google makes it, and nothing else can use it."""

NODES: Final = DedicatedAccount(Path("nodeConfig.serviceAccount"))
POOL_NODES: Final = DedicatedAccount(Path("nodePools.nodeConfig.serviceAccount"))
NEW_NODES: Final = DedicatedAccount(Path("clusterAutoscaling.autoProvisioningDefaults.serviceAccount"))
"""What the nodes of a cluster run as: of its default pool, of the pools it lists, of those that it provisions."""
