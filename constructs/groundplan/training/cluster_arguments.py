"""What a ``TrainingCluster`` takes, and what is wrong with it."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

from groundplan.core.component import Args
from groundplan.core.data_class import DataClass
from groundplan.core.encryption import check_keys, chosen_key
from groundplan.core.references import AccountRef, KeyRef, KeyRingRef, NetworkRef
from groundplan.core.validation import Checks
from groundplan.training.node_pool import NodePool

SYSTEM: Final = "system"
"""Name of the pool that runs the cluster's own workloads."""
_SYSTEM_MACHINE: Final = "e2-standard-4"
_CONFIDENTIAL_MACHINE: Final = "n2d-standard-4"
_NAMESPACE: Final = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_RESERVED: Final = ("kube-", "gke-", "gmp-")
_GROUP: Final = r"gke-security-groups@[A-Za-z0-9.-]+"
# What a cluster has to have open for upgrades in 32 days: "Maintenance windows", Kubernetes Engine documentation.
_WINDOW: Final = r"FREQ=(?:DAILY|WEEKLY;BYDAY=(?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:MO|TU|WE|TH|FR|SA|SU)){1,6})"


@dataclass(frozen=True, kw_only=True)
class TrainingClusterArgs(Args):
    """What a ``TrainingCluster`` takes."""

    network: NetworkRef
    """The network of nodes, pods and services, ours or one that was there before, with ranges for pods and services."""
    node_pools: tuple[NodePool, ...]
    """Where jobs run. The cluster's own workloads have a pool beside them."""
    namespaces: tuple[str, ...] = ("training",)
    """Namespaces that jobs run in, each with a queue; in the manifests."""
    keys: KeyRingRef | None = None
    """Keys for secrets and disks, in the environment's region; required where the tier asks for keys of one's own."""
    key: KeyRef | None = None
    """One key, in place of one of ``keys``."""
    data_class: DataClass = DataClass.CONFIDENTIAL
    """How sensitive the training data is; chooses the key, and whether GPUs may be shared."""
    system_machine_type: str | None = None
    """Machine type of the cluster's own workloads; by default 4 vCPUs with 16 GB, confidential as the tier says."""
    system_account: AccountRef | None = None
    """The service account of those nodes; by default one of their own."""
    external_access: bool = False
    """Whether the control plane answers calls from outside the network. They still need IAM; nothing else keeps them
    out but a service perimeter."""
    security_group: str | None = None
    """Group whose member groups can be named in the cluster's roles, ``gke-security-groups@acme.test``."""
    maintenance: str = "FREQ=WEEKLY;BYDAY=SA,SU"
    """Days on which Google may upgrade, 00:00 to 06:00 UTC: ``FREQ=DAILY``, or two or more days of the week."""
    google_apis_range: str = "199.36.153.4/30"
    """Addresses of Google's APIs that pods may call; by default those of restricted.googleapis.com. Where the network
    has an endpoint of Private Service Connect for them, its address as a /32."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        self._check_network(checks)
        good = checks.instance("data_class", self.data_class, DataClass, "a DataClass, such as DataClass.CONFIDENTIAL")
        if good:
            check_keys(checks, self.env, self.data_class, self.keys, self.key)
        if self.system_account is not None:
            allowed = "a ServiceIdentity, or ServiceIdentity.from_existing(…)"
            checks.instance("system_account", self.system_account, AccountRef, allowed)
        if good:
            self._check_pools(checks)
        self._check_namespaces(checks)
        checks.matches(
            "maintenance",
            self.maintenance,
            _WINDOW,
            "FREQ=DAILY, or FREQ=WEEKLY;BYDAY= with two or more of MO, TU, WE, TH, FR, SA, SU",
            "Google refuses less than 48 hours in 32 days",
        )
        if self.security_group is not None:
            words = "gke-security-groups@ and your domain"
            checks.matches("security_group", self.security_group, _GROUP, words, "Google takes no other name")
        checks.that(
            _is_range(self.google_apis_range),
            "google_apis_range",
            "is no range of addresses",
            given=self.google_apis_range,
            allowed="an IPv4 range such as 199.36.153.4/30, of at most 8 addresses",
            do="write the endpoint's address as a /32",
        )

    def _check_network(self, checks: Checks) -> None:
        if not checks.instance("network", self.network, NetworkRef, "a Network, or Network.from_existing(…)"):
            return
        checks.that(
            self.network.pods_range and self.network.services_range,
            "network",
            "has no ranges for pods and services",
            given=f"pods_range {self.network.pods_range}, services_range {self.network.services_range}",
            allowed="a network with both",
            do="give the Network its pods and services ranges, or name them in from_existing",
        )
        checks.that(
            self.network.region == self.env.region,
            "network",
            "has its subnetwork in another region than the cluster",
            given=self.network.region,
            allowed=self.env.region,
            do="take a network of the environment's region",
        )

    def _check_pools(self, checks: Checks) -> None:
        checks.that(
            self.node_pools,
            "node_pools",
            "names no pool",
            given="nothing",
            allowed="at least one NodePool",
            do="say where jobs run",
        )
        for index, pool in enumerate(self.node_pools):
            if checks.instance(f"node_pools[{index}]", pool, NodePool, "a NodePool"):
                pool.check(checks, f"node_pools[{index}].", self.env, self.data_class)
        names = [str(pool.name) for pool in self.node_pools if isinstance(pool, NodePool)]
        checks.unique("node_pools", [*names, SYSTEM], "pool")
        faults = Checks("")
        self.system_pool.check(faults, "", self.env, self.data_class)
        if faults.problems:
            problem = faults.problems[0]
            checks.that(
                holds=False,
                field="system_machine_type",
                fault=problem.fault,
                given=problem.given,
                allowed=problem.allowed,
                do=problem.remedy,
            )

    def _check_namespaces(self, checks: Checks) -> None:
        for index, namespace in enumerate(self.namespaces):
            words = "1 to 63 lower-case letters, digits and hyphens, not beginning with kube-, gke- or gmp-"
            plain = isinstance(namespace, str) and re.fullmatch(_NAMESPACE, namespace) is not None
            checks.that(
                plain and not namespace.startswith(_RESERVED) and namespace != "default",
                f"namespaces[{index}]",
                "is no namespace for jobs",
                given=namespace,
                allowed=words,
                do="choose another name",
            )
        checks.unique("namespaces", map(str, self.namespaces), "namespace")
        checks.that(
            self.namespaces, "namespaces", "are missing", given="nothing", allowed="at least one", do="name one"
        )

    @property
    def system_pool(self) -> NodePool:
        """The pool of the cluster's own workloads."""
        confidential = self.env.defaults.node_confidential
        return NodePool(
            name=SYSTEM,
            machine_type=self.system_machine_type or (_CONFIDENTIAL_MACHINE if confidential else _SYSTEM_MACHINE),
            min_nodes=1,
            max_nodes=3,
            account=self.system_account,
        )

    @property
    def chosen_key(self) -> KeyRef | None:
        """The key of secrets and disks, or None where Google manages it."""
        return chosen_key(self.data_class, self.keys, self.key)


def _is_range(value: object) -> bool:
    try:
        network = ipaddress.IPv4Network(str(value))
    except ValueError:
        return False
    return "/" in str(value) and network.prefixlen >= 29  # noqa: PLR2004 - eight addresses
