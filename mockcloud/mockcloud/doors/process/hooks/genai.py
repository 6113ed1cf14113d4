"""google-genai: it tries again through tenacity, which it tells here how to wait."""

from mockcloud.doors.process.foreign import Foreign
from mockcloud.doors.process.hooks.waits import Asyncio, pause


def install(client: Foreign) -> None:
    """Hook `google.genai._api_client`."""
    client.tenacity = _Tenacity(client.tenacity)


class _Tenacity:
    """What the client has for `tenacity`.

    Args:
        real: The module.
    """

    def __init__(self, real: Foreign) -> None:
        self._real = real

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def Retrying(self, **settings: Foreign) -> Foreign:  # noqa: N802 - tenacity's name
        """Give what tries again."""
        return self._real.Retrying(**{"sleep": pause, **settings})

    def AsyncRetrying(self, **settings: Foreign) -> Foreign:  # noqa: N802 - tenacity's name
        """Give what tries again."""
        return self._real.AsyncRetrying(**{"sleep": Asyncio().sleep, **settings})
