"""What carries a provider's calls to a cloud of this process."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from mockcloud.cloud.callers import OWNER
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.credentials import TOKEN_PREFIX
from mockcloud.doors.process.far import send
from mockcloud.doors.wire import HttpRequest


@dataclass(frozen=True, slots=True)
class InProcess:
    """Calls a cloud of this process.

    Attributes:
        cloud: The cloud.
        token: Access token of the caller; "" for that of the cloud's owner.
        door: By which door the calls come, for the log.
        late: Waits out a delay, in seconds, that a fault asks for; None to let it pass in the cloud's time only.
    """

    cloud: Cloud
    token: str = ""
    door: str = "pulumi"
    late: Callable[[float], object] | None = None

    def send(
        self, verb: str, host: str, path: str, query: str, body: bytes, media: str = "application/json"
    ) -> tuple[int, bytes]:
        """Send a request."""
        headers = {"authorization": f"Bearer {self.token or TOKEN_PREFIX + OWNER.member}"}
        if body:
            headers["content-type"] = media
        self.cloud.faults.take_delay()  # of a call by another door, which asked for none
        response = send(self.cloud, HttpRequest(verb, host, path, query, headers, body, door=self.door))
        if self.late is not None and (seconds := self.cloud.faults.take_delay()):
            self.late(seconds)
        return response.status, response.body

    def wait(self, seconds: float) -> None:
        """Let the cloud's time pass."""
        self.cloud.advance(seconds)

    def now(self) -> datetime:
        """Give the cloud's time."""
        return self.cloud.clock.now
