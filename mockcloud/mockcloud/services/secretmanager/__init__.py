"""Secret Manager: secrets and their versions, global and regional.

Payloads are a small local simulation: they are kept in memory, not encrypted.
Behaviour as https://cloud.google.com/secret-manager/docs tells it (2026-11).
"""

from mockcloud.services.secretmanager import secrets, versions
from mockcloud.services.secretmanager.service import SERVICE

__all__ = ["SERVICE", "secrets", "versions"]
