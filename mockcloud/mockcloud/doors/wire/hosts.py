"""Hosts of Google that are no API of ours: what cannot be answered says so by name."""

import re
from functools import lru_cache
from typing import Final

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import not_modelled
from mockcloud.discovery.catalogue import api_of_host
from mockcloud.doors.wire.messages import HttpRequest, HttpResponse

GOOGLE: Final = re.compile(
    r"(?:.*\.)?(?:googleapis\.com|google\.com|pkg\.dev|gcr\.io|run\.app|cloudfunctions\.net|googleusercontent\.com"
    r"|vertexai\.goog|cloudproxy\.app|google\.internal|goog|gstatic\.com)"
)
"""Names of hosts that are Google's."""

_DATA: Final = re.compile(r"(?P<what>.*\.(?:pkg\.dev|run\.app|cloudfunctions\.net))")
"""Hosts of what users deploy: their paths are no methods of the API that made them."""
_SHARED: Final = frozenset({"www.googleapis.com", "content.googleapis.com", "content-googleapis.com"})


def host_answer(cloud: Cloud, request: HttpRequest) -> HttpResponse | None:
    """Refuse what was sent to a host of Google that is not served; None for one that is, or that says nothing.

    Raises:
        ApiError: 501, which names the host.
    """
    del cloud
    if request.host:
        why = _why_not(request.host.lower())
        if why:
            raise not_modelled(why)
    return None


@lru_cache(maxsize=1024)
def _why_not(host: str) -> str:
    if _DATA.fullmatch(host):
        return f"what runs or is kept at {host}: it has the control plane, not what is deployed by it"
    if host in _SHARED or api_of_host(host) is not None or GOOGLE.fullmatch(host) is None:
        return ""
    return f"the host {host}"
