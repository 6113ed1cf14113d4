"""Every door of one cloud, opened and closed together, with the files that programs need to come in."""

import shutil
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.environment import DEFAULT_PROJECT, Doors
from mockcloud.doors.key import write_key
from mockcloud.doors.rest.server import Server, listen


class OpenDoors:
    """The doors of one cloud: REST with the console.

    Args:
        cloud: The cloud.
        directory: Where the files go: the key of an account. A directory inside it, which is removed when they close.
        host: Address to listen on.
        port: Port of REST; 0 for one that is free. The others take what is free.
        open_to_network: Whether another address than loopback may be given.
        real_delays: Whether a delay that a fault asks for is waited out.

    Raises:
        CannotListen: The address cannot be had.
    """

    def __init__(
        self,
        cloud: Cloud,
        directory: Path,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        open_to_network: bool = False,
        real_delays: bool = False,
    ) -> None:
        self.server = Server(cloud, listen(host, port, open_to_network=open_to_network), real_delays=real_delays)
        self._files = directory / f"cloud-{self.server.port}"
        shutil.rmtree(self._files, ignore_errors=True)  # of a server that was killed
        self._files.mkdir(mode=0o700, parents=True)
        key = self._files / "key.json"
        write_key(key, self.server.url, DEFAULT_PROJECT)
        self.doors = Doors(url=self.server.url, key=str(key), gcloud=str(self._files / "gcloud"))
        self.server.doors.update(asdict(self.doors))
        self.server.start()

    def close(self) -> None:
        """Close them, and remove the files."""
        self.server.stop()
        shutil.rmtree(self._files, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()
