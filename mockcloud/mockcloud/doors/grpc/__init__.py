"""gRPC: Google's clients by the transport that they take by themselves.

A call is turned into the HTTP form of its method, and goes the way of every other call. `channel` and `aio` are for
clients in this process, `server` for those that connect.
"""
