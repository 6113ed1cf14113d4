"""The service by itself, to which the modules of this package add their methods."""

from typing import Final

from mockcloud.services.service import Service

API: Final = "secretmanager"
SERVICE: Final = Service(API, numbers=True)
COLLECTIONS: Final = ("projects.secrets", "projects.locations.secrets")
