"""Cloud Asset Inventory: everything that there is, and who may do what with it, over all services.

Behaviour as https://cloud.google.com/asset-inventory/docs tells it (2026-11). Exports and history are not
modelled.
"""

from mockcloud.services.cloudasset import analysis, feeds, search
from mockcloud.services.cloudasset.service import SERVICE

__all__ = ["SERVICE", "analysis", "feeds", "search"]
