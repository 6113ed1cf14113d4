"""Every door of one cloud, opened and closed together, with the files that programs need to come in."""

import shutil
import ssl
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Self

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.environment import DEFAULT_PROJECT, Doors
from mockcloud.doors.key import write_key, write_token
from mockcloud.doors.rest.server import Server, listen


class OpenDoors:
    """The doors of one cloud: REST with the console, gRPC without TLS, the HTTPS proxy, and the provider for Pulumi.

    REST answers first, since the others take longer to load.

    Args:
        cloud: The cloud.
        directory: Where the files go, in a directory inside it that is removed when the doors close: the key of an
            account, and the certificates that programs are to trust.
        host: Address to listen on.
        port: Port of REST; 0 for one that is free. The others take what is free.
        open_to_network: Whether another address than loopback may be given.
        real_delays: Whether a delay that a fault asks for is waited out.
        pass_through: Whether the proxy reaches hosts that are not Google's as themselves. Else it refuses them.

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
        pass_through: bool = False,
    ) -> None:
        self.server = Server(cloud, listen(host, port, open_to_network=open_to_network), real_delays=real_delays)
        self._open = ExitStack()
        self._files = directory / f"cloud-{self.server.port}"
        try:
            self.server.start()
            self._open.callback(self.server.stop)
            shutil.rmtree(self._files, ignore_errors=True)  # of a server that was killed
            self._files.mkdir(mode=0o700, parents=True)
            self._open.callback(shutil.rmtree, self._files, ignore_errors=True)
            self.doors = self._others(
                cloud, host, open_to_network=open_to_network, pass_through=pass_through, real_delays=real_delays
            )
        except BaseException:
            self.close()
            raise
        self.server.doors.update(asdict(self.doors))

    def _others(
        self, cloud: Cloud, host: str, *, open_to_network: bool, pass_through: bool, real_delays: bool
    ) -> Doors:
        from mockcloud.doors.grpc.server import serve_grpc
        from mockcloud.doors.proxy.server import serve_proxy
        from mockcloud.doors.pulumi.serving import ProviderDoor

        grpc = self._open.enter_context(serve_grpc(cloud, host, real_delays=real_delays))
        here = self.server.url.removeprefix("http://").rpartition(":")[0]
        proxy = self._open.enter_context(
            serve_proxy(
                cloud,
                host,
                ca_dir=self._files,
                grpc=(here.strip("[]"), grpc.port),
                passthrough=pass_through,
                open_to_network=open_to_network,
                real_delays=real_delays,
            )
        )
        provider = self._open.enter_context(
            ProviderDoor(cloud, project=DEFAULT_PROJECT, late=time.sleep if real_delays else None)
        )
        key, token, trusted = (self._files / each for each in ("key.json", "token", "trusted.pem"))
        write_key(key, self.server.url, DEFAULT_PROJECT)
        write_token(token)
        trusted.write_text(proxy.ca_path.read_text(encoding="utf-8") + _trusted_already(), encoding="utf-8")
        return Doors(
            url=self.server.url,
            grpc=f"{here}:{grpc.port}",
            proxy=f"http://{here}:{proxy.port}",
            authority=str(trusted),
            key=str(key),
            token=str(token),
            gcloud=str(self._files / "gcloud"),
            pulumi=f"gcp:{provider.port}",
        )

    def close(self) -> None:
        """Close them, and remove the files."""
        self._open.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _trusted_already() -> str:
    """Give the certificates that this machine trusts: a program's file replaces them, and may need them too."""
    path = Path(ssl.get_default_verify_paths().cafile or "-")  # a machine may have none
    return path.read_text(encoding="utf-8") if path.is_file() else ""
