"""A private Kubernetes cluster for training: GPU and TPU nodes that come and go, queues and policies as texts."""

from __future__ import annotations

from typing import Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core import providers
from groundplan.core.agents import service_agent
from groundplan.core.component import Component
from groundplan.core.encryption import key_in
from groundplan.core.environment import Project
from groundplan.core.grants import Grant, Target, grant
from groundplan.core.principals import Identity
from groundplan.core.references import AccountRef, ClusterRef, ExistingCluster
from groundplan.core.validation import Checks
from groundplan.security.capabilities import Capability
from groundplan.security.service_identity import ServiceIdentity, ServiceIdentityArgs
from groundplan.training import cluster_settings
from groundplan.training.cluster_arguments import SYSTEM, TrainingClusterArgs
from groundplan.training.manifests import Queued, manifests, storage
from groundplan.training.node_arguments import Nodes
from groundplan.training.node_pool import NodePool

_SERVICE: Final = "container.googleapis.com"
_COMPUTE: Final = "compute.googleapis.com"
# "Set up clusters with Shared VPC", Kubernetes Engine documentation, 2026-10.
_HOST_ROLE: Final = "roles/container.hostServiceAgentUser"
_NAME: Final = "[a-z]([a-z0-9-]{0,38}[a-z0-9])?"
_LOCATION: Final = "[a-z]+(?:-[a-z0-9]+)+"


class TrainingCluster(Component, ClusterRef):
    """A cluster of Kubernetes Engine without any public address, with node pools for accelerators.

    Children: ``cluster``; ``pool-system`` and ``pool-<name>`` for each node pool; ``<pool>-nodes`` (a
    ``ServiceIdentity``) for each pool that is given no account; and grants. ``manifests`` holds the Kubernetes objects
    that the cluster's own delivery applies.
    """

    kind = "groundplan:training:TrainingCluster"
    objectives = ("3.2.c", "3.2.d", "3.3.a", "3.3.b", "6.1.a")

    def __init__(self, name: str, args: TrainingClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the cluster; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.location = args.env.region
        self._key = key_in(args.chosen_key, self.location, self.where) if args.chosen_key else None
        pools = (args.system_pool, *args.node_pools)
        self.accounts: dict[str, AccountRef] = {pool.name: pool.account or self._account(pool) for pool in pools}
        granted = [resource for each in self._granted_first() for resource in each.resources]
        self.cluster = self._cluster(granted)
        self.cluster_name = self.cluster.name
        for pool in pools:
            self._pool(pool)
        self.manifests = self._manifests()
        self.finish(
            {
                "clusterName": self.cluster_name,
                "clusterId": self.cluster_id,
                "location": self.location,
                "workloadPool": self.workload_pool,
                "nodeAccounts": {pool: account.email for pool, account in self.accounts.items()},
                "manifests": self.manifests,
                "quotas": self._quotas(),
            }
        )

    def _manifests(self) -> dict[str, pulumi.Input[str]]:
        args = self.args
        texts: dict[str, pulumi.Input[str]] = {
            **manifests(
                args.env,
                namespaces=args.namespaces,
                pools=[Queued(pool=pool, cloud_name=self._pool_name(pool)) for pool in args.node_pools],
                google_apis_range=args.google_apis_range,
            )
        }
        if self._key is not None:
            machines = [pool.machine_type for pool in (args.system_pool, *args.node_pools)]
            # What the key is called is known once it is there.
            texts["storage.yaml"] = self._key.apply(lambda key: storage(key, machines))
        return texts

    @property
    def resources(self) -> tuple[pulumi.Resource, ...]:
        """What must be there before an account of the cluster can be given access: the first cluster of a project."""
        return (self.cluster,)

    def _account(self, pool: NodePool) -> ServiceIdentity:
        return ServiceIdentity(
            f"{self.label}-{pool.name}-nodes",
            ServiceIdentityArgs(
                env=self.env,
                purpose=f"Nodes of pool {pool.name} of cluster {self.label}",
                capabilities=(Capability.RUN_NODES,),
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _granted_first(self) -> list[Grant]:
        """Make the grants that must come before the cluster: keys, and what is used of other projects."""
        key, network = self.args.chosen_key, self.args.network
        made = [key.grant_agent(self.project, service) for service in (_SERVICE, _COMPUTE)] if key else []
        for account in self.accounts.values():
            # "Attach a service account of another project", Kubernetes Engine and Compute Engine documentation.
            if account.project.id != self.project.id:
                made.append(account.grant_act_as(service_agent(self.project, _SERVICE)))
                made.append(account.grant_impersonate(service_agent(self.project, _COMPUTE)))
        if network.project.id == self.project.id:
            return made
        agent = service_agent(self.project, _SERVICE)
        made += [network.grant_use(agent), network.grant_use(self._google_apis_agent())]
        target = Target(
            label=network.project.id.replace(":", "-"),
            project=network.project,
            parent=None,
            command="gcloud projects add-iam-policy-binding --condition=None",
            place=network.project.id,
            scope="project",
        )
        args = gcp.projects.IAMMemberArgs(project=network.project.id, role=_HOST_ROLE, member=agent.member)
        return [*made, grant(target, _HOST_ROLE, agent, gcp.projects.IAMMember, args)]

    def _google_apis_agent(self) -> Identity:
        """Return the agent that makes machines for managed groups, as node pools are."""
        number = providers.project_number(self.project)
        member = pulumi.Output.concat("serviceAccount:", number, "@cloudservices.gserviceaccount.com")
        return Identity(
            label=f"agent-cloudservices-{self.project.id}",
            member=f"serviceAccount:{number}@cloudservices.gserviceaccount.com" if isinstance(number, str) else member,
        )

    def _cluster(self, granted: list[pulumi.Resource]) -> gcp.container.Cluster:
        return self.make(
            "cluster",
            gcp.container.Cluster,
            cluster_settings.cluster(
                self.args,
                name=self.cloud_name("cluster"),
                account=self.accounts[SYSTEM],
                key=self._key,
                labels=self.labels(classification=self.args.data_class.value),
            ),
            depends_on=[*granted, *self._account_grants(SYSTEM)],
        )

    def _account_grants(self, pool: str) -> list[pulumi.Resource]:
        """Return what an own account of nodes needs first, without which nodes do not join."""
        account = self.accounts[pool]
        if not isinstance(account, ServiceIdentity):
            return []
        return [resource for each in account.capabilities for resource in each.resources]

    def _pool_name(self, pool: NodePool) -> str:
        return self.cloud_name("node_pool", pool.name, generation=True)

    def _pool(self, pool: NodePool) -> gcp.container.NodePool:
        nodes = Nodes(
            env=self.env,
            pool=pool,
            data_class=self.args.data_class,
            account=self.accounts[pool.name],
            key=self._key,
            labels=self.labels(classification=self.args.data_class.value),
        )
        queued = gcp.container.NodePoolQueuedProvisioningArgs(enabled=True) if pool.queued else None
        return self.make(
            f"pool-{pool.name}",
            gcp.container.NodePool,
            gcp.container.NodePoolArgs(
                project=self.project.id,
                location=self.location,
                cluster=self.cluster.name,
                name=self._pool_name(pool),
                node_locations=[*pool.chosen_zones(self.env)],
                initial_node_count=0 if pool.min_nodes == 0 else None,
                autoscaling=nodes.autoscaling(),
                management=nodes.management(),
                upgrade_settings=nodes.upgrades(),
                placement_policy=nodes.placement(),
                queued_provisioning=queued,
                network_config=gcp.container.NodePoolNetworkConfigArgs(enable_private_nodes=True),
                node_config=nodes.config(),
            ),
            depends_on=self._account_grants(pool.name),
        )

    def _quotas(self) -> dict[str, pulumi.Input[int]]:
        """Return the quotas that are looked up, by pool; one that is too small fails the run."""
        found = {
            pool.name: pool.demand(self.env).looked_up(self.project, _COMPUTE, self.where)
            for pool in self.args.node_pools
        }
        return {name: limit for name, limit in found.items() if limit is not None}

    @staticmethod
    def from_existing(cluster: str, *, project: Project, location: str, label: str | None = None) -> ClusterRef:
        """Return a cluster that was there before.

        ``cluster`` is its name, ``location`` its region or zone; ``project`` says whether grants are ours to make;
        ``label``, by default the name, is for the names of grants.
        """
        checks = Checks("TrainingCluster.from_existing")
        checks.matches(
            "cluster",
            cluster,
            _NAME,
            "a cluster's name, 1 to 40 lower-case letters, digits and hyphens",
            "leave out projects/… and everything before the last /",
        )
        checks.matches("location", location, _LOCATION, "a region or zone such as europe-west4", "name the location")
        checks.finish()
        return ExistingCluster(label=label or cluster, project=project, cluster_name=cluster, location=location)
