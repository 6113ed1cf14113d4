"""The service by itself, to which the modules of this package add their methods."""

from typing import Final

from mockcloud.services.service import Service

API: Final = "monitoring"
SERVICE: Final = Service(API, modelled=False)
