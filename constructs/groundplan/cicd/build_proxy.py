"""What tells the steps of a build which way leads out of the network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pulumi

from groundplan.core.references import NetworkRef
from groundplan.network.google_domains import base_domains

_THIS_MACHINE: Final = ("localhost", "127.0.0.1", "169.254.169.254", "metadata.google.internal")
"""The worker itself, and the server that tells it which account it is."""


def proxy_variables(network: NetworkRef | None) -> Mapping[str, pulumi.Input[str]]:
    """Return the variables that tools read (git, curl, pip, uv and all that is written in Go or Python among them).

    Nothing where the network has no proxy. Google's own domains are reached directly, by their private addresses: the
    proxy lets nothing through that is not on its list.
    """
    if network is None or network.proxy_url is None:
        return {}
    return {"HTTPS_PROXY": network.proxy_url, "NO_PROXY": ",".join((*_THIS_MACHINE, *base_domains()))}
