"""A graph in which a resource stands alone, with its provider: all that the engine shows before it makes one."""

from typing import NoReturn

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.resource import Resource


class NeedsTheStackError(Exception):
    """A rule asked about other resources, which are not there before the whole stack is."""


class Alone(Graph):
    """Answers what a resource and its provider tell by themselves.

    Any other question goes through the document, which this graph has not got, and ends the check. So a verdict that
    was reached is the one that the whole stack gives.
    """

    def __init__(self, provider: Resource | None) -> None:  # the document is missing on purpose
        self._provider = provider

    def __getattr__(self, name: str) -> NoReturn:
        raise NeedsTheStackError(name)

    def provider(self, resource: Resource) -> Resource | None:
        """Give the provider. None is no answer here: nobody knows whether there will be one."""
        if self._provider is None or resource.provider_urn != self._provider.urn:
            raise NeedsTheStackError(resource.provider_urn)
        return self._provider
