"""The REST door: the mock cloud as an HTTP server."""
