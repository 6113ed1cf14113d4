"""GKE: clusters with their node pools, and operations of its own. No Kubernetes runs behind a cluster's address."""

from mockcloud.services.container import clusters, pools, updates
from mockcloud.services.container.service import SERVICE

__all__ = ["SERVICE", "clusters", "pools", "updates"]
