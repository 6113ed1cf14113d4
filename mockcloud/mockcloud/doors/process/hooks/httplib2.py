"""httplib2, with which googleapiclient calls."""

from mockcloud.doors.process.exchange import exchange
from mockcloud.doors.process.foreign import Foreign


def install(httplib2: Foreign) -> None:
    """Hook `httplib2`."""
    original = httplib2.Http.request

    def request(
        self: Foreign,
        uri: str,
        method: str = "GET",
        body: Foreign = None,
        headers: Foreign = None,
        *args: Foreign,
        **kwargs: Foreign,
    ) -> Foreign:
        answered = exchange(method, uri, headers or {}, body, patience=self.timeout)
        if answered is None:
            return original(self, uri, method, body, headers, *args, **kwargs)
        found = {name.lower(): value for name, value in answered.headers.items()}
        response = httplib2.Response({**found, "status": str(answered.status), "content-location": uri})
        response.status = answered.status
        return response, answered.body

    httplib2.Http.request = request
