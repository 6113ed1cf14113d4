"""Resource Manager: organisations, folders, projects, tags, liens; and organisation policies by their older methods.

Behaviour as https://cloud.google.com/resource-manager/docs tells it (2026-11).
"""

from mockcloud.services.cloudresourcemanager import (
    bindings,
    folders,
    liens,
    org_policies,
    organisations,
    projects,
    search,
    tags,
)
from mockcloud.services.cloudresourcemanager.service import SERVICE

__all__ = ["SERVICE", "bindings", "folders", "liens", "org_policies", "organisations", "projects", "search", "tags"]
