"""A language plugin that says nothing: the engine asks for one when it imports, though it runs no program then."""

import os
import shlex
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

NAME: Final = "pulumi-language-python"
_LOCAL: Final = "127.0.0.1:0"


@contextmanager
def with_language() -> Iterator[dict[str, str]]:
    """Give the variables with which the engine finds this plugin.

    An installed one would list the packages of the environment by `pip`, which not every environment has.
    """
    with tempfile.TemporaryDirectory(prefix="groundplan-") as directory:
        plugin = Path(directory) / NAME
        words = shlex.join([sys.executable, "-P", "-m", __name__])
        plugin.write_text(f"#!/bin/sh\nexec {words}\n", encoding="utf-8")
        plugin.chmod(0o700)
        yield {"PATH": f"{directory}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def _main() -> None:
    import grpc
    from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

    class Language(language_pb2_grpc.LanguageRuntimeServicer):
        """Answers that a program needs no plugins."""

        def GetPluginInfo(self, *_: object) -> plugin_pb2.PluginInfo:  # noqa: N802 - gRPC's name
            return plugin_pb2.PluginInfo(version="0.0.0")

        def GetRequiredPackages(self, *_: object) -> language_pb2.GetRequiredPackagesResponse:  # noqa: N802 - as above
            return language_pb2.GetRequiredPackagesResponse()

        def GetRequiredPlugins(self, *_: object) -> language_pb2.GetRequiredPluginsResponse:  # noqa: N802 - as above
            return language_pb2.GetRequiredPluginsResponse()

    server = grpc.server(ThreadPoolExecutor(2))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(Language(), server)
    print(server.add_insecure_port(_LOCAL), flush=True)  # noqa: T201 - how a plugin says its port
    server.start()
    with suppress(KeyboardInterrupt):
        server.wait_for_termination()  # the engine ends it


if __name__ == "__main__":
    _main()
