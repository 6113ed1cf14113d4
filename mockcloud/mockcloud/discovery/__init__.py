"""Google's own descriptions of its APIs, read as routes and schemas.

The descriptions ship in google-api-python-client. Here they become `Method`s that a path finds, and `Schemas` that a
body is held to. Nothing in this room knows a cloud: no state, no clock, no caller.
"""
