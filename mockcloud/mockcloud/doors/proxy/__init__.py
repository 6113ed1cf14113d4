"""The mock cloud as an HTTPS proxy: clients that ask for Google's own hosts reach it, with nothing set but a proxy.

`serve_proxy` starts one. Clients need two settings: the proxy's address, and its certificate authority.
"""

from mockcloud.doors.proxy.server import Proxy, serve_proxy

__all__ = ["Proxy", "serve_proxy"]
