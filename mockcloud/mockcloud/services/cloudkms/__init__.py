"""Cloud KMS: rings, keys and versions that are never deleted; what is encrypted and signed with them is really so."""

from mockcloud.services.cloudkms import imports, keys, raw, settings, using, versions
from mockcloud.services.cloudkms.service import SERVICE

__all__ = ["SERVICE", "imports", "keys", "raw", "settings", "using", "versions"]
