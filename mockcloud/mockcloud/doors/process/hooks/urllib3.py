"""urllib3: every call goes through a pool of connections. `PrivateEndpoint` calls it."""

from io import BytesIO

from mockcloud.doors.process.exchange import exchange
from mockcloud.doors.process.foreign import Foreign


def install(connectionpool: Foreign) -> None:
    """Hook `urllib3.connectionpool`."""
    from urllib3.response import HTTPResponse

    original = connectionpool.HTTPConnectionPool.urlopen

    def urlopen(
        self: Foreign,
        method: str,
        url: str,
        body: Foreign = None,
        headers: Foreign = None,
        *args: Foreign,
        **kwargs: Foreign,
    ) -> Foreign:
        whole = url if "://" in url else f"{self.scheme}://{_bracketed(self.host)}:{self.port or ''}{url}"
        answered = exchange(method, whole, self.headers if headers is None else headers, body)
        if answered is None:
            return original(self, method, url, body, headers, *args, **kwargs)
        return HTTPResponse(
            BytesIO(answered.body),
            headers=answered.headers,
            status=answered.status,
            preload_content=kwargs.get("preload_content", True),
            decode_content=kwargs.get("decode_content", True),
            request_method=method,
            request_url=url,
        )

    connectionpool.HTTPConnectionPool.urlopen = urlopen


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
