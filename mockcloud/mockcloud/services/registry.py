"""The services by name."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from mockcloud.services.service import Service


@cache
def service(api: str) -> Service:
    """Give the service of an API; one that only knows the standard methods, where there is no module for it."""
    name = f"mockcloud.services.{api}"
    if find_spec(name) is None:
        return Service(api)
    found = import_module(name).SERVICE
    if not isinstance(found, Service):
        raise TypeError(f"{name}.SERVICE is no Service")
    return found
