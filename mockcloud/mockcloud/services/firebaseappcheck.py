"""Firebase App Check: what apps have to prove, and which services ask for it. Nothing is proved."""

from typing import Final

from mockcloud.services.service import Service
from mockcloud.services.singletons import getter, updater

SERVICE: Final = Service("firebaseappcheck")
_SERVICES: Final = "projects.services"

# Every service has its settings, whether or not somebody changed them.
SERVICE.method(f"{_SERVICES}.get")(getter(lambda call: {"enforcementMode": "OFF"}))  # noqa: ARG005 - the same for all
SERVICE.method(f"{_SERVICES}.patch")(updater(lambda call: {"enforcementMode": "OFF"}))  # noqa: ARG005
SERVICE.collection(f"{_SERVICES}.resourcePolicies", orphans=True)
