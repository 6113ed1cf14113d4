"""The skeleton of every service: its collections, its methods, its events."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from mockcloud.cloud.call import Call
from mockcloud.cloud.cloud import Event, Handler
from mockcloud.cloud.errors import not_modelled
from mockcloud.cloud.store import Body
from mockcloud.cloud.streams import StreamHandler
from mockcloud.discovery.methods import Method
from mockcloud.services.collections import Collection

_DEFAULT = Collection()


@dataclass(frozen=True, slots=True)
class OperationForm:
    """What the operations of a service look like.

    Attributes:
        parent: Full name that precedes `/operations/` in a name as it is shown; "" for the location, "/" for nothing.
        metadata: What one says of itself, with its `@type`; None for nothing.
        ended: Path in the metadata of the moment when it ended, such as `endTime`; "" for none.
    """

    parent: str = ""
    metadata: Body | None = None
    ended: str = ""


_PLAIN = OperationForm()


class Service:
    """One API.

    Args:
        api: Its name.
        numbers: Whether it shows a project by its number in the names of resources.
        short_names: Whether the `name` of a resource is its last segment, as compute has it, not the full name.
        modelled: Whether standard methods work for collections that are not listed. Else they answer 501.
    """

    def __init__(self, api: str, *, numbers: bool = False, short_names: bool = False, modelled: bool = True) -> None:
        self.api = api
        self.numbers = numbers
        self.short_names = short_names
        self.modelled = modelled
        self._methods: dict[str, Handler] = {}
        self._collections: dict[str, Collection] = {}
        self._events: dict[str, Event] = {}
        self._streams: dict[str, StreamHandler] = {}
        self._prepare: Callable[[Call], None] | None = None
        self._form: Callable[[Call, str], OperationForm] | None = None

    def method(self, *ids: str, version: str = "") -> Callable[[Handler], Handler]:
        """Say what methods do, by their ids without the API's name: `projects.locations.models.upload`.

        Args:
            ids: The ids.
            version: The version of the API in which they do so, where another one has other methods of these ids.
        """

        def register(handler: Handler) -> Handler:
            for each in ids:
                self._methods[f"{version}:{each}" if version else each] = handler
            return handler

        return register

    def collection(self, *names: str, **hooks: Any) -> None:  # noqa: ANN401 - the fields of Collection, checked by it
        """Say how the resources of collections behave: `projects.locations.endpoints`, and fields of `Collection`."""
        for each in names:
            self._collections[each] = Collection(**hooks)

    def stream(self, *names: str) -> Callable[[StreamHandler], StreamHandler]:
        """Say what gRPC methods do that stay open, by service and method without the package.

        `@SERVICE.stream("Subscriber.StreamingPull")` stands over a generator: it takes a `Stream`, reads requests from
        it and yields answers, both in the API's representation. A method that answers one request with many answers and
        has an HTTP form needs none: its handler gives an `Answer` with `stream`.
        """

        def register(handler: StreamHandler) -> StreamHandler:
            for each in names:
                self._streams[each] = handler
            return handler

        return register

    def stream_handler(self, name: str) -> StreamHandler | None:
        """Give what a gRPC method does that stays open; None where it is not modelled."""
        return self._streams.get(name)

    def on_event(self, name: str) -> Callable[[Event], Event]:
        """Say what happens by itself."""

        def register(event: Event) -> Event:
            self._events[name] = event
            return event

        return register

    def preparation(self, prepare: Callable[[Call], None]) -> Callable[[Call], None]:
        """Say how the service reads names and bodies before the rules."""
        self._prepare = prepare
        return prepare

    def prepare(self, call: Call) -> None:
        """Read the call's name and body as this service has them."""
        if self._prepare is not None:
            self._prepare(call)

    def hold_offers(self, call: Call) -> None:
        """Hold places and machines of a call to what Google has."""
        from mockcloud.services.offers import hold

        hold(call)

    def operation_form(self, form: Callable[[Call, str], OperationForm]) -> Callable[[Call, str], OperationForm]:
        """Say what operations look like: from what starts one and the full name of what it is about."""
        self._form = form
        return form

    def form(self, call: Call, about: str) -> OperationForm:
        """Give what an operation looks like."""
        return self._form(call, about) if self._form else _PLAIN

    def behaviour(self, collection: str) -> Collection:
        """Give how the resources of a collection behave."""
        return self._collections.get(collection, _DEFAULT)

    def handler(self, call: Call) -> Handler | None:
        """Give what a method does; None where it is not modelled."""
        return self._by_hand(call.method) or self.usual(call.method)

    def _by_hand(self, method: Method) -> Handler | None:
        return self._methods.get(f"{method.version}:{method.id}") or self._methods.get(method.id)

    def usual(self, method: Method) -> Handler | None:
        """Give what a method does that does what methods of its name always do; None for another one."""
        found = _everywhere(method)
        if found is None and (self.modelled or method.collection in self._collections):
            found = _standard(method)
        return found

    def event(self, name: str) -> Event:
        """Give one of its events; those of operations belong to every service."""
        from mockcloud.services.operations import EVENTS

        found = self._events.get(name) or EVENTS.get(name)
        if found is None:
            raise not_modelled(f"the event {name} of {self.api}")
        return found

    def how(self, method: Method) -> str:
        """Say how a method is modelled: `by hand`, `standard`, or "" where it answers 501."""
        if self._by_hand(method) is not None:
            return "by hand"
        return "standard" if self.usual(method) is not None else ""


@cache
def _everywhere(method: Method) -> Handler | None:
    """Give what a method on operations or places does, which every service has."""
    from mockcloud.services.locations import handler as of_locations
    from mockcloud.services.operations import handler as of_operations

    return of_operations(method) or of_locations(method)


@cache
def _standard(method: Method) -> Handler | None:
    """Give what a method does that is called as a standard one."""
    from mockcloud.services.singletons import handler as of_settings
    from mockcloud.services.standard import handler as standard

    return of_settings(method) or standard(method)
