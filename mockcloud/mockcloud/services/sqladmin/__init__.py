"""Cloud SQL's administration: instances, databases, users, certificates, backups. No database runs."""

from mockcloud.services.sqladmin import actions, certificates, contents, instances
from mockcloud.services.sqladmin.service import SERVICE

__all__ = ["SERVICE", "actions", "certificates", "contents", "instances"]
