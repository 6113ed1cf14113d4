"""HTTP as Google speaks it: from a request to a call of the cloud, and back. For every door that has HTTP.

A door gives verb, host, path, query, headers and body; how those came is its own affair.
"""

from mockcloud.doors.wire.front import answer
from mockcloud.doors.wire.messages import LARGEST, HttpRequest, HttpResponse, headers_of
from mockcloud.doors.wire.writing import refused

__all__ = ["LARGEST", "HttpRequest", "HttpResponse", "answer", "headers_of", "refused"]
